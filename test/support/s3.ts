import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { resourceNamed } from '@tenantry/local/program/graph';

/** A client with the account's own credentials: for looking at what the system under test did, never for the system. */
export const rootS3 = ({ urls, rootCredentials }: LocalCloud): S3Client =>
  new S3Client({ endpoint: urls.aws, region: 'us-east-1', credentials: rootCredentials, forcePathStyle: true });

/** The physical name of a bucket of the program, such as `Models`. */
export const bucketName = ({ graph }: LocalCloud, name: string): string =>
  resourceNamed(graph, 'aws:s3/bucket:Bucket', `${name}Bucket`).id;

/** The objects of a bucket below a prefix, by their keys, with what tells that one has changed. */
export async function objectsBelow(
  cloud: LocalCloud,
  bucket: string,
  prefix: string,
): Promise<ReadonlyMap<string, string>> {
  const client = rootS3(cloud);
  const found = new Map<string, string>();
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client },
    { Bucket: bucketName(cloud, bucket), Prefix: prefix },
  )) {
    for (const { Key = '', ETag, LastModified } of Contents) found.set(Key, `${ETag} ${LastModified?.toISOString()}`);
  }
  client.destroy();
  return found;
}
