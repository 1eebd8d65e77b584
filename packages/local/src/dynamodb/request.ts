import { type AttributeValue, parseAttributeValue } from './attribute-value.ts';
import { LEGACY_COMPARATORS } from './legacy.ts';
import {
  boolean,
  integer,
  item,
  list,
  map,
  oneOf,
  optional,
  type Shape,
  type ShapeOf,
  string,
  structure,
} from './shape.ts';

/** The shapes of the requests that read and write items. */

export const tableName = string({ min: 3, max: 255, pattern: /^[a-zA-Z0-9_.-]+$/ });
const attributeValue: Shape<AttributeValue> = (value) => parseAttributeValue(value);
const returnConsumedCapacity = optional(oneOf(['INDEXES', 'TOTAL', 'NONE']));
const returnItemCollectionMetrics = optional(oneOf(['SIZE', 'NONE']));
const returnValuesOnConditionCheckFailure = optional(oneOf(['ALL_OLD', 'NONE']));
const conditionalOperator = optional(oneOf(['AND', 'OR']));
const attributesToGet = optional(list(string(), 1, 255));
const names = optional(map(string({ max: 65_535 }), 0, 10_000));
const values = optional(map(attributeValue, 0, 10_000));

const legacyCondition = structure({
  ComparisonOperator: optional(oneOf(LEGACY_COMPARATORS)),
  AttributeValueList: optional(list(attributeValue, 0, 100)),
});

const expected = optional(
  map(
    structure({
      ComparisonOperator: optional(oneOf(LEGACY_COMPARATORS)),
      AttributeValueList: optional(list(attributeValue, 0, 100)),
      Exists: optional(boolean),
      Value: optional(attributeValue),
    }),
    0,
    1_000,
  ),
);

const conditional = {
  ConditionExpression: optional(string()),
  ExpressionAttributeNames: names,
  ExpressionAttributeValues: values,
  ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
} as const;

const single = {
  TableName: tableName,
  Expected: expected,
  ConditionalOperator: conditionalOperator,
  ReturnValues: optional(oneOf(['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'])),
  ReturnConsumedCapacity: returnConsumedCapacity,
  ReturnItemCollectionMetrics: returnItemCollectionMetrics,
  ...conditional,
} as const;

export const putItem = structure({ ...single, Item: item });
export const deleteItem = structure({ ...single, Key: item });
export const updateItem = structure({
  ...single,
  Key: item,
  UpdateExpression: optional(string()),
  AttributeUpdates: optional(
    map(structure({ Action: optional(oneOf(['PUT', 'ADD', 'DELETE'])), Value: optional(attributeValue) }), 0, 1_000),
  ),
});

export const getItem = structure({
  TableName: tableName,
  Key: item,
  AttributesToGet: attributesToGet,
  ProjectionExpression: optional(string()),
  ExpressionAttributeNames: names,
  ConsistentRead: optional(boolean),
  ReturnConsumedCapacity: returnConsumedCapacity,
});

const reading = {
  TableName: tableName,
  IndexName: optional(tableName),
  Select: optional(oneOf(['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT'])),
  AttributesToGet: attributesToGet,
  Limit: optional(integer(1, 2 ** 31 - 1)),
  ConsistentRead: optional(boolean),
  ConditionalOperator: conditionalOperator,
  ExclusiveStartKey: optional(item),
  ReturnConsumedCapacity: returnConsumedCapacity,
  ProjectionExpression: optional(string()),
  FilterExpression: optional(string()),
  ExpressionAttributeNames: names,
  ExpressionAttributeValues: values,
} as const;

export const query = structure({
  ...reading,
  KeyConditions: optional(map(legacyCondition, 0, 100)),
  QueryFilter: optional(map(legacyCondition, 0, 1_000)),
  ScanIndexForward: optional(boolean),
  KeyConditionExpression: optional(string()),
});

export const scan = structure({
  ...reading,
  ScanFilter: optional(map(legacyCondition, 0, 1_000)),
  TotalSegments: optional(integer(1, 1_000_000)),
  Segment: optional(integer(0, 999_999)),
});

export const batchGetItem = structure({
  RequestItems: map(
    structure({
      Keys: list(item, 1, 100),
      AttributesToGet: attributesToGet,
      ConsistentRead: optional(boolean),
      ProjectionExpression: optional(string()),
      ExpressionAttributeNames: names,
    }),
    1,
    100,
  ),
  ReturnConsumedCapacity: returnConsumedCapacity,
});

export const batchWriteItem = structure({
  RequestItems: map(
    list(
      structure({
        PutRequest: optional(structure({ Item: item })),
        DeleteRequest: optional(structure({ Key: item })),
      }),
      1,
      25,
    ),
    1,
    25,
  ),
  ReturnConsumedCapacity: returnConsumedCapacity,
  ReturnItemCollectionMetrics: returnItemCollectionMetrics,
});

export const transactWriteItems = structure({
  TransactItems: list(
    structure({
      Put: optional(structure({ TableName: tableName, Item: item, ...conditional })),
      Update: optional(structure({ TableName: tableName, Key: item, UpdateExpression: string(), ...conditional })),
      Delete: optional(structure({ TableName: tableName, Key: item, ...conditional })),
      ConditionCheck: optional(
        structure({ TableName: tableName, Key: item, ...conditional, ConditionExpression: string() }),
      ),
    }),
    1,
    100,
  ),
  ClientRequestToken: optional(string({ min: 1, max: 36 })),
  ReturnConsumedCapacity: returnConsumedCapacity,
  ReturnItemCollectionMetrics: returnItemCollectionMetrics,
});

export const transactGetItems = structure({
  TransactItems: list(
    structure({
      Get: structure({
        TableName: tableName,
        Key: item,
        ProjectionExpression: optional(string()),
        ExpressionAttributeNames: names,
      }),
    }),
    1,
    100,
  ),
  ReturnConsumedCapacity: returnConsumedCapacity,
});

export type QueryRequest = ShapeOf<typeof query>;
export type ScanRequest = ShapeOf<typeof scan>;
export type ReturnConsumedCapacity = 'INDEXES' | 'TOTAL' | 'NONE';
