import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { resourcesOfType } from '@tenantry/local/program/graph';
import { rootClient } from '../../support/rows.ts';

/** Everything that is stored, by where it lies: `<table> <pk> <sk>`, `<bucket> <key>`, `settings of <table>`, `messages of <queue>`. */
export type Picture = ReadonlyMap<string, string>;

/** A picture of all tables, those of silos as well, and of all buckets and queues. */
export async function pictureOf(cloud: LocalCloud): Promise<Picture> {
  const options = { endpoint: cloud.urls.aws, region: 'us-east-1', credentials: cloud.rootCredentials };
  const seen = new Map<string, string>();
  const client = rootClient(cloud);
  for (const { name } of await cloud.dynamodb.tables()) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    const { ItemCount: _, TableSizeBytes: __, GlobalSecondaryIndexes: ___, ...settings } = Table ?? {};
    seen.set(`settings of ${name}`, JSON.stringify(settings));
    for await (const { Items = [] } of paginateScan({ client }, { TableName: name })) {
      for (const row of Items) seen.set(`${name} ${row.pk} ${row.sk}`, JSON.stringify(row));
    }
  }
  client.destroy();
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  for (const { id } of resourcesOfType(cloud.graph, 'aws:s3/bucket:Bucket')) {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: id })) {
      for (const { Key, ETag } of Contents) seen.set(`${id} ${Key}`, String(ETag));
    }
  }
  s3.destroy();
  const sqs = new SQSClient(options);
  for (const { name, id } of resourcesOfType(cloud.graph, 'aws:sqs/queue:Queue')) {
    const QueueUrl = id.replace(/^https:\/\/[^/]+/, cloud.urls.aws);
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    seen.set(`messages of ${name}`, JSON.stringify(Attributes));
  }
  sqs.destroy();
  return seen;
}

/** Where the two differ. */
export const changes = (before: Picture, after: Picture): readonly string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((place) => before.get(place) !== after.get(place));
