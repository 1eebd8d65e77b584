import { type KeySchema, keyAttributes } from './key.ts';
import type { Index, Table, Throughput } from './table.ts';

/** Tables as the API describes them. */

export const keySchemaJson = (keys: KeySchema) =>
  keyAttributes(keys).map(({ name }, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' }));

const throughputJson = (throughput: Throughput | undefined) => ({
  NumberOfDecreasesToday: 0,
  ReadCapacityUnits: throughput?.read ?? 0,
  WriteCapacityUnits: throughput?.write ?? 0,
});

function indexJson(table: Table, index: Index) {
  return {
    IndexName: index.name,
    IndexArn: `${table.arn}/index/${index.name}`,
    KeySchema: keySchemaJson(index.keys),
    Projection:
      typeof index.projection === 'string'
        ? { ProjectionType: index.projection }
        : { ProjectionType: 'INCLUDE', NonKeyAttributes: index.projection },
    IndexSizeBytes: 0,
    ItemCount: 0,
    ...(index.scope === 'global'
      ? { IndexStatus: 'ACTIVE', ProvisionedThroughput: throughputJson(index.throughput) }
      : {}),
  };
}

export function describe(
  table: Table,
  totals: { readonly count: number; readonly bytes: number },
  status: 'ACTIVE' | 'DELETING' = 'ACTIVE',
) {
  const indexes = (scope: Index['scope']) =>
    table.indexes.filter((index) => index.scope === scope).map((index) => indexJson(table, index));
  const [local, global] = [indexes('local'), indexes('global')];
  return {
    TableName: table.name,
    TableArn: table.arn,
    TableId: table.uuid,
    TableStatus: status,
    CreationDateTime: table.createdAt / 1_000,
    AttributeDefinitions: Object.entries(table.attributes).map(([name, type]) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    KeySchema: keySchemaJson(table.keys),
    ItemCount: totals.count,
    TableSizeBytes: totals.bytes,
    ProvisionedThroughput: throughputJson(table.billing === 'PAY_PER_REQUEST' ? undefined : table.billing),
    DeletionProtectionEnabled: table.deletionProtection,
    ...(table.billing === 'PAY_PER_REQUEST' ? { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } } : {}),
    ...(local.length > 0 ? { LocalSecondaryIndexes: local } : {}),
    ...(global.length > 0 ? { GlobalSecondaryIndexes: global } : {}),
    ...(table.stream ? { StreamSpecification: { StreamEnabled: true, StreamViewType: table.stream.viewType } } : {}),
    ...(table.streamLatest
      ? { LatestStreamArn: table.streamLatest.arn, LatestStreamLabel: table.streamLatest.label }
      : {}),
    ...(table.tableClass ? { TableClassSummary: { TableClass: table.tableClass } } : {}),
    ...(table.encryption
      ? {
          SSEDescription: {
            Status: 'ENABLED',
            SSEType: 'KMS',
            ...(table.encryption.kmsKeyId ? { KMSMasterKeyArn: table.encryption.kmsKeyId } : {}),
          },
        }
      : {}),
  };
}

export function continuousBackupsJson(table: Table, now: number) {
  const recovery = table.pointInTimeRecovery;
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: recovery
        ? {
            PointInTimeRecoveryStatus: 'ENABLED',
            RecoveryPeriodInDays: recovery.days,
            EarliestRestorableDateTime: recovery.enabledAt / 1_000,
            LatestRestorableDateTime: now / 1_000,
          }
        : { PointInTimeRecoveryStatus: 'DISABLED' },
    },
  };
}
