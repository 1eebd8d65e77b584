import { tableName } from './request.ts';
import { boolean, integer, list, oneOf, optional, type ShapeOf, string, structure } from './shape.ts';
import { STREAM_VIEW_TYPES } from './table.ts';

/** The shapes of the requests that define tables. */

const attributeDefinitions = list(
  structure({ AttributeName: string({ min: 1, max: 255 }), AttributeType: oneOf(['S', 'N', 'B']) }),
  0,
  100,
);

const keySchema = list(
  structure({ AttributeName: string({ min: 1, max: 255 }), KeyType: oneOf(['HASH', 'RANGE']) }),
  1,
  2,
);

const projection = structure({
  ProjectionType: optional(oneOf(['ALL', 'KEYS_ONLY', 'INCLUDE'])),
  NonKeyAttributes: optional(list(string({ min: 1, max: 255 }), 1, 20)),
});

const units = integer(1, 1_000_000_000_000);
const provisionedThroughput = optional(structure({ ReadCapacityUnits: units, WriteCapacityUnits: units }));

const localIndex = { IndexName: tableName, KeySchema: keySchema, Projection: projection } as const;
const globalIndex = { ...localIndex, ProvisionedThroughput: provisionedThroughput } as const;

const streamSpecification = optional(
  structure({ StreamEnabled: boolean, StreamViewType: optional(oneOf(STREAM_VIEW_TYPES)) }),
);

const encryption = optional(
  structure({
    Enabled: optional(boolean),
    SSEType: optional(oneOf(['AES256', 'KMS'])),
    KMSMasterKeyId: optional(string({ max: 2_048 })),
  }),
);

const tag = structure({ Key: string({ min: 1, max: 128 }), Value: string({ max: 256 }) });
const tags = list(tag, 0, 50);
const resourceArn = string({ min: 1, max: 1_283 });

const changeable = {
  TableName: tableName,
  BillingMode: optional(oneOf(['PROVISIONED', 'PAY_PER_REQUEST'])),
  ProvisionedThroughput: provisionedThroughput,
  StreamSpecification: streamSpecification,
  SSESpecification: encryption,
  TableClass: optional(oneOf(['STANDARD', 'STANDARD_INFREQUENT_ACCESS'])),
  DeletionProtectionEnabled: optional(boolean),
} as const;

export const createTable = structure({
  ...changeable,
  AttributeDefinitions: attributeDefinitions,
  KeySchema: keySchema,
  LocalSecondaryIndexes: optional(list(structure(localIndex), 1, 5)),
  GlobalSecondaryIndexes: optional(list(structure(globalIndex), 1, 20)),
  Tags: optional(tags),
});

export const updateTable = structure({
  ...changeable,
  AttributeDefinitions: optional(attributeDefinitions),
  GlobalSecondaryIndexUpdates: optional(
    list(
      structure({
        Create: optional(structure(globalIndex)),
        Update: optional(structure({ IndexName: tableName, ProvisionedThroughput: provisionedThroughput })),
        Delete: optional(structure({ IndexName: tableName })),
      }),
      1,
      20,
    ),
  ),
});

export const namedTable = structure({ TableName: tableName });

export const listTables = structure({
  ExclusiveStartTableName: optional(tableName),
  Limit: optional(integer(1, 100)),
});

export const updateTimeToLive = structure({
  TableName: tableName,
  TimeToLiveSpecification: structure({ AttributeName: string({ min: 1, max: 255 }), Enabled: boolean }),
});

export const updateContinuousBackups = structure({
  TableName: tableName,
  PointInTimeRecoverySpecification: structure({
    PointInTimeRecoveryEnabled: boolean,
    RecoveryPeriodInDays: optional(integer(1, 35)),
  }),
});

export const tagResource = structure({ ResourceArn: resourceArn, Tags: tags });
export const untagResource = structure({ ResourceArn: resourceArn, TagKeys: list(string({ max: 128 }), 0, 50) });
export const listTagsOfResource = structure({ ResourceArn: resourceArn, NextToken: optional(string()) });
export const noParameters = structure({});

export type CreateTableRequest = ShapeOf<typeof createTable>;
export type UpdateTableRequest = ShapeOf<typeof updateTable>;
export type GlobalIndexRequest = NonNullable<CreateTableRequest['GlobalSecondaryIndexes']>[number];
export type LocalIndexRequest = NonNullable<CreateTableRequest['LocalSecondaryIndexes']>[number];
