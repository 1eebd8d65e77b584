import {
  BatchExecuteStatementCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  ExportTableToPointInTimeCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Key } from './store-cases.ts';

export interface Clients {
  readonly document: DynamoDBDocumentClient;
  readonly plain: DynamoDBClient;
}

/** A call on items, with what IAM is asked for each of them. */
export interface ItemAttempt {
  readonly name: string;
  readonly action: string;
  readonly attributes: readonly string[];
  /** Whether it takes more than one key. */
  readonly several: boolean;
  readonly run: (clients: Clients, TableName: string, keys: readonly Key[]) => Promise<unknown>;
}

const keyNames = ['pk', 'sk'];
const first = ([key]: readonly Key[]): Key => key ?? { pk: '', sk: '' };
const naming = (attribute: string) => ({
  UpdateExpression: 'SET #attribute = :value',
  ExpressionAttributeNames: { '#attribute': attribute },
  ExpressionAttributeValues: { ':value': 'attempt' },
});
const one = (
  name: string,
  action: string,
  run: (clients: Clients, TableName: string, key: Key) => Promise<unknown>,
  attributes: readonly string[] = keyNames,
): ItemAttempt => ({
  name,
  action,
  attributes,
  several: false,
  run: (clients, TableName, keys) => run(clients, TableName, first(keys)),
});
const many = (
  name: string,
  action: string,
  run: ItemAttempt['run'],
  attributes: readonly string[] = keyNames,
): ItemAttempt => ({ name, action, attributes, several: true, run });
const transaction = (
  name: string,
  action: string,
  item: (TableName: string, key: Key) => object,
  attributes = keyNames,
) =>
  many(
    `transaction of ${name}`,
    action,
    ({ document }, TableName, keys) =>
      document.send(new TransactWriteCommand({ TransactItems: keys.map((key) => ({ [name]: item(TableName, key) })) })),
    attributes,
  );

/** Every way to read or write an item by its key. */
export const itemAttempts: readonly ItemAttempt[] = [
  one('GetItem', 'GetItem', ({ document }, TableName, Key) => document.send(new GetCommand({ TableName, Key }))),
  one('Query', 'Query', ({ document }, TableName, { pk }) =>
    document.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
      }),
    ),
  ),
  one('PutItem', 'PutItem', ({ document }, TableName, key) =>
    document.send(new PutCommand({ TableName, Item: { ...key } })),
  ),
  one(
    'UpdateItem of the name',
    'UpdateItem',
    ({ document }, TableName, Key) => document.send(new UpdateCommand({ TableName, Key, ...naming('name') })),
    [...keyNames, 'name'],
  ),
  one(
    'UpdateItem of the status',
    'UpdateItem',
    ({ document }, TableName, Key) => document.send(new UpdateCommand({ TableName, Key, ...naming('status') })),
    [...keyNames, 'status'],
  ),
  one('DeleteItem', 'DeleteItem', ({ document }, TableName, Key) =>
    document.send(new DeleteCommand({ TableName, Key })),
  ),
  many('BatchGetItem', 'BatchGetItem', ({ document }, TableName, keys) =>
    document.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys: keys.map((key) => ({ ...key })) } } })),
  ),
  many('BatchWriteItem of puts', 'BatchWriteItem', ({ document }, TableName, keys) =>
    document.send(
      new BatchWriteCommand({
        RequestItems: { [TableName]: keys.map((key) => ({ PutRequest: { Item: { ...key } } })) },
      }),
    ),
  ),
  many('BatchWriteItem of deletes', 'BatchWriteItem', ({ document }, TableName, keys) =>
    document.send(
      new BatchWriteCommand({
        RequestItems: { [TableName]: keys.map((key) => ({ DeleteRequest: { Key: { ...key } } })) },
      }),
    ),
  ),
  many('TransactGetItems', 'GetItem', ({ document }, TableName, keys) =>
    document.send(
      new TransactGetCommand({ TransactItems: keys.map((key) => ({ Get: { TableName, Key: { ...key } } })) }),
    ),
  ),
  transaction('Put', 'PutItem', (TableName, key) => ({ TableName, Item: { ...key } })),
  transaction('Update', 'UpdateItem', (TableName, Key) => ({ TableName, Key, ...naming('name') }), [
    ...keyNames,
    'name',
  ]),
  transaction('Delete', 'DeleteItem', (TableName, Key) => ({ TableName, Key })),
  transaction(
    'ConditionCheck',
    'ConditionCheckItem',
    (TableName, Key) => ({
      TableName,
      Key,
      ConditionExpression: 'attribute_not_exists(nothing)',
    }),
    [...keyNames, 'nothing'],
  ),
];

/** Calls that name no key of one tenant, and are never allowed. */
export const tableAttempts: Readonly<
  Record<string, (clients: Clients, TableName: string, own: Key, foreign: Key) => Promise<unknown>>
> = {
  Scan: ({ document }, TableName) => document.send(new ScanCommand({ TableName })),
  'Scan with a filter on the own key': ({ document }, TableName, { pk }) =>
    document.send(
      new ScanCommand({ TableName, FilterExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } }),
    ),
  'parallel Scan': ({ document }, TableName) =>
    document.send(new ScanCommand({ TableName, Segment: 0, TotalSegments: 4 })),
  'PartiQL select of all': ({ plain }, TableName) =>
    plain.send(new ExecuteStatementCommand({ Statement: `SELECT * FROM "${TableName}"` })),
  'PartiQL select of the own key': ({ plain }, TableName, { pk }) =>
    plain.send(new ExecuteStatementCommand({ Statement: `SELECT * FROM "${TableName}" WHERE pk='${pk}'` })),
  'PartiQL update of a foreign row': ({ plain }, TableName, _, { pk, sk }) =>
    plain.send(
      new ExecuteStatementCommand({ Statement: `UPDATE "${TableName}" SET a=1 WHERE pk='${pk}' AND sk='${sk}'` }),
    ),
  'PartiQL batch': ({ plain }, TableName) =>
    plain.send(new BatchExecuteStatementCommand({ Statements: [{ Statement: `SELECT * FROM "${TableName}"` }] })),
  'PartiQL transaction': ({ plain }, TableName, _, { pk }) =>
    plain.send(
      new ExecuteTransactionCommand({
        TransactStatements: [{ Statement: `INSERT INTO "${TableName}" VALUE {'pk':'${pk}','sk':'x'}` }],
      }),
    ),
  DescribeTable: ({ plain }, TableName) => plain.send(new DescribeTableCommand({ TableName })),
  UpdateTable: ({ plain }, TableName) =>
    plain.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false })),
  UpdateTimeToLive: ({ plain }, TableName) =>
    plain.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: false },
      }),
    ),
  DeleteTable: ({ plain }, TableName) => plain.send(new DeleteTableCommand({ TableName })),
  'export to a bucket': ({ plain }, TableName) =>
    plain.send(
      new ExportTableToPointInTimeCommand({
        TableArn: `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`,
        S3Bucket: 'elsewhere',
      }),
    ),
};

/** Queries of an index, which hold rows of all tenants. */
export const indexAttempt = ({ document }: Clients, TableName: string, IndexName: string): Promise<unknown> =>
  document.send(
    new QueryCommand({
      TableName,
      IndexName,
      KeyConditionExpression: 'gsi1pk = :status',
      ExpressionAttributeValues: { ':status': 'STATUS#active' },
    }),
  );

/** Keys that look like the own one and are not, and one that names the other tenant in the end. */
export const trickKeys = (own: Key, foreign: Key): readonly Key[] =>
  [
    `${own.pk}x`,
    own.pk.slice(0, -1),
    own.pk.toUpperCase(),
    `${own.pk} `,
    ` ${own.pk}`,
    `${foreign.pk}#${own.pk}`,
    '*',
    own.pk.replace(/ten_[0-9a-z]{26}/, 'ten_*'),
    own.pk.replace(/ten_[0-9a-z]{26}/, ''),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM as text
    own.pk.replace(/ten_[0-9a-z]{26}/, '${aws:PrincipalTag/TenantId}'),
  ].map((pk) => ({ pk, sk: own.sk }));
