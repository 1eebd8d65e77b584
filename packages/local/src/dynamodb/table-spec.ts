import type { ScalarKeyType } from './attribute-value.ts';
import type { Context } from './context.ts';
import type { KeySchema } from './key.ts';
import type { IndexProjection, StreamViewType, Table } from './table.ts';
import type { Attributes } from './table-definition.ts';
import {
  type GlobalIndexRequest,
  type LocalIndexRequest,
  namedTable,
  type UpdateTableRequest,
} from './table-request.ts';
import { setPointInTimeRecovery, setTimeToLive } from './table-settings.ts';
import { createTableAs, updateTableAs } from './tables.ts';

export interface KeySpec {
  readonly hash: string;
  readonly range?: string;
}

export interface IndexSpec {
  readonly indexName: string;
  readonly keySchema: KeySpec;
  /** `ALL` unless said otherwise; a list is of further attributes (`INCLUDE`). */
  readonly projection?: IndexProjection;
}

/** A table as infrastructure declares it. */
export interface TableSpec {
  readonly tableName: string;
  /** Types of all key attributes, of the table and of its indexes. */
  readonly attributes: Readonly<Record<string, ScalarKeyType>>;
  readonly keySchema: KeySpec;
  readonly gsis?: readonly IndexSpec[];
  readonly lsis?: readonly IndexSpec[];
  readonly streamViewType?: StreamViewType;
  /** The last segment of the stream's ARN where it must be known beforehand; otherwise the time of creation. */
  readonly streamLabel?: string;
  readonly ttlAttribute?: string;
  /** Point-in-time recovery; only recorded. */
  readonly pitr?: boolean;
  readonly deletionProtection?: boolean;
}

export interface EnsuredTable {
  readonly arn: string;
  readonly streamArn?: string;
}

const POINT_IN_TIME_DAYS = 35;

const keySchemaJson = ({ hash, range }: KeySpec) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
];

const indexRequest = ({
  indexName,
  keySchema,
  projection = 'ALL',
}: IndexSpec): GlobalIndexRequest & LocalIndexRequest => ({
  IndexName: indexName,
  KeySchema: keySchemaJson(keySchema),
  Projection:
    typeof projection === 'string'
      ? { ProjectionType: projection }
      : { ProjectionType: 'INCLUDE', NonKeyAttributes: projection },
});

const definitionsJson = (attributes: Attributes) =>
  Object.entries(attributes).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));

/**
 * Creates the table, or brings one that exists into line: global indexes, stream, TTL, recovery and protection follow
 * the spec; items stay.
 * @throws {Error} When an existing table has other keys or local indexes, which cannot be changed without losing it.
 */
export function ensureTable(context: Context, spec: TableSpec): EnsuredTable {
  namedTable({ TableName: spec.tableName }, '');
  return context.store.transaction(() => {
    const existing = context.catalogue.find(spec.tableName);
    let table = existing ? adopt(context, existing, spec) : create(context, spec);
    if (table.ttlAttribute !== spec.ttlAttribute) table = setTimeToLive(context, table, spec.ttlAttribute);
    const isRecoverable = table.pointInTimeRecovery !== undefined;
    if (isRecoverable !== (spec.pitr ?? false)) {
      table = setPointInTimeRecovery(context, table, spec.pitr ? POINT_IN_TIME_DAYS : undefined);
    }
    return { arn: table.arn, ...(table.stream ? { streamArn: table.stream.arn } : {}) };
  });
}

function create(context: Context, spec: TableSpec): Table {
  return createTableAs(
    context,
    {
      TableName: spec.tableName,
      AttributeDefinitions: definitionsJson(spec.attributes),
      KeySchema: keySchemaJson(spec.keySchema),
      BillingMode: 'PAY_PER_REQUEST',
      ...(spec.gsis?.length ? { GlobalSecondaryIndexes: spec.gsis.map(indexRequest) } : {}),
      ...(spec.lsis?.length ? { LocalSecondaryIndexes: spec.lsis.map(indexRequest) } : {}),
      ...(spec.streamViewType
        ? { StreamSpecification: { StreamEnabled: true, StreamViewType: spec.streamViewType } }
        : {}),
      ...(spec.deletionProtection ? { DeletionProtectionEnabled: true } : {}),
    },
    spec.streamLabel,
  );
}

/** A key schema as one text, from a spec and from a table alike. */
const specText = ({ hash, range }: KeySpec, attributes: Attributes) =>
  JSON.stringify([hash, attributes[hash], range ?? null, range === undefined ? null : (attributes[range] ?? null)]);
const keysText = ({ partition, sort }: KeySchema) =>
  JSON.stringify([partition.name, partition.type, sort?.name ?? null, sort?.type ?? null]);

function adopt(context: Context, table: Table, spec: TableSpec): Table {
  const incompatible = (what: string) =>
    new Error(`the table ${table.name} exists with another ${what}; start afresh to replace it and lose its items`);
  if (specText(spec.keySchema, spec.attributes) !== keysText(table.keys)) throw incompatible('key');
  const held = indexTexts(table, 'local');
  const wanted = specTexts(spec.lsis ?? [], spec.attributes);
  if (held.size !== wanted.size || [...wanted].some(([name, content]) => held.get(name) !== content)) {
    throw incompatible('set of local indexes');
  }
  adoptGlobalIndexes(context, table, spec);
  adoptStream(context, table, spec);
  return updateTableAs(context, {
    TableName: table.name,
    DeletionProtectionEnabled: spec.deletionProtection ?? false,
  });
}

const indexTexts = (table: Table, scope: 'global' | 'local') =>
  new Map(
    table.indexes
      .filter((index) => index.scope === scope)
      .map(({ name, keys, projection }) => [name, keysText(keys) + JSON.stringify(projection)]),
  );

const specTexts = (specs: readonly IndexSpec[], attributes: Attributes) =>
  new Map(
    specs.map(({ indexName, keySchema, projection = 'ALL' }) => [
      indexName,
      specText(keySchema, attributes) + JSON.stringify(projection),
    ]),
  );

function adoptGlobalIndexes(context: Context, table: Table, spec: TableSpec): void {
  const held = indexTexts(table, 'global');
  const wanted = specTexts(spec.gsis ?? [], spec.attributes);
  const gone = [...held].filter(([name, content]) => wanted.get(name) !== content);
  const fresh = (spec.gsis ?? []).filter(({ indexName }) => held.get(indexName) !== wanted.get(indexName));
  const changes = [
    ...gone.map(([name]) => ({ Delete: { IndexName: name } })),
    ...fresh.map((index) => ({ Create: indexRequest(index) })),
  ];
  if (changes.length === 0) return;
  updateTableAs(context, {
    TableName: table.name,
    AttributeDefinitions: definitionsJson(spec.attributes),
    GlobalSecondaryIndexUpdates: changes,
  });
}

function adoptStream(context: Context, table: Table, spec: TableSpec): void {
  const isLabelled = !table.stream || spec.streamLabel === undefined || table.stream.label === spec.streamLabel;
  if (table.stream?.viewType === spec.streamViewType && isLabelled) return;
  const change = (StreamSpecification: UpdateTableRequest['StreamSpecification']) =>
    updateTableAs(
      context,
      { TableName: table.name, ...(StreamSpecification ? { StreamSpecification } : {}) },
      spec.streamLabel,
    );
  if (table.stream) change({ StreamEnabled: false });
  if (spec.streamViewType) change({ StreamEnabled: true, StreamViewType: spec.streamViewType });
}
