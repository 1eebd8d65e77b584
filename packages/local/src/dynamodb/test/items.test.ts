import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

const TableName = 'Things';
let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

beforeEach(async () => {
  if ((await harness.engine.tables()).length > 0) await harness.call('DynamoDB_20120810.DeleteTable', { TableName });
  await harness.engine.ensureTable({
    tableName: TableName,
    attributes: { pk: 'S', sk: 'N', owner: 'S', day: 'S' },
    keySchema: { hash: 'pk', range: 'sk' },
    gsis: [
      { indexName: 'byOwner', keySchema: { hash: 'owner', range: 'day' }, projection: ['title'] },
      { indexName: 'byDay', keySchema: { hash: 'day' } },
    ],
  });
});

const key = (pk: string, sk: number) => ({ pk: { S: pk }, sk: { N: String(sk) } });
const put = (pk: string, sk: number, more = {}) =>
  harness.client.send(new PutItemCommand({ TableName, Item: { ...key(pk, sk), ...more } }));
const get = async (pk: string, sk: number) =>
  (await harness.client.send(new GetItemCommand({ TableName, Key: key(pk, sk) }))).Item;

describe('single items', () => {
  test('a value of every type comes back as it was stored, with numbers in plain notation', async () => {
    const item = {
      s: { S: 'ä' },
      n: { N: '0012.50e1' },
      b: { B: new Uint8Array([0, 255]) },
      l: { L: [{ BOOL: false }, { NULL: true }] },
      m: { M: { __proto__x: { S: '' }, constructor: { N: '-0' } } },
      ss: { SS: ['b', 'a'] },
      ns: { NS: ['1', '2.0'] },
    };
    await put('a', 1, item);
    expect(await get('a', 1)).toEqual({
      ...key('a', 1),
      ...item,
      n: { N: '125' },
      m: { M: { __proto__x: { S: '' }, constructor: { N: '0' } } },
      ns: { NS: ['1', '2'] },
    });
  });

  test('a failed condition changes nothing and gives the item only when asked to', async () => {
    await put('a', 1, { v: { N: '1' } });
    const attempt = (more: object) =>
      harness.client.send(
        new PutItemCommand({
          TableName,
          Item: key('a', 1),
          ConditionExpression: 'attribute_not_exists(pk)',
          ...more,
        }),
      );
    await expect(attempt({})).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: undefined });
    await expect(attempt({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: { ...key('a', 1), v: { N: '1' } },
    });
    expect(await get('a', 1)).toMatchObject({ v: { N: '1' } });
  });

  test('an update sees the item as it was, for every right-hand side and for list indexes', async () => {
    await put('a', 1, {
      x: { N: '1' },
      y: { N: '2' },
      l: { L: [{ S: 'a' }, { S: 'b' }, { S: 'c' }] },
      m: { M: { k: { N: '1' } } },
      tags: { SS: ['a', 'b'] },
    });
    const { Attributes } = await harness.client.send(
      new UpdateItemCommand({
        TableName,
        Key: key('a', 1),
        UpdateExpression:
          'SET x = y, y = x, m.k = m.k + :one, m.fresh = if_not_exists(nothing, :one), l[7] = :d REMOVE l[0], l[1] ADD grand :one DELETE tags :a',
        ExpressionAttributeValues: { ':one': { N: '1' }, ':a': { SS: ['a', 'b'] }, ':d': { S: 'd' } },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(Attributes).toEqual({
      ...key('a', 1),
      x: { N: '2' },
      y: { N: '1' },
      l: { L: [{ S: 'c' }, { S: 'd' }] },
      m: { M: { k: { N: '2' }, fresh: { N: '1' } } },
      grand: { N: '1' },
    });
  });

  test('an update returns what it was asked to return, before or after', async () => {
    await put('a', 1, { v: { N: '1' }, w: { N: '1' } });
    const update = async (ReturnValues: 'UPDATED_OLD' | 'UPDATED_NEW' | 'ALL_OLD') =>
      (
        await harness.client.send(
          new UpdateItemCommand({
            TableName,
            Key: key('a', 1),
            UpdateExpression: 'ADD v :n',
            ExpressionAttributeValues: { ':n': { N: '1' } },
            ReturnValues,
          }),
        )
      ).Attributes;
    expect(await update('UPDATED_OLD')).toEqual({ v: { N: '1' } });
    expect(await update('UPDATED_NEW')).toEqual({ v: { N: '3' } });
    expect(await update('ALL_OLD')).toMatchObject({ v: { N: '3' }, w: { N: '1' } });
  });

  test('no update can move an item to another key', async () => {
    await expect(
      harness.client.send(
        new UpdateItemCommand({
          TableName,
          Key: key('a', 1),
          UpdateExpression: 'SET pk = :p',
          ExpressionAttributeValues: { ':p': { S: 'b' } },
        }),
      ),
    ).rejects.toThrow('Cannot update attribute pk. This attribute is part of the key');
  });

  test('a parameter that is not known is refused and not ignored', async () => {
    await expect(
      harness.call('DynamoDB_20120810.GetItem', { TableName, Key: key('a', 1), Consistent: true }),
    ).rejects.toThrow("The parameter 'Consistent' is not supported");
  });

  test('an item over 400 KB is refused', async () => {
    await expect(put('a', 1, { v: { S: 'x'.repeat(409_600) } })).rejects.toThrow('Item size has exceeded');
  });
});

describe('queries and scans', () => {
  test('sort keys that are numbers sort as numbers, both ways', async () => {
    const numbers = [-1000, -10.5, -10, -1.5, -1, -0.05, 0, 0.05, 1, 1.5, 9, 10, 1000];
    for (const sk of [...numbers].reverse()) await put('a', sk);
    const query = async (ScanIndexForward: boolean) =>
      (
        await harness.client.send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: 'pk = :p',
            ExpressionAttributeValues: { ':p': { S: 'a' } },
            ScanIndexForward,
          }),
        )
      ).Items?.map((item) => Number(item.sk?.N));
    expect(await query(true)).toEqual(numbers);
    expect(await query(false)).toEqual([...numbers].reverse());
  });

  test('every range condition gives exactly its range', async () => {
    for (let sk = 0; sk < 6; sk += 1) await put('a', sk);
    const query = async (condition: string, values = {}) =>
      (
        await harness.client.send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: `${condition} AND pk = :p`,
            ExpressionAttributeValues: { ':p': { S: 'a' }, ':x': { N: '2' }, ...values },
          }),
        )
      ).Items?.map((item) => Number(item.sk?.N));
    expect(await query('sk = :x')).toEqual([2]);
    expect(await query('sk < :x')).toEqual([0, 1]);
    expect(await query(':x >= sk')).toEqual([0, 1, 2]);
    expect(await query('sk > :x')).toEqual([3, 4, 5]);
    expect(await query('sk >= :x')).toEqual([2, 3, 4, 5]);
    expect(await query('sk BETWEEN :x AND :y', { ':y': { N: '4' } })).toEqual([2, 3, 4]);
  });

  test('pages of a query over an index with equal keys hold every item once', async () => {
    for (let sk = 0; sk < 11; sk += 1)
      await put(`p${sk % 3}`, sk, { owner: { S: 'o' }, day: { S: `d${sk % 2}` }, title: { S: 't' }, big: { S: 'x' } });
    for (const ScanIndexForward of [true, false]) {
      const seen: string[] = [];
      let start: Record<string, never> | undefined;
      do {
        const page = await harness.client.send(
          new QueryCommand({
            TableName,
            IndexName: 'byOwner',
            KeyConditionExpression: '#o = :o',
            ExpressionAttributeNames: { '#o': 'owner' },
            ExpressionAttributeValues: { ':o': { S: 'o' } },
            Limit: 2,
            ScanIndexForward,
            ...(start ? { ExclusiveStartKey: start } : {}),
          }),
        );
        for (const item of page.Items ?? []) {
          expect(Object.keys(item).sort()).toEqual(['day', 'owner', 'pk', 'sk', 'title']);
          seen.push(`${item.day?.S} ${item.sk?.N}`);
        }
        start = page.LastEvaluatedKey as Record<string, never> | undefined;
      } while (start);
      expect(new Set(seen).size).toBe(11);
      expect(seen).toHaveLength(11);
      const days = seen.map((text) => text.slice(0, 2));
      expect(days).toEqual(ScanIndexForward ? days.toSorted() : days.toSorted().reverse());
    }
  });

  test('an index follows its item: entries move, leave and come with its attributes', async () => {
    const count = async (day: string) =>
      (
        await harness.client.send(
          new QueryCommand({
            TableName,
            IndexName: 'byDay',
            Select: 'COUNT',
            KeyConditionExpression: '#d = :d',
            ExpressionAttributeNames: { '#d': 'day' },
            ExpressionAttributeValues: { ':d': { S: day } },
          }),
        )
      ).Count;
    await put('a', 1, { day: { S: 'mon' } });
    expect([await count('mon'), await count('tue')]).toEqual([1, 0]);
    await put('a', 1, { day: { S: 'tue' } });
    expect([await count('mon'), await count('tue')]).toEqual([0, 1]);
    await put('a', 1);
    expect([await count('mon'), await count('tue')]).toEqual([0, 0]);
    await put('a', 1, { day: { S: 'mon' } });
    await harness.client.send(new DeleteItemCommand({ TableName, Key: key('a', 1) }));
    expect([await count('mon'), await count('tue')]).toEqual([0, 0]);
  });

  test('segments and pages of a scan hold every item once', async () => {
    for (let n = 0; n < 40; n += 1) await put(`p${n}`, n);
    const seen: string[] = [];
    for (let Segment = 0; Segment < 3; Segment += 1) {
      let start: Record<string, never> | undefined;
      do {
        const page = await harness.client.send(
          new ScanCommand({
            TableName,
            Limit: 4,
            Segment,
            TotalSegments: 3,
            ...(start ? { ExclusiveStartKey: start } : {}),
          }),
        );
        seen.push(...(page.Items ?? []).map((item) => item.pk?.S ?? ''));
        start = page.LastEvaluatedKey as Record<string, never> | undefined;
      } while (start);
    }
    expect(seen).toHaveLength(40);
    expect(new Set(seen).size).toBe(40);
  });

  test('a filter takes from the result and not from the count of what was read', async () => {
    for (let sk = 0; sk < 6; sk += 1) await put('a', sk, { v: { N: String(sk) } });
    const page = await harness.client.send(
      new ScanCommand({
        TableName,
        FilterExpression: 'v >= :v AND NOT contains(pk, :z)',
        ExpressionAttributeValues: { ':v': { N: '4' }, ':z': { S: 'z' } },
        ProjectionExpression: 'v',
      }),
    );
    expect(page).toMatchObject({ Count: 2, ScannedCount: 6, Items: [{ v: { N: '4' } }, { v: { N: '5' } }] });
  });

  test('a page ends after one megabyte', async () => {
    for (let sk = 0; sk < 6; sk += 1) await put('a', sk, { v: { S: 'x'.repeat(300_000) } });
    const page = await harness.client.send(new ScanCommand({ TableName }));
    expect(page.Count).toBe(4);
    expect(page.LastEvaluatedKey).toEqual(key('a', 3));
  });
});

describe('batches', () => {
  test('a batch of writes and reads does what its entries say', async () => {
    await put('a', 1);
    await harness.client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TableName]: [
            { DeleteRequest: { Key: key('a', 1) } },
            { PutRequest: { Item: { ...key('a', 2), v: { S: 'x' } } } },
          ],
        },
      }),
    );
    const { Responses } = await harness.client.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key('a', 1), key('a', 2)] } } }),
    );
    expect(Responses?.[TableName]).toEqual([{ ...key('a', 2), v: { S: 'x' } }]);
  });

  test('a batch that names an item twice is refused whole', async () => {
    const entry = { PutRequest: { Item: key('a', 1) } };
    await expect(
      harness.client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [entry, entry] } })),
    ).rejects.toThrow('Provided list of item keys contains duplicates');
    expect(await get('a', 1)).toBeUndefined();
  });
});
