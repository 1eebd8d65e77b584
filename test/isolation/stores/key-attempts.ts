import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Caller } from './caller.ts';
import { itemOf, naming, steps } from './item-attempts.ts';
import type { Key } from './store-cases.ts';

/** Calls that name no partition key at all, which conditions over lists of keys hold true of: never allowed. */
export const keylessAttempts: Readonly<
  Record<string, (caller: Caller, TableName: string, own: Key) => Promise<unknown>>
> = {
  GetItem: ({ document }, TableName, { sk }) => document.send(new GetCommand({ TableName, Key: { sk } })),
  'Query of all that begins alike': ({ document }, TableName, { pk }) =>
    document.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'begins_with(pk, :pk)',
        ExpressionAttributeValues: { ':pk': pk.slice(0, 4) },
      }),
    ),
  'Query by the sort key': ({ document }, TableName, { sk }) =>
    document.send(
      new QueryCommand({ TableName, KeyConditionExpression: 'sk = :sk', ExpressionAttributeValues: { ':sk': sk } }),
    ),
  PutItem: ({ document }, TableName, { sk }) => document.send(new PutCommand({ TableName, Item: { sk } })),
  UpdateItem: ({ document }, TableName, { sk }) =>
    document.send(new UpdateCommand({ TableName, Key: { sk }, ...naming('name') })),
  DeleteItem: ({ document }, TableName, { sk }) => document.send(new DeleteCommand({ TableName, Key: { sk } })),
  BatchGetItem: ({ document }, TableName, { sk }) =>
    document.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [{ sk }] } } })),
  BatchWriteItem: ({ document }, TableName, { sk }) =>
    document.send(new BatchWriteCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item: { sk } } }] } })),
  ConditionCheck: ({ document }, TableName, { sk }) =>
    document.send(
      new TransactWriteCommand({
        TransactItems: [
          { ConditionCheck: { TableName, Key: { sk }, ConditionExpression: 'attribute_not_exists(nothing)' } },
        ],
      }),
    ),
};

/** A row in one table. */
export interface Place {
  readonly table: string;
  readonly key: Key;
}

/** Calls over an own row and a foreign one, in the same table or in two: never allowed, and then nothing of them is done. */
export const pairAttempts: Readonly<Record<string, (caller: Caller, own: Place, foreign: Place) => Promise<unknown>>> =
  {
    'BatchGetItem over both': ({ document }, own, foreign) =>
      document.send(new BatchGetCommand({ RequestItems: byTable(own, foreign, (keys) => ({ Keys: keys })) })),
    'BatchWriteItem over both': ({ document }, own, foreign) =>
      document.send(
        new BatchWriteCommand({
          RequestItems: byTable(own, foreign, (keys) => keys.map((key) => ({ PutRequest: { Item: itemOf(key) } }))),
        }),
      ),
    'TransactGetItems over both': ({ document }, own, foreign) =>
      document.send(
        new TransactGetCommand({
          TransactItems: [own, foreign].map(({ table, key }) => ({ Get: { TableName: table, Key: { ...key } } })),
        }),
      ),
    ...Object.fromEntries(
      Object.entries(steps).map(([kind, { of }]) => [
        `transaction of an own Put and a foreign ${kind}`,
        ({ document }: Caller, own: Place, foreign: Place) =>
          document.send(
            new TransactWriteCommand({
              TransactItems: [steps.Put.of(own.table, own.key), of(foreign.table, foreign.key)],
            }),
          ),
      ]),
    ),
  };

function byTable<T>(own: Place, foreign: Place, of: (keys: Key[]) => T): Record<string, T> {
  if (own.table === foreign.table) return { [own.table]: of([{ ...own.key }, { ...foreign.key }]) };
  return { [own.table]: of([{ ...own.key }]), [foreign.table]: of([{ ...foreign.key }]) };
}

/** Keys that look like the own one and are not, and some that name the other tenant in the end. */
export const trickKeys = (own: Key, tenant: string, foreign: Key): readonly Key[] =>
  [
    '',
    '*',
    `${own.pk}x`,
    own.pk.slice(0, -1),
    own.pk.toUpperCase(),
    own.pk.toLowerCase(),
    `${own.pk} `,
    ` ${own.pk}`,
    `${own.pk}\u0000`,
    `${foreign.pk}#${own.pk}`,
    own.pk.replace(tenant, 'ten_*'),
    own.pk.replace(tenant, `ten_${'?'.repeat(26)}`),
    own.pk.replace(tenant, tenant.slice(0, -1)),
    own.pk.replace(tenant, ''),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM as text
    own.pk.replace(tenant, '${aws:PrincipalTag/TenantId}'),
  ]
    .filter((pk) => pk !== own.pk)
    .map((pk) => ({ pk, sk: own.sk }));
