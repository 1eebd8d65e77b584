import { DynamoDBClient, ListTablesCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, NoSuchKey, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { resourcesOfType } from '@tenantry/local/program/graph';
import { rootS3 } from './s3.ts';

/** Every row and every object of the whole cloud with all that is in it, by where it lies, without knowing how the system lays out its data. */
export async function everything(cloud: LocalCloud): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const dynamo = new DynamoDBClient({
    endpoint: cloud.urls.aws,
    region: 'us-east-1',
    credentials: cloud.rootCredentials,
  });
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand({}));
  for (const TableName of TableNames) {
    for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName })) {
      for (const item of Items) found.set(`row ${TableName} ${item.pk?.S} ${item.sk?.S}`, JSON.stringify(item));
    }
  }
  dynamo.destroy();
  const s3 = rootS3(cloud);
  for (const { id: Bucket } of resourcesOfType(cloud.graph, 'aws:s3/bucket:Bucket')) {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
      for (const { Key = '' } of Contents) {
        const bytes = await bytesOf(s3, Bucket, Key);
        if (bytes) found.set(`object ${Bucket} ${Key}`, Buffer.from(bytes).toString('latin1'));
      }
    }
  }
  s3.destroy();
  return found;
}

/** What is in an object; undefined when it was deleted since it was listed, as reports of trainings are. */
async function bytesOf(s3: S3Client, Bucket: string, Key: string): Promise<Uint8Array | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return Body ? await Body.transformToByteArray() : new Uint8Array();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
