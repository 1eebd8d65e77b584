import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, GetCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Table } from '@tenantry/core/control/table';
import { batchWrite } from '@tenantry/core/dynamodb/batch-write';
import { siloEventsTable } from '@tenantry/core/events/store';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { type TenantBucket, type TenantTable, tenantBuckets, tenantTables } from '@tenantry/core/isolation/profiles';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import { startHarness } from '@tenantry/local/dynamodb/test/harness';
import { createS3Engine } from '@tenantry/local/s3/engine';
import { serve } from '@tenantry/local/s3/testing/harness';

const keys = {
  attributes: { pk: 'S', sk: 'S' },
  keySchema: { hash: 'pk', range: 'sk' },
} as const;
const account = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

const OBJECTS_AT_ONCE = 25;

type Row = Readonly<Record<string, unknown>>;

/** The tables and buckets of a stage without the rest of it, and without policies: for what operations do to rows and objects, by real clients. */
export type Stores = Awaited<ReturnType<typeof startStores>>;

export async function startStores() {
  const dynamo = await startHarness();
  const connect = (): DynamoDBDocumentClient =>
    DynamoDBDocumentClient.from(new DynamoDBClient({ ...account, endpoint: dynamo.endpoint }), {
      marshallOptions: { removeUndefinedValues: true },
    });
  const client = connect();
  const table = (name: TenantTable): Table => ({ client, name });
  for (const tableName of tenantTables) {
    await dynamo.engine.ensureTable(
      tableName === 'Control' || tableName === 'Usage'
        ? {
            tableName,
            attributes: { ...keys.attributes, gsi1pk: 'S', gsi1sk: 'S' },
            keySchema: keys.keySchema,
            gsis: [{ indexName: 'gsi1', keySchema: { hash: 'gsi1pk', range: 'gsi1sk' } }],
          }
        : { tableName, ...keys },
    );
  }
  const dir = mkdtempSync(join(tmpdir(), 'stores-'));
  const engine = await createS3Engine({ dir, accountId: '000000000000', region: 'us-east-1' });
  for (const name of tenantBuckets) engine.ensureBucket(name.toLowerCase());
  const harness = await serve(engine);
  const s3 = new S3Client({ ...account, endpoint: harness.url, forcePathStyle: true });
  const bucket = (name: TenantBucket) => ({ client: s3, bucket: name.toLowerCase() });

  return {
    table,
    bucket,
    /** Where the tables answer. */
    endpoint: dynamo.endpoint,
    /** A table that can be read, and whose writes come to this: an error, or nothing at all behind an answer that says otherwise. */
    unwritable({ name }: Table, how: 'refuses' | 'forgets'): Table {
      const reader = connect();
      reader.middlewareStack.add(
        (next, { commandName }) =>
          async (args) => {
            if (commandName !== 'BatchWriteItemCommand') return next(args);
            if (how === 'refuses') throw new Error('The table takes no writes');
            return { output: { $metadata: {}, UnprocessedItems: {} }, response: {} };
          },
        { step: 'initialize' },
      );
      return { client: reader, name };
    },
    /** A bucket that can be read, and keeps the objects that it is asked to delete. */
    undeletable(name: TenantBucket) {
      const client = new S3Client({ ...account, endpoint: harness.url, forcePathStyle: true });
      client.middlewareStack.add(
        (next, { commandName }) =>
          async (args) =>
            commandName === 'DeleteObjectsCommand'
              ? { output: { $metadata: {}, Errors: [{ Key: 'a', Code: 'AccessDenied' }] }, response: {} }
              : next(args),
        { step: 'initialize' },
      );
      return { client, bucket: name.toLowerCase() };
    },
    /** The registry, as operations on tenants take it. */
    tenants: { control: table('Control'), auditTable: 'Audit' },
    siloEvents: (tenantId: TenantId): Table => ({ client, name: siloEventsTable('silo-', tenantId) }),
    async makeSiloEvents(tenantId: TenantId): Promise<void> {
      await dynamo.engine.ensureTable({ tableName: siloEventsTable('silo-', tenantId), ...keys });
    },
    async put(name: TenantTable, ...rows: readonly Row[]): Promise<void> {
      await batchWrite([{ table: table(name), puts: rows }]);
    },
    async putObjects(name: TenantBucket, ...objectKeys: readonly string[]): Promise<void> {
      for (let start = 0; start < objectKeys.length; start += OBJECTS_AT_ONCE) {
        await Promise.all(
          objectKeys
            .slice(start, start + OBJECTS_AT_ONCE)
            .map((Key) => s3.send(new PutObjectCommand({ Bucket: name.toLowerCase(), Key, Body: 'content' }))),
        );
      }
    },
    async read(name: TenantTable, Key: { readonly pk: string; readonly sk: string }): Promise<Row | undefined> {
      return (await client.send(new GetCommand({ TableName: name, Key, ConsistentRead: true }))).Item;
    },
    async rows(name: string): Promise<readonly Row[]> {
      const found: Row[] = [];
      for await (const { Items = [] } of paginateScan({ client }, { TableName: name })) found.push(...Items);
      return found;
    },
    async close(): Promise<void> {
      client.destroy();
      s3.destroy();
      await harness.close();
      await engine.close();
      rmSync(dir, { recursive: true, force: true });
      await dynamo.close();
    },
  };
}

/** A company's row, registered and stored. */
export async function storedTenant(stores: Stores, more: Partial<Tenant> = {}): Promise<Tenant> {
  const tenantId = newId('tenant');
  const createdAt = '2026-01-01T00:00:00.000Z';
  const tenant: Tenant = {
    tenantId,
    name: 'Lamps & More',
    slug: `shop-${tenantId.slice(-12)}`,
    tier: 'standard',
    status: 'active',
    isolation: 'pool',
    createdAt,
    createdBy: newId('user'),
    run: 1,
    ...more,
  };
  await stores.put(
    'Control',
    { pk: `TENANT#${tenantId}`, sk: 'META', gsi1pk: `STATUS#${tenant.status}`, gsi1sk: createdAt, ...tenant },
    { pk: `SLUG#${tenant.slug}`, sk: 'SLUG', gsi1pk: 'SLUGS', gsi1sk: tenant.slug, tenantId },
  );
  return tenant;
}
