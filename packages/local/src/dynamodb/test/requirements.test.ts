import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IamRequirement } from '../../aws/engine.ts';
import { type Harness, startHarness, wireRequest } from './harness.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/Pool';
let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
  await harness.engine.ensureTable({
    tableName: 'Pool',
    attributes: { pk: 'S', sk: 'S', owner: 'S' },
    keySchema: { hash: 'pk', range: 'sk' },
    gsis: [{ indexName: 'byOwner', keySchema: { hash: 'owner', range: 'pk' } }],
    lsis: [{ indexName: 'local', keySchema: { hash: 'pk', range: 'owner' } }],
  });
  await harness.engine.ensureTable({ tableName: 'Numbers', attributes: { pk: 'N' }, keySchema: { hash: 'pk' } });
  await harness.engine.ensureTable({ tableName: 'Bytes', attributes: { pk: 'B' }, keySchema: { hash: 'pk' } });
});
afterAll(() => harness.close());

async function requires(operation: string, body: object): Promise<readonly IamRequirement[]> {
  return (await harness.engine.prepare(wireRequest(operation, body))).requires;
}

async function leadingKeys(operation: string, body: object) {
  return (await requires(operation, body)).map(({ context }) => context?.['dynamodb:LeadingKeys']);
}

const Key = (pk: string) => ({ pk: { S: pk }, sk: { S: 's' } });
const TableName = 'Pool';

const query = (KeyConditionExpression: string, values: object, more = {}) => ({
  TableName,
  KeyConditionExpression,
  ExpressionAttributeValues: values,
  ...more,
});

describe('item operations', () => {
  test.each([
    ['GetItem', { Key: Key('t1') }],
    ['PutItem', { Item: { ...Key('t1'), v: { S: 'x' } } }],
    ['UpdateItem', { Key: Key('t1') }],
    ['DeleteItem', { Key: Key('t1') }],
  ])('%s needs itself on the table, with the leading key', async (operation, body) => {
    const [requirement, ...others] = await requires(operation, { TableName, ...body });
    expect(others).toEqual([]);
    expect(requirement).toMatchObject({
      action: `dynamodb:${operation}`,
      resource: TABLE,
      context: { 'dynamodb:LeadingKeys': ['t1'] },
    });
  });

  test('attributes are all that any part of the request names', async () => {
    const [requirement] = await requires('UpdateItem', {
      TableName,
      Key: Key('t1'),
      UpdateExpression: 'SET a.b = if_not_exists(c, :v) REMOVE d[0] ADD e :v',
      ConditionExpression: '#f = :v OR attribute_exists(g)',
      ExpressionAttributeNames: { '#f': 'f.x' },
      ExpressionAttributeValues: { ':v': { N: '1' } },
    });
    expect(requirement?.context?.['dynamodb:Attributes']?.toSorted()).toEqual(
      ['a', 'c', 'd', 'e', 'f.x', 'g', 'pk', 'sk'].toSorted(),
    );
    expect(requirement?.context?.['dynamodb:ReturnValues']).toEqual(['NONE']);
  });

  test('numbers lead in plain notation and binary as base64', async () => {
    expect(await leadingKeys('GetItem', { TableName: 'Numbers', Key: { pk: { N: '+01.50E2' } } })).toEqual([['150']]);
    expect(await leadingKeys('GetItem', { TableName: 'Bytes', Key: { pk: { B: 'AP8=' } } })).toEqual([['AP8=']]);
  });

  test('a batch needs every leading key that it touches', async () => {
    expect(
      await requires('BatchWriteItem', {
        RequestItems: {
          Pool: [{ PutRequest: { Item: Key('t1') } }, { DeleteRequest: { Key: Key('t2') } }],
          Numbers: [{ PutRequest: { Item: { pk: { N: '1' } } } }],
        },
      }),
    ).toMatchObject([
      { action: 'dynamodb:BatchWriteItem', resource: TABLE, context: { 'dynamodb:LeadingKeys': ['t1', 't2'] } },
      { action: 'dynamodb:BatchWriteItem', context: { 'dynamodb:LeadingKeys': ['1'] } },
    ]);
    expect(await leadingKeys('BatchGetItem', { RequestItems: { Pool: { Keys: [Key('t1'), Key('t2')] } } })).toEqual([
      ['t1', 't2'],
    ]);
  });

  test('a transaction needs the single operations, each for its own item', async () => {
    const write = await requires('TransactWriteItems', {
      TransactItems: [
        { Put: { TableName, Item: Key('t1') } },
        { Update: { TableName, Key: Key('t2'), UpdateExpression: 'REMOVE a' } },
        { Delete: { TableName, Key: Key('t3') } },
        { ConditionCheck: { TableName, Key: Key('t4'), ConditionExpression: 'attribute_exists(pk)' } },
      ],
    });
    expect(write.map(({ action, context }) => [action, context?.['dynamodb:LeadingKeys']])).toEqual([
      ['dynamodb:PutItem', ['t1']],
      ['dynamodb:UpdateItem', ['t2']],
      ['dynamodb:DeleteItem', ['t3']],
      ['dynamodb:ConditionCheckItem', ['t4']],
    ]);
    const read = await requires('TransactGetItems', { TransactItems: [{ Get: { TableName, Key: Key('t1') } }] });
    expect(read).toMatchObject([
      {
        action: 'dynamodb:GetItem',
        context: { 'dynamodb:LeadingKeys': ['t1'], 'dynamodb:EnclosingOperation': ['TransactGetItems'] },
      },
    ]);
  });

  test('an item without its key has no leading key, and never gets anywhere', async () => {
    const operation = await harness.engine.prepare(wireRequest('PutItem', { TableName, Item: { sk: { S: 's' } } }));
    expect(operation.requires[0]?.context).not.toHaveProperty('dynamodb:LeadingKeys');
    await expect(operation.run({ accountId: '', arn: '', tags: {} })).rejects.toThrow('Missing the key pk');
  });
});

describe('queries', () => {
  const values = { ':t': { S: 't1' }, ':s': { S: 's' } };

  test.each([
    ['pk = :t AND sk = :s'],
    [':t = pk AND :s < sk'],
    ['sk BETWEEN :s AND :s AND pk = :t'],
    ['(pk = :t) AND (begins_with(sk, :s))'],
    ['  pk=:t and   :s >= sk '],
    ['(pk) = :t AND sk > :s'],
  ])('%s leads with the partition key value', async (expression) => {
    expect(await leadingKeys('Query', query(expression, values))).toEqual([['t1']]);
  });

  test('names by placeholder count as what they stand for', async () => {
    const body = query('#sk = :t AND #pk = :s', values, { ExpressionAttributeNames: { '#sk': 'pk', '#pk': 'sk' } });
    expect(await leadingKeys('Query', body)).toEqual([['t1']]);
  });

  test('legacy key conditions are read as well', async () => {
    const condition = { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 't1' }] };
    expect(await leadingKeys('Query', { TableName, KeyConditions: { pk: condition } })).toEqual([['t1']]);
  });

  test('on an index are on its ARN and lead with its own partition key', async () => {
    const global = query('#o = :t AND pk = :s', values, {
      IndexName: 'byOwner',
      ExpressionAttributeNames: { '#o': 'owner' },
    });
    expect(await requires('Query', global)).toMatchObject([
      {
        action: 'dynamodb:Query',
        resource: `${TABLE}/index/byOwner`,
        context: { 'dynamodb:LeadingKeys': ['t1'], 'dynamodb:Select': ['ALL_PROJECTED_ATTRIBUTES'] },
      },
    ]);
    const local = query('pk = :t', { ':t': { S: 't1' } }, { IndexName: 'local' });
    expect(await leadingKeys('Query', local)).toEqual([['t1']]);
  });

  test.each([
    ['pk = :t OR pk = :s'],
    ['pk = :t OR sk = :s'],
    ['(pk = :t AND sk = :s) OR sk = :s'],
    ['NOT pk = :t'],
    ['pk <> :t AND sk = :s'],
    ['pk = :t AND pk = :s'],
    ['pk = :t AND sk = :s AND pk = :t'],
    ['pk IN (:t, :s)'],
    ['pk = sk AND sk = :t'],
    ['attribute_exists(pk) AND sk = :s AND pk = :t'],
    ['contains(pk, :t) AND sk = :s'],
    ['size(pk) = :t AND sk = :s'],
    ['pk.x = :t AND sk = :s'],
    ['pk[0] = :t AND sk = :s'],
    [':t = :s AND pk = :t'],
    ['pk = :t) AND (sk = :s'],
    ['pk = :t AND sk = :s -- x'],
    ['pk = :t AND sk = :s; pk = :s'],
    ['pk = :t AND sk = :missing'],
    ['#missing = :t AND sk = :s'],
    ['((pk = :t)) AND sk = :s'],
    ['pk = :t AND'],
    [''],
    ['pk\u0000 = :t AND sk = :s'],
    ['pk = :t AND name = :s'],
  ])('%s is denied as what it is: not a key condition', async (expression) => {
    await expect(requires('Query', query(expression, values))).rejects.toMatchObject({ code: 'ValidationException' });
  });

  test('a range over partitions has no leading key, and never gets anywhere', async () => {
    const operation = await harness.engine.prepare(wireRequest('Query', query('pk > :t', { ':t': { S: 't' } })));
    expect(operation.requires[0]?.context).not.toHaveProperty('dynamodb:LeadingKeys');
    await expect(operation.run({ accountId: '', arn: '', tags: {} })).rejects.toThrow(
      'Query key condition not supported',
    );
  });

  test('deep, long and repetitive expressions are answered at once', async () => {
    const hostile = [
      `${'('.repeat(4_000)}pk = :t`,
      `${'NOT '.repeat(1_000)}pk = :t`,
      `${'(pk = :t AND '.repeat(300)}sk = :s${')'.repeat(300)}`,
      `pk = ${'size('.repeat(800)}`,
      `pk${'[0]'.repeat(1_300)} = :t`,
      'x'.repeat(5_000_000),
    ];
    const start = performance.now();
    for (const expression of hostile) {
      await expect(requires('Query', query(expression, values))).rejects.toMatchObject({ code: 'ValidationException' });
    }
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  test('whatever the expression: it is refused with a ValidationException, or it leads with the value compared to pk', async () => {
    const token = fc.constantFrom(
      ...[
        'pk',
        'sk',
        '#p',
        ':t',
        ':s',
        '=',
        '<',
        '>',
        '<>',
        'AND',
        'OR',
        'NOT',
        'BETWEEN',
        'IN',
        '(',
        ')',
        ',',
        'begins_with',
        'size',
        '.',
        '[',
        ']',
        '0',
      ],
    );
    const wellFormed = fc
      .tuple(
        fc.constantFrom('pk = :t', ':t = pk', '#p = :t', '(pk = :t)'),
        fc.constantFrom('sk = :s', ':s < sk', 'begins_with(sk, :s)', 'sk BETWEEN :s AND :s', '(sk >= :s)'),
        fc.boolean(),
      )
      .map(([first, second, swap]) => (swap ? `${second} AND ${first}` : `${first} AND ${second}`));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          wellFormed,
          fc.array(token, { maxLength: 14 }).map((tokens) => tokens.join(' ')),
          fc.string(),
        ),
        async (expression) => {
          const names = expression.includes('#p') ? { ExpressionAttributeNames: { '#p': 'pk' } } : {};
          const used = Object.fromEntries(Object.entries(values).filter(([name]) => expression.includes(name)));
          const outcome = await leadingKeys('Query', query(expression, used, names)).catch(
            (error: { code?: string }) => error.code,
          );
          if (outcome === 'ValidationException') return;
          const leads = /(?:pk|#p)\s*\)*\s*=\s*(:[ts])|(:[ts])\s*=\s*\(*\s*(?:pk|#p)/.exec(expression);
          const value = leads?.[1] ?? leads?.[2];
          expect(outcome).toEqual([value === undefined ? undefined : [value === ':t' ? 't1' : 's']]);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('other operations', () => {
  test('a scan has no leading key', async () => {
    const [requirement] = await requires('Scan', { TableName });
    expect(requirement).toMatchObject({ action: 'dynamodb:Scan', resource: TABLE });
    expect(requirement?.context).not.toHaveProperty('dynamodb:LeadingKeys');
  });

  test('a table that is not there is authorised first and missed only then, even if it comes in between', async () => {
    const request = wireRequest('GetItem', { TableName: 'Later', Key: Key('t1') });
    const operation = await harness.engine.prepare(request);
    expect(operation.requires).toMatchObject([
      { action: 'dynamodb:GetItem', resource: TABLE.replace('Pool', 'Later') },
    ]);
    await harness.engine.ensureTable({
      tableName: 'Later',
      attributes: { pk: 'S', sk: 'S' },
      keySchema: { hash: 'pk', range: 'sk' },
    });
    await expect(operation.run({ accountId: '', arn: '', tags: {} })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  test('a call authorised for a table never reaches another one of the same name', async () => {
    const spec = { tableName: 'Replaced', attributes: { pk: 'S', sk: 'S' } } as const;
    await harness.engine.ensureTable({ ...spec, keySchema: { hash: 'pk', range: 'sk' } });
    const operation = await harness.engine.prepare(wireRequest('PutItem', { TableName: 'Replaced', Item: Key('t1') }));
    await harness.call('DynamoDB_20120810.DeleteTable', { TableName: 'Replaced' });
    await harness.engine.ensureTable({ ...spec, keySchema: { hash: 'sk', range: 'pk' } });
    await expect(operation.run({ accountId: '', arn: '', tags: {} })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    expect(await harness.engine.items('Replaced', 1)).toEqual([]);
  });

  test('records are read from the stream that the iterator names', async () => {
    const ShardIterator = `${TABLE}/stream/x|1|${Buffer.from('[1,1]').toString('base64')}`;
    expect(await requires('DynamoDBStreams_20120810.GetRecords', { ShardIterator })).toEqual([
      { action: 'dynamodb:GetRecords', resource: `${TABLE}/stream/x` },
    ]);
  });

  test.each([
    ['ExecuteStatement', { Statement: 'SELECT * FROM Pool' }, ['PartiQLSelect']],
    ['ExecuteStatement', { Statement: ' update "Pool" SET a=1 WHERE pk=\'x\'' }, ['PartiQLUpdate']],
    [
      'BatchExecuteStatement',
      {
        Statements: [
          { Statement: "DELETE FROM Pool WHERE pk='x'" },
          { Statement: "INSERT INTO Pool VALUE {'pk':'x'}" },
        ],
      },
      ['PartiQLDelete', 'PartiQLInsert'],
    ],
    ['ExecuteTransaction', { TransactStatements: [{ Statement: 'SELECT * FROM Pool' }] }, ['PartiQLSelect']],
    ['ExportTableToPointInTime', { TableArn: TABLE }, ['ExportTableToPointInTime']],
  ])('%s is not supported, and asks for its permission first', async (operation, body, actions) => {
    expect(await requires(operation, body)).toEqual(
      actions.map((action) => ({ action: `dynamodb:${action}`, resource: TABLE })),
    );
  });

  test('a statement that is none, and operations that are not known are refused', async () => {
    await expect(requires('ExecuteStatement', { Statement: 'DROP Pool' })).rejects.toMatchObject({
      code: 'ValidationException',
    });
    await expect(requires('Explode', {})).rejects.toMatchObject({ code: 'UnknownOperationException' });
    await expect(requires('__proto__', {})).rejects.toMatchObject({ code: 'UnknownOperationException' });
    await expect((async () => harness.engine.prepare(wireRequest('GetItem', '{')))()).rejects.toMatchObject({
      code: 'SerializationException',
    });
  });
});
