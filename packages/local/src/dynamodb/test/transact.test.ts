import {
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

const TableName = 'Accounts';
let harness: Harness;
let time = Date.parse('2030-01-01T00:00:00Z');

beforeAll(async () => {
  harness = await startHarness({ now: () => time });
});
afterAll(() => harness.close());

beforeEach(async () => {
  if ((await harness.engine.tables()).length > 0) await harness.call('DynamoDB_20120810.DeleteTable', { TableName });
  await harness.engine.ensureTable({
    tableName: TableName,
    attributes: { id: 'S', kind: 'S' },
    keySchema: { hash: 'id' },
    gsis: [{ indexName: 'byKind', keySchema: { hash: 'kind' } }],
    streamViewType: 'NEW_AND_OLD_IMAGES',
  });
});

const Key = (id: string) => ({ id: { S: id } });
const put = (id: string, more = {}): TransactWriteItem => ({ Put: { TableName, Item: { ...Key(id), ...more } } });
const send = (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
  harness.client.send(
    new TransactWriteItemsCommand({ TransactItems, ...(ClientRequestToken ? { ClientRequestToken } : {}) }),
  );
const value = async (id: string) => {
  const { Item } = await harness.client.send(new GetItemCommand({ TableName, Key: Key(id) }));
  return Item?.v?.N === undefined ? undefined : Number(Item.v.N);
};
const add = (id: string, amount: number, more = {}): TransactWriteItem => ({
  Update: {
    TableName,
    Key: Key(id),
    UpdateExpression: 'ADD v :n',
    ExpressionAttributeValues: { ':n': { N: String(amount) } },
    ...more,
  },
});

describe('a transaction of writes', () => {
  test('is carried out whole', async () => {
    await send([put('a', { v: { N: '1' } }), put('b', { v: { N: '2' } })]);
    await send([
      add('a', 5),
      { Delete: { TableName, Key: Key('b') } },
      { ConditionCheck: { TableName, Key: Key('c'), ConditionExpression: 'attribute_not_exists(id)' } },
    ]);
    expect([await value('a'), await value('b'), await value('c')]).toEqual([6, undefined, undefined]);
  });

  test('is cancelled whole, with one reason for each item in its place', async () => {
    await send([put('a', { v: { N: '1' } }), put('text', { v: { S: 'x' } })]);
    const cancelled = send([
      put('new', { v: { N: '9' } }),
      {
        Put: {
          TableName,
          Item: Key('a'),
          ConditionExpression: 'attribute_not_exists(id)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      { ConditionCheck: { TableName, Key: Key('nobody'), ConditionExpression: 'attribute_exists(id)' } },
      add('text', 1),
    ]);
    await expect(cancelled).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed, ValidationError]',
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Message: 'The conditional request failed',
          Item: { id: { S: 'a' }, v: { N: '1' } },
        },
        { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
        { Code: 'ValidationError', Message: 'An operand in the update expression has an incorrect data type' },
      ],
    });
    expect(await value('new')).toBeUndefined();
    expect(await value('a')).toBe(1);
  });

  test('cannot touch an item twice, nor have no or too many items', async () => {
    await expect(send([put('a'), { Delete: { TableName, Key: Key('a') } }])).rejects.toThrow(
      'Transaction request cannot include multiple operations on one item',
    );
    await expect(send([])).rejects.toThrow('Member must have length greater than or equal to 1');
    await expect(send(Array.from({ length: 101 }, (_, n) => put(`i${n}`)))).rejects.toThrow(
      'Member must have length less than or equal to 100',
    );
    await expect(send([{ ...put('a'), ...add('b', 1) }])).rejects.toThrow('TransactItems can only contain one of');
    await expect(
      send(Array.from({ length: 11 }, (_, n) => put(`i${n}`, { v: { S: 'x'.repeat(400_000) } }))),
    ).rejects.toThrow('Transaction size cannot exceed 4 MB');
    expect(await value('a')).toBeUndefined();
  });

  test('is carried out once however often its token comes within ten minutes', async () => {
    await send([add('a', 1)], 'token');
    await send([add('a', 1)], 'token');
    expect(await value('a')).toBe(1);
    await expect(send([add('a', 2)], 'token')).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    time += 10 * 60 * 1_000 + 1;
    await send([add('a', 2)], 'token');
    expect(await value('a')).toBe(3);
  });

  test('that was cancelled does not use up its token', async () => {
    const guarded = [add('a', 1, { ConditionExpression: 'attribute_exists(id)' })];
    await expect(send(guarded, 'again')).rejects.toMatchObject({ name: 'TransactionCanceledException' });
    await harness.client.send(new PutItemCommand({ TableName, Item: { ...Key('a'), v: { N: '1' } } }));
    await send(guarded, 'again');
    expect(await value('a')).toBe(2);
  });

  test('on a table that is not there is refused as such', async () => {
    await expect(send([put('a'), { Put: { TableName: 'Nowhere', Item: Key('a') } }])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(await value('a')).toBeUndefined();
  });
});

test('a transaction of reads gives the items in the order asked, and nothing for those that are not there', async () => {
  await send([put('a', { v: { N: '1' } }), put('b', { v: { N: '2' } })]);
  const { Responses } = await harness.client.send(
    new TransactGetItemsCommand({
      TransactItems: [
        { Get: { TableName, Key: Key('b'), ProjectionExpression: 'v' } },
        { Get: { TableName, Key: Key('none') } },
        { Get: { TableName, Key: Key('a') } },
      ],
    }),
  );
  expect(Responses).toEqual([{ Item: { v: { N: '2' } } }, {}, { Item: { id: { S: 'a' }, v: { N: '1' } } }]);
});

/** One step against a few accounts: a guarded transfer, or a single write. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant('transfer' as const),
    from: fc.integer({ min: 0, max: 3 }),
    to: fc.integer({ min: 0, max: 3 }),
    amount: fc.integer({ min: 1, max: 60 }),
  }),
  fc.record({ kind: fc.constant('bump' as const), id: fc.integer({ min: 0, max: 3 }) }),
);

test('concurrent transactions and single writes keep every balance at or above zero, lose nothing, and are logged in one order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const id = (n: number) => `acc${n}`;
      await send([0, 1, 2, 3].map((n) => put(id(n), { v: { N: '50' }, kind: { S: 'k' } })));
      const { LatestStreamArn } = (
        (await harness.call('DynamoDB_20120810.DescribeTable', { TableName })) as { Table: { LatestStreamArn: string } }
      ).Table;
      const iterator = await latestIterator(LatestStreamArn);
      const results = await Promise.allSettled(
        steps.map((one) =>
          one.kind === 'bump'
            ? send([add(id(one.id), 1)])
            : send([
                add(id(one.from), -one.amount, {
                  ConditionExpression: 'v >= :enough',
                  ExpressionAttributeValues: { ':n': { N: String(-one.amount) }, ':enough': { N: String(one.amount) } },
                }),
                add(id(one.to), one.amount),
              ]),
        ),
      );
      const done = steps.filter((_, n) => results[n]?.status === 'fulfilled');
      for (const [n, result] of results.entries()) {
        const one = steps[n];
        if (result.status === 'fulfilled') continue;
        const isSelf = one?.kind === 'transfer' && one.from === one.to;
        expect((result.reason as Error).name).toBe(isSelf ? 'ValidationException' : 'TransactionCanceledException');
      }
      const model = [0, 1, 2, 3].map((n) =>
        done.reduce((sum, one) => {
          if (one.kind === 'bump') return sum + (one.id === n ? 1 : 0);
          return sum + (one.to === n ? one.amount : 0) - (one.from === n ? one.amount : 0);
        }, 50),
      );
      const balances = await Promise.all([0, 1, 2, 3].map((n) => value(id(n))));
      expect(balances).toEqual(model);
      expect(balances.every((balance) => balance !== undefined && balance >= 0)).toBe(true);
      const replayed = new Map<string, string>([0, 1, 2, 3].map((n) => [id(n), '50']));
      for (const { dynamodb } of await records(iterator)) {
        expect(dynamodb.OldImage?.v?.N).toBe(replayed.get(dynamodb.Keys.id.S));
        replayed.set(dynamodb.Keys.id.S, dynamodb.NewImage?.v?.N ?? '');
      }
      expect([0, 1, 2, 3].map((n) => Number(replayed.get(id(n))))).toEqual(balances);
    }),
    { numRuns: 25 },
  );
}, 30_000);

async function latestIterator(StreamArn: string): Promise<string> {
  const { StreamDescription } = (await harness.call('DynamoDBStreams_20120810.DescribeStream', { StreamArn })) as {
    StreamDescription: { Shards: { ShardId: string }[] };
  };
  const { ShardIterator } = await harness.call('DynamoDBStreams_20120810.GetShardIterator', {
    StreamArn,
    ShardId: StreamDescription.Shards[0]?.ShardId,
    ShardIteratorType: 'LATEST',
  });
  return String(ShardIterator);
}

interface Change {
  readonly dynamodb: {
    readonly Keys: { readonly id: { readonly S: string } };
    readonly OldImage?: { readonly v?: { readonly N: string } };
    readonly NewImage?: { readonly v?: { readonly N: string } };
  };
}

async function records(ShardIterator: string): Promise<readonly Change[]> {
  const { Records } = await harness.call('DynamoDBStreams_20120810.GetRecords', { ShardIterator });
  return Records as Change[];
}
