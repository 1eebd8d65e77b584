import { randomUUID } from 'node:crypto';
import { AwsError, type AwsRequest, type Engine, type Operation } from '../aws/engine.ts';
import type { Item } from './attribute-value.ts';
import { prepareBatchGetItem, prepareBatchWriteItem } from './batch.ts';
import { Catalogue } from './catalogue.ts';
import type { Context, Prepare } from './context.ts';
import { serializationError } from './errors.ts';
import { sweepExpired } from './expiry.ts';
import { Items } from './items.ts';
import { prepareQuery } from './query.ts';
import { prepareGetItem } from './read.ts';
import { prepareScan } from './scan.ts';
import { prepareDeleteItem, preparePutItem, prepareUpdateItem } from './single-write.ts';
import { allItems } from './source-rows.ts';
import { Store } from './store.ts';
import { StreamLog } from './stream-log.ts';
import { prepareDescribeStream, prepareGetRecords, prepareGetShardIterator, prepareListStreams } from './streams.ts';
import {
  prepareDescribeContinuousBackups,
  prepareDescribeLimits,
  prepareDescribeTimeToLive,
  prepareListTagsOfResource,
  prepareTagResource,
  prepareUntagResource,
  prepareUpdateContinuousBackups,
  prepareUpdateTimeToLive,
} from './table-settings.ts';
import { type EnsuredTable, ensureTable, type TableSpec } from './table-spec.ts';
import {
  prepareCreateTable,
  prepareDeleteTable,
  prepareDescribeTable,
  prepareListTables,
  prepareUpdateTable,
} from './tables.ts';
import { prepareTransactGetItems, prepareTransactWriteItems } from './transact.ts';
import { unsupported } from './unsupported.ts';

export interface DynamoDbEngineOptions {
  /** The folder for `dynamodb.db`. */
  readonly dir: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly accountId: string;
  readonly region: string;
  /** Called after every commit that added records to a stream. */
  readonly onStreamRecords?: (streamArn: string, tableName: string) => void;
  /** How often expired items are looked for, in milliseconds; 10 seconds unless given. */
  readonly sweepIntervalMs?: number;
}

export interface TableSummary {
  readonly name: string;
  readonly arn: string;
  readonly itemCount: number;
  readonly bytes: number;
  readonly indexes: readonly string[];
  readonly streamArn?: string;
  readonly ttlAttribute?: string;
}

export interface DynamoDbEngine extends Engine {
  /**
   * Creates a table, or brings one that exists into line with the spec; items stay.
   * @throws {Error} When an existing table has other keys or local indexes.
   */
  ensureTable(spec: TableSpec): Promise<EnsuredTable>;
  /** Calls back after every commit that added records to the table's stream. @returns How to stop it. */
  onChange(tableName: string, callback: () => void): () => void;
  /** Deletes the items whose time has come, now. @returns How many. */
  sweep(): Promise<number>;
  tables(): Promise<readonly TableSummary[]>;
  /** The first items in scan order, in DynamoDB JSON. @throws {AwsError} `ResourceNotFoundException` */
  items(tableName: string, limit: number): Promise<readonly Item[]>;
}

const BODY_BYTES_MAX = 16 * 1_024 * 1_024;
const JSON_TYPE = 'application/x-amz-json-1.0';

const TARGETS = {
  DynamoDB_20120810: {
    BatchGetItem: prepareBatchGetItem,
    BatchWriteItem: prepareBatchWriteItem,
    CreateTable: prepareCreateTable,
    DeleteItem: prepareDeleteItem,
    DeleteTable: prepareDeleteTable,
    DescribeContinuousBackups: prepareDescribeContinuousBackups,
    DescribeLimits: prepareDescribeLimits,
    DescribeTable: prepareDescribeTable,
    DescribeTimeToLive: prepareDescribeTimeToLive,
    GetItem: prepareGetItem,
    ListTables: prepareListTables,
    ListTagsOfResource: prepareListTagsOfResource,
    PutItem: preparePutItem,
    Query: prepareQuery,
    Scan: prepareScan,
    TagResource: prepareTagResource,
    TransactGetItems: prepareTransactGetItems,
    TransactWriteItems: prepareTransactWriteItems,
    UntagResource: prepareUntagResource,
    UpdateContinuousBackups: prepareUpdateContinuousBackups,
    UpdateItem: prepareUpdateItem,
    UpdateTable: prepareUpdateTable,
    UpdateTimeToLive: prepareUpdateTimeToLive,
  },
  DynamoDBStreams_20120810: {
    DescribeStream: prepareDescribeStream,
    GetRecords: prepareGetRecords,
    GetShardIterator: prepareGetShardIterator,
    ListStreams: prepareListStreams,
  },
} as const satisfies Record<string, Record<string, Prepare>>;

const PREPARES: ReadonlyMap<string, Prepare> = new Map(
  Object.entries(TARGETS).flatMap(([prefix, operations]) =>
    Object.entries(operations).map(([name, prepare]) => [`${prefix}.${name}`, prepare] as const),
  ),
);

function parseBody(body: Buffer): unknown {
  if (body.length > BODY_BYTES_MAX) throw new AwsError('RequestEntityTooLarge', 'Request is too large', 413);
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw serializationError('The request body is not JSON');
  }
}

function prepare(context: Context, request: AwsRequest): Operation {
  const target = request.headers['x-amz-target'] ?? '';
  const name = target.slice(target.indexOf('.') + 1);
  const prepareBody = PREPARES.get(target);
  if (!prepareBody) {
    const refused = target.startsWith('DynamoDB_') ? unsupported(context, name, parseBody(request.body)) : undefined;
    if (refused) return refused;
    throw new AwsError('UnknownOperationException', `The operation ${target.slice(0, 100)} is not known`);
  }
  const prepared = prepareBody(context, parseBody(request.body));
  return {
    name,
    requires: prepared.requires,
    run: async () => ({ headers: { 'content-type': JSON_TYPE }, body: prepared.run() }),
  };
}

/** DynamoDB and DynamoDB Streams over one SQLite file. */
export async function createDynamoDbEngine(options: DynamoDbEngineOptions): Promise<DynamoDbEngine> {
  const now = options.now ?? Date.now;
  const listeners = new Map<string, Set<() => void>>();
  const changed = new Map<string, string>();
  const announce = () => {
    const announced = [...changed];
    changed.clear();
    for (const [streamArn, tableName] of announced) {
      options.onStreamRecords?.(streamArn, tableName);
      for (const listener of listeners.get(tableName) ?? []) listener();
    }
  };
  const store = new Store(options.dir);
  const log = new StreamLog({
    store,
    region: options.region,
    now,
    onRecords: (streamArn, tableName) => {
      if (changed.size === 0) queueMicrotask(announce);
      changed.set(streamArn, tableName);
    },
  });
  const { accountId, region } = options;
  const catalogue = new Catalogue(store);
  const items = new Items(store, log);
  const context: Context = { accountId, region, store, catalogue, items, log, now, uuid: randomUUID };

  let isClosed = false;
  let sweeping = Promise.resolve(0);
  const sweep = () => {
    sweeping = sweeping.then(() => {
      if (isClosed) return 0;
      log.trim();
      return sweepExpired(context, () => isClosed);
    });
    return sweeping;
  };
  const timer = setInterval(() => void sweep(), options.sweepIntervalMs ?? 10_000);
  timer.unref();

  return {
    services: ['dynamodb'],
    protocol: 'json',
    prepare: (request) => prepare(context, request),
    ensureTable: async (spec) => ensureTable(context, spec),
    onChange(tableName, callback) {
      const callbacks = listeners.get(tableName) ?? new Set();
      listeners.set(tableName, callbacks.add(callback));
      return () => void callbacks.delete(callback);
    },
    sweep,
    tables: async () =>
      catalogue.all().map((table) => {
        const { count, bytes } = items.totals(table);
        return {
          name: table.name,
          arn: table.arn,
          itemCount: count,
          bytes,
          indexes: table.indexes.map(({ name }) => name),
          ...(table.stream ? { streamArn: table.stream.arn } : {}),
          ...(table.ttlAttribute === undefined ? {} : { ttlAttribute: table.ttlAttribute }),
        };
      }),
    async items(tableName, limit) {
      const first: Item[] = [];
      for (const item of allItems(store, { table: catalogue.need(tableName) }, {})) {
        if (first.length >= limit) break;
        first.push(item);
      }
      return first;
    },
    async close() {
      isClosed = true;
      clearInterval(timer);
      await sweeping;
      store.close();
    },
  };
}
