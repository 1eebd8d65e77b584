import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ListTagsOfResourceCommand,
  paginateListTables,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

let harness: Harness;
let client: DynamoDBClient;

beforeEach(async () => {
  harness = await startHarness();
  client = harness.client;
});
afterEach(() => harness.close());

const create = (TableName: string, more = {}) =>
  client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      ...more,
    }),
  );

describe('tables', () => {
  test('are created, waited for, described, listed in pages and deleted by an SDK client', async () => {
    for (const name of ['bbb', 'aaa', 'ccc']) await create(name);
    await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 5 }, { TableName: 'aaa' });
    const names: string[] = [];
    for await (const page of paginateListTables({ client, pageSize: 2 }, {})) names.push(...(page.TableNames ?? []));
    expect(names).toEqual(['aaa', 'bbb', 'ccc']);
    await expect(create('aaa')).rejects.toMatchObject({ name: 'ResourceInUseException' });
    await client.send(new DeleteTableCommand({ TableName: 'aaa' }));
    await expect(client.send(new DescribeTableCommand({ TableName: 'aaa' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('that come back under the same name do not have the old items', async () => {
    await create('aaa');
    await harness.call('DynamoDB_20120810.PutItem', { TableName: 'aaa', Item: { id: { S: 'x' } } });
    await client.send(new DeleteTableCommand({ TableName: 'aaa' }));
    const database = new DatabaseSync(join(harness.dir, 'dynamodb.db'), { readOnly: true });
    expect(database.prepare('SELECT COUNT(*) AS left_over FROM items').get()).toEqual({ left_over: 0 });
    database.close();
    await create('aaa');
    expect(await harness.engine.items('aaa', 10)).toEqual([]);
  });

  test('under deletion protection stay', async () => {
    await create('aaa', { DeletionProtectionEnabled: true });
    await expect(client.send(new DeleteTableCommand({ TableName: 'aaa' }))).rejects.toThrow(
      'protected against deletion',
    );
  });

  test('refuse definitions that do not hold together', async () => {
    const definition = (name: string, type = 'S') => ({ AttributeName: name, AttributeType: type });
    await expect(create('aaa', { AttributeDefinitions: [definition('other')] })).rejects.toThrow(
      'Some index key attributes are not defined in AttributeDefinitions',
    );
    await expect(create('aaa', { AttributeDefinitions: [definition('id'), definition('more')] })).rejects.toThrow(
      'Number of attributes in KeySchema does not exactly match',
    );
    await expect(create('a')).rejects.toThrow('Member must have length greater than or equal to 3');
    await expect(create('aaa', { BillingMode: 'PROVISIONED' })).rejects.toThrow('ReadCapacityUnits');
    expect(await harness.engine.tables()).toEqual([]);
  });

  test('take a new global index with the items that are there already', async () => {
    await create('aaa');
    await harness.call('DynamoDB_20120810.PutItem', { TableName: 'aaa', Item: { id: { S: 'x' }, g: { S: 'y' } } });
    await client.send(
      new UpdateTableCommand({
        TableName: 'aaa',
        AttributeDefinitions: [{ AttributeName: 'g', AttributeType: 'S' }],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: 'byG',
              KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'KEYS_ONLY' },
            },
          },
        ],
      }),
    );
    expect(await harness.call('DynamoDB_20120810.Scan', { TableName: 'aaa', IndexName: 'byG' })).toMatchObject({
      Count: 1,
    });
  });

  test('keep tags and the setting of their backups', async () => {
    const { TableDescription } = await create('aaa', { Tags: [{ Key: 'a', Value: '1' }] });
    const ResourceArn = TableDescription?.TableArn;
    await client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'b', Value: '2' }] }));
    expect((await client.send(new ListTagsOfResourceCommand({ ResourceArn }))).Tags).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ]);
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName: 'aaa',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    const { ContinuousBackupsDescription } = await client.send(
      new DescribeContinuousBackupsCommand({ TableName: 'aaa' }),
    );
    expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe('ENABLED');
  });
});

describe('a declared table', () => {
  const spec = { tableName: 'Declared', attributes: { id: 'S', g: 'S' }, keySchema: { hash: 'id' } } as const;
  const byG = { indexName: 'byG', keySchema: { hash: 'g' } };

  test('is brought into line when its declaration changes, and keeps its items and its stream', async () => {
    const attributes = { id: 'S' } as const;
    const first = await harness.engine.ensureTable({ ...spec, attributes, streamViewType: 'NEW_IMAGE' });
    await harness.call('DynamoDB_20120810.PutItem', { TableName: 'Declared', Item: { id: { S: 'x' }, g: { S: 'y' } } });
    const second = await harness.engine.ensureTable({
      ...spec,
      gsis: [byG],
      streamViewType: 'NEW_IMAGE',
      ttlAttribute: 'until',
      pitr: true,
    });
    expect(second).toEqual(first);
    expect(await harness.call('DynamoDB_20120810.Scan', { TableName: 'Declared', IndexName: 'byG' })).toMatchObject({
      Count: 1,
    });
    const third = await harness.engine.ensureTable({ ...spec, attributes });
    expect(third).toEqual({ arn: first.arn });
    expect(await harness.engine.tables()).toMatchObject([{ name: 'Declared', itemCount: 1, indexes: [] }]);
  });

  test('that was deleted and is declared again has its fixed stream again, without the old records', async () => {
    const streaming = { ...spec, attributes: { id: 'S' }, streamViewType: 'KEYS_ONLY', streamLabel: 'fixed' } as const;
    const { streamArn: StreamArn } = await harness.engine.ensureTable(streaming);
    await harness.call('DynamoDB_20120810.PutItem', { TableName: 'Declared', Item: { id: { S: 'x' } } });
    await client.send(new DeleteTableCommand({ TableName: 'Declared' }));
    expect(await harness.engine.ensureTable(streaming)).toMatchObject({ streamArn: StreamArn });
    const { StreamDescription } = await harness.call('DynamoDBStreams_20120810.DescribeStream', { StreamArn });
    expect(StreamDescription).toMatchObject({ StreamStatus: 'ENABLED' });
    const { Shards } = StreamDescription as { Shards: { ShardId: string }[] };
    const { ShardIterator } = await harness.call('DynamoDBStreams_20120810.GetShardIterator', {
      StreamArn,
      ShardId: Shards[0]?.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    expect(await harness.call('DynamoDBStreams_20120810.GetRecords', { ShardIterator })).toMatchObject({ Records: [] });
  });

  test('gets the stream ARN that it declares, also where the stream had another, or another view', async () => {
    const attributes = { id: 'S' } as const;
    await harness.engine.ensureTable({ ...spec, attributes, streamViewType: 'NEW_IMAGE' });
    for (const streamViewType of ['NEW_IMAGE', 'KEYS_ONLY'] as const) {
      const { streamArn } = await harness.engine.ensureTable({
        ...spec,
        attributes,
        streamViewType,
        streamLabel: 'fixed',
      });
      expect(streamArn).toBe('arn:aws:dynamodb:us-east-1:000000000000:table/Declared/stream/fixed');
    }
  });

  test('with another key than the table that exists is an error, and the table stays', async () => {
    await harness.engine.ensureTable({ ...spec, gsis: [byG] });
    await expect(
      harness.engine.ensureTable({ tableName: 'Declared', attributes: { id: 'N' }, keySchema: { hash: 'id' } }),
    ).rejects.toThrow('exists with another key');
    expect(await harness.engine.tables()).toMatchObject([{ name: 'Declared', indexes: ['byG'] }]);
  });
});
