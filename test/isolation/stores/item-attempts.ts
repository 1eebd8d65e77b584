import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Caller } from './caller.ts';
import { eventFields, type Key } from './store-cases.ts';

/** A call on items, with what IAM is asked for each of them. */
export interface ItemAttempt {
  readonly name: string;
  readonly action: string;
  /** All that the call names. */
  readonly attributes: readonly string[];
  /** Whether it takes more than one key. */
  readonly several: boolean;
  readonly writes: boolean;
  readonly run: (caller: Caller, TableName: string, keys: readonly Key[]) => Promise<unknown>;
}

const keyNames = ['pk', 'sk'];
const itemNames = [...keyNames, ...Object.keys(eventFields)];
/** A row that every table takes. */
export const itemOf = (key: Key) => ({ ...key, ...eventFields });

/** An update of one attribute. */
export const naming = (attribute: string) => ({
  UpdateExpression: 'SET #attribute = :value',
  ExpressionAttributeNames: { '#attribute': attribute },
  ExpressionAttributeValues: { ':value': 'attempt' },
});

type OnOne = (caller: Caller, TableName: string, key: Key) => Promise<unknown>;
const onFirst =
  (run: OnOne): ItemAttempt['run'] =>
  async (caller, TableName, [key]) => {
    if (key) return run(caller, TableName, key);
  };

const reading = (action: string, name: string, run: OnOne): ItemAttempt => ({
  name,
  action,
  attributes: keyNames,
  several: false,
  writes: false,
  run: onFirst(run),
});
const writing = (action: string, name: string, attributes: readonly string[], run: OnOne): ItemAttempt => ({
  name,
  action,
  attributes,
  several: false,
  writes: true,
  run: onFirst(run),
});

type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One step of a transaction. */
export const steps = {
  Put: {
    action: 'PutItem',
    attributes: itemNames,
    of: (TableName, key) => ({ Put: { TableName, Item: itemOf(key) } }),
  },
  Update: {
    action: 'UpdateItem',
    attributes: [...keyNames, 'name'],
    of: (TableName, Key) => ({ Update: { TableName, Key: { ...Key }, ...naming('name') } }),
  },
  Delete: {
    action: 'DeleteItem',
    attributes: keyNames,
    of: (TableName, Key) => ({ Delete: { TableName, Key: { ...Key } } }),
  },
  ConditionCheck: {
    action: 'ConditionCheckItem',
    attributes: [...keyNames, 'nothing'],
    of: (TableName, Key) => ({
      ConditionCheck: { TableName, Key: { ...Key }, ConditionExpression: 'attribute_not_exists(nothing)' },
    }),
  },
} as const satisfies Record<
  string,
  { action: string; attributes: readonly string[]; of: (TableName: string, key: Key) => Write }
>;

const transactions = Object.entries(steps).map(
  ([kind, { action, attributes, of }]): ItemAttempt => ({
    name: `transaction of ${kind}`,
    action,
    attributes,
    several: true,
    writes: true,
    run: ({ document }, TableName, keys) =>
      document.send(new TransactWriteCommand({ TransactItems: keys.map((key) => of(TableName, key)) })),
  }),
);

/** Every way to read or write an item by its key. */
export const itemAttempts: readonly ItemAttempt[] = [
  reading('GetItem', 'GetItem', ({ document }, TableName, Key) =>
    document.send(new GetCommand({ TableName, Key: { ...Key } })),
  ),
  reading('Query', 'Query', ({ document }, TableName, { pk }) =>
    document.send(
      new QueryCommand({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } }),
    ),
  ),
  reading('Query', 'Query in its old form', ({ document }, TableName, { pk }) =>
    document.send(
      new QueryCommand({ TableName, KeyConditions: { pk: { ComparisonOperator: 'EQ', AttributeValueList: [pk] } } }),
    ),
  ),
  writing('PutItem', 'PutItem', itemNames, ({ document }, TableName, key) =>
    document.send(new PutCommand({ TableName, Item: itemOf(key) })),
  ),
  writing('PutItem', 'PutItem of a role', [...keyNames, 'role'], ({ document }, TableName, key) =>
    document.send(new PutCommand({ TableName, Item: { ...key, role: 'attempt' } })),
  ),
  ...['name', 'status', 'role', 'faults'].map((attribute) =>
    writing('UpdateItem', `UpdateItem of the ${attribute}`, [...keyNames, attribute], ({ document }, TableName, Key) =>
      document.send(new UpdateCommand({ TableName, Key: { ...Key }, ...naming(attribute) })),
    ),
  ),
  writing('DeleteItem', 'DeleteItem', keyNames, ({ document }, TableName, Key) =>
    document.send(new DeleteCommand({ TableName, Key: { ...Key }, ReturnValues: 'ALL_OLD' })),
  ),
  {
    name: 'BatchGetItem',
    action: 'BatchGetItem',
    attributes: keyNames,
    several: true,
    writes: false,
    run: ({ document }, TableName, keys) =>
      document.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys: keys.map((key) => ({ ...key })) } } })),
  },
  {
    name: 'BatchWriteItem of puts',
    action: 'BatchWriteItem',
    attributes: itemNames,
    several: true,
    writes: true,
    run: ({ document }, TableName, keys) =>
      document.send(
        new BatchWriteCommand({
          RequestItems: { [TableName]: keys.map((key) => ({ PutRequest: { Item: itemOf(key) } })) },
        }),
      ),
  },
  {
    name: 'BatchWriteItem of deletes',
    action: 'BatchWriteItem',
    attributes: keyNames,
    several: true,
    writes: true,
    run: ({ document }, TableName, keys) =>
      document.send(
        new BatchWriteCommand({
          RequestItems: { [TableName]: keys.map((key) => ({ DeleteRequest: { Key: { ...key } } })) },
        }),
      ),
  },
  {
    name: 'TransactGetItems',
    action: 'GetItem',
    attributes: keyNames,
    several: true,
    writes: false,
    run: ({ document }, TableName, keys) =>
      document.send(
        new TransactGetCommand({ TransactItems: keys.map((key) => ({ Get: { TableName, Key: { ...key } } })) }),
      ),
  },
  ...transactions,
];
