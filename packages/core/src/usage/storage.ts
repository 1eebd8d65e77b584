import { DescribeTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { Table } from '../control/table.ts';

/** Objects of a tenant below a prefix. */
export interface ObjectFolder {
  readonly client: S3Client;
  readonly bucket: string;
  readonly prefix: string;
}

const HOURS_A_DAY = 24;
const BYTES_A_GB = 1_000_000_000;
const STEPS_A_GB_HOUR = 1000;

/** Steps of `storage_gb_hours` for a day on which so many bytes lay there. */
export const storageSteps = (bytes: number): number => Math.round((bytes * HOURS_A_DAY * STEPS_A_GB_HOUR) / BYTES_A_GB);

/** Bytes of all objects in the folders, page by page. */
export async function bytesOfObjects(folders: readonly ObjectFolder[]): Promise<number> {
  let bytes = 0;
  for (const { client, bucket, prefix } of folders) {
    let token: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
      );
      for (const { Size = 0 } of page.Contents ?? []) bytes += Size;
      token = page.NextContinuationToken;
    } while (token);
  }
  return bytes;
}

/** Bytes of a table as DynamoDB last counted them, which it does every six hours; 0 for a table that is not there. */
export async function bytesOfTable(table: Table): Promise<number> {
  try {
    const { Table: description } = await table.client.send(new DescribeTableCommand({ TableName: table.name }));
    return description?.TableSizeBytes ?? 0;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return 0;
    throw error;
  }
}
