import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

const HOUR_MS = 60 * 60 * 1_000;
const START = Date.parse('2030-01-01T00:00:00Z');
const TableName = 'Log';
const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/Log/stream/first';
let harness: Harness;
let time = START;

beforeEach(async () => {
  time = START;
  harness = await startHarness({ now: () => time });
  await harness.engine.ensureTable({
    tableName: TableName,
    attributes: { id: 'S' },
    keySchema: { hash: 'id' },
    streamViewType: 'NEW_AND_OLD_IMAGES',
    streamLabel: 'first',
    ttlAttribute: 'until',
  });
});
afterEach(() => harness.close());

const data = (operation: string, body: object) =>
  harness.call(`DynamoDB_20120810.${operation}`, { TableName, ...body });
const stream = (operation: string, body: object) => harness.call(`DynamoDBStreams_20120810.${operation}`, body);
const put = (id: string, more = {}) => data('PutItem', { Item: { id: { S: id }, ...more } });

async function iterator(type: string, more = {}): Promise<string> {
  const { StreamDescription } = (await stream('DescribeStream', { StreamArn: ARN })) as {
    StreamDescription: { Shards: { ShardId: string }[] };
  };
  const { ShardIterator } = await stream('GetShardIterator', {
    StreamArn: ARN,
    ShardId: StreamDescription.Shards[0]?.ShardId,
    ShardIteratorType: type,
    ...more,
  });
  return String(ShardIterator);
}

interface StreamRecord {
  readonly eventName: string;
  readonly userIdentity?: object;
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly Keys: object;
    readonly OldImage?: object;
    readonly NewImage?: object;
  };
}

const read = async (ShardIterator: string, more = {}) =>
  (await stream('GetRecords', { ShardIterator, ...more })) as { Records: StreamRecord[]; NextShardIterator?: string };

describe('a stream', () => {
  test('has one record for each change, in order, and none for a write that changes nothing', async () => {
    await put('a');
    await put('a', { v: { SS: ['x', 'y'] } });
    await put('a', { v: { SS: ['y', 'x'] } });
    await data('DeleteItem', { Key: { id: { S: 'a' } } });
    await data('DeleteItem', { Key: { id: { S: 'a' } } });
    const { Records } = await read(await iterator('TRIM_HORIZON'));
    expect(Records.map(({ eventName, dynamodb }) => [eventName, dynamodb.OldImage, dynamodb.NewImage])).toEqual([
      ['INSERT', undefined, { id: { S: 'a' } }],
      ['MODIFY', { id: { S: 'a' } }, { id: { S: 'a' }, v: { SS: ['x', 'y'] } }],
      ['REMOVE', { id: { S: 'a' }, v: { SS: ['x', 'y'] } }, undefined],
    ]);
    const numbers = Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    expect(numbers).toEqual(numbers.toSorted());
  });

  test('is read on from where a reader stopped, from the end, and from a sequence number', async () => {
    for (const id of ['a', 'b', 'c']) await put(id);
    const latest = await iterator('LATEST');
    const first = await read(await iterator('TRIM_HORIZON'), { Limit: 2 });
    const second = await read(first.NextShardIterator ?? '');
    await put('d');
    const ids = (page: { Records: StreamRecord[] }) => page.Records.map(({ dynamodb }) => dynamodb.Keys);
    expect([ids(first).length, ids(second)]).toEqual([2, [{ id: { S: 'c' } }]]);
    expect(ids(await read(second.NextShardIterator ?? ''))).toEqual([{ id: { S: 'd' } }]);
    expect(ids(await read(latest))).toEqual([{ id: { S: 'd' } }]);
    const SequenceNumber = first.Records[1]?.dynamodb.SequenceNumber;
    expect(ids(await read(await iterator('AT_SEQUENCE_NUMBER', { SequenceNumber })))).toHaveLength(3);
    expect(ids(await read(await iterator('AFTER_SEQUENCE_NUMBER', { SequenceNumber })))).toHaveLength(2);
  });

  test('keeps records for 24 hours and says so of older ones', async () => {
    await put('a');
    const old = (await read(await iterator('TRIM_HORIZON'))).Records[0]?.dynamodb.SequenceNumber;
    time += 24 * HOUR_MS;
    await put('b');
    expect((await read(await iterator('TRIM_HORIZON'))).Records).toHaveLength(1);
    await harness.engine.sweep();
    expect((await read(await iterator('TRIM_HORIZON'))).Records).toHaveLength(1);
    await expect(iterator('AFTER_SEQUENCE_NUMBER', { SequenceNumber: old })).rejects.toMatchObject({
      name: 'TrimmedDataAccessException',
    });
  });

  test('refuses an iterator after 15 minutes and one that is made up', async () => {
    const early = await iterator('LATEST');
    time += 15 * 60 * 1_000 + 1;
    await expect(read(early)).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
    await expect(read('made up')).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('that is switched off ends, and another one begins', async () => {
    await put('a');
    await data('UpdateTable', { StreamSpecification: { StreamEnabled: false } });
    await put('b');
    const page = await read(await iterator('TRIM_HORIZON'));
    expect([page.Records.length, page.NextShardIterator]).toEqual([1, undefined]);
    time += 1_000;
    await data('UpdateTable', { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } });
    const { Streams } = await stream('ListStreams', { TableName });
    expect(Streams).toHaveLength(2);
    await put('c');
    expect((await read(await iterator('TRIM_HORIZON'))).Records).toHaveLength(1);
  });

  test('wakes those who wait for it once a change is committed, and no longer when they stop', async () => {
    let woken = 0;
    const stop = harness.engine.onChange(TableName, () => {
      woken += 1;
    });
    await put('a');
    await expect(data('PutItem', { Item: {} })).rejects.toThrow();
    await Promise.resolve();
    expect(woken).toBe(1);
    stop();
    await put('b');
    await Promise.resolve();
    expect(woken).toBe(1);
  });
});

describe('expiry', () => {
  const seconds = (ms: number) => ({ N: String(Math.floor(ms / 1_000)) });

  test('deletes what is due, as the service, and leaves everything else', async () => {
    await put('due', { until: seconds(START + HOUR_MS) });
    await put('later', { until: seconds(START + 3 * HOUR_MS) });
    await put('text', { until: { S: '1' } });
    await put('ancient', { until: { N: '1' } });
    await put('none');
    expect(await harness.engine.sweep()).toBe(0);
    time += 2 * HOUR_MS;
    const latest = await iterator('LATEST').then((token) => token);
    expect(await harness.engine.sweep()).toBe(1);
    const { Records } = await read(latest);
    expect(Records).toMatchObject([
      {
        eventName: 'REMOVE',
        userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' },
        dynamodb: { Keys: { id: { S: 'due' } } },
      },
    ]);
    expect((await harness.engine.items(TableName, 10)).map(({ id }) => id && 'S' in id && id.S).sort()).toEqual([
      'ancient',
      'later',
      'none',
      'text',
    ]);
  });

  test('follows an item whose time is moved, and a table whose setting is changed', async () => {
    await put('a', { until: seconds(START), other: seconds(START) });
    await put('a', { until: seconds(START + HOUR_MS), other: seconds(START) });
    expect(await harness.engine.sweep()).toBe(0);
    const setting = (AttributeName: string, Enabled: boolean) =>
      data('UpdateTimeToLive', { TimeToLiveSpecification: { AttributeName, Enabled } });
    await expect(setting('other', true)).rejects.toThrow('TimeToLive is already enabled');
    await setting('until', false);
    await setting('other', true);
    expect(await data('DescribeTimeToLive', {})).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'other' },
    });
    expect(await harness.engine.sweep()).toBe(1);
  });
});
