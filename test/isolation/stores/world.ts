import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { siloEventsTable } from '@tenantry/core/events/store';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { until } from '@tenantry/local/demo/journey';
import { resourceNamed } from '@tenantry/local/program/graph';
import { allRows, rootClient, tableName } from '../../support/rows.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { createCaller } from './caller.ts';
import {
  type BucketCase,
  bucketCases,
  eventFields,
  type Key,
  siloKey,
  type TableCase,
  tableCases,
} from './store-cases.ts';
import { type OpenStream, openStream } from './table-attempts.ts';

export interface StoresWorld {
  readonly test: TestCloud;
  /** Whose credentials are tried, and who must not be reached. Both have a silo, and rows in the pool as well. */
  readonly own: TenantId;
  readonly foreign: TenantId;
  readonly siloTableOf: (tenantId: TenantId) => string;
  readonly bucketOf: (name: string) => string;
  readonly tableOf: (name: string) => string;
  /** Every stream there is, opened by root. */
  readonly streams: readonly OpenStream[];
}

export async function createStoresWorld(): Promise<StoresWorld> {
  const test = await startTestCloud();
  const [a, b] = await Promise.all([test.founder('premium'), test.founder('premium')]);
  if (!isTenantId(a.tenantId) || !isTenantId(b.tenantId)) throw new Error('These are no ids of tenants.');
  const { cloud } = test;
  const prefix = cloud.graph.functions.find(({ environment }) => 'SILO_TABLE_PREFIX' in environment)?.environment
    .SILO_TABLE_PREFIX;
  if (prefix === undefined) throw new Error('No function knows how tables of silos are called.');
  const world = {
    test,
    own: a.tenantId,
    foreign: b.tenantId,
    siloTableOf: (tenantId: TenantId) => siloEventsTable(prefix, tenantId),
    bucketOf: (name: string) => resourceNamed(cloud.graph, 'aws:s3/bucket:Bucket', name).id,
    tableOf: (name: string) => tableName(cloud, name),
    streams: [],
  };
  // What jobs write by their schedules is nobody's attempt.
  cloud.scheduler.declare([]);
  await plant(world);
  await archived(world);
  return { ...world, streams: await openStreams(test) };
}

/** A row in every partition of every table and an object in every bucket, for both tenants, under the same names. */
async function plant({ test, own, foreign, ...world }: StoresWorld): Promise<void> {
  const { cloud } = test;
  const document = rootClient(cloud);
  const options = { endpoint: cloud.urls.aws, region: 'us-east-1', credentials: cloud.rootCredentials };
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const put = (TableName: string, key: Key) =>
    document.send(new PutCommand({ TableName, Item: { ...key, ...eventFields } }));
  for (const [name, { rowsOf, shared }] of Object.entries<TableCase>(tableCases)) {
    for (const key of [own, foreign].flatMap(rowsOf)) await put(world.tableOf(name), key);
    for (const pk of shared) await put(world.tableOf(name), { pk, sk: 'planted' });
  }
  for (const tenant of [own, foreign]) {
    await put(world.siloTableOf(tenant), siloKey(tenant));
    for (const [name, { keysOf }] of Object.entries<BucketCase>(bucketCases)) {
      for (const Key of keysOf(tenant)) {
        await s3.send(new PutObjectCommand({ Bucket: world.bucketOf(`${name}Bucket`), Key, Body: `of ${tenant}` }));
      }
    }
  }
  s3.destroy();
  document.destroy();
}

/** Waits until what was planted in the events tables, pooled and of silos, has been archived and counted. */
async function archived({ test, own, foreign }: StoresWorld): Promise<void> {
  await until('The archive', async () => {
    const totals = (await allRows(test.cloud, 'Usage')).filter(({ sk, events }) => sk === 'TOTAL' && events === 2);
    return [own, foreign].every((tenant) => totals.some(({ pk }) => pk === `TENANT#${tenant}`)) ? true : undefined;
  });
}

async function openStreams({ cloud }: TestCloud): Promise<readonly OpenStream[]> {
  const root = createCaller(cloud.urls.aws, cloud.rootCredentials);
  const arns = (await cloud.dynamodb.tables()).flatMap(({ streamArn }) => streamArn ?? []);
  const streams = await Promise.all(arns.map((arn) => openStream(root, arn)));
  root.close();
  return streams;
}

/** Whether a place of a picture is the own tenant's, and one that attempts which are allowed write, or that follows from them. */
export function mayChange({ own, bucketOf, tableOf, siloTableOf }: StoresWorld, place: string): boolean {
  const owned = [`TENANT#${own} `, `TENANT#${own}#`, `${own}#`];
  const written = [...Object.keys(tableCases).map(tableOf), siloTableOf(own)].some((table) =>
    owned.some((start) => place.startsWith(`${table} ${start}`) && place.includes('evt_attempt')),
  );
  // Events that are written are archived, counted and shown as they arrive.
  const follows =
    place.startsWith(`${bucketOf('ArchiveBucket')} archive/${own}/`) ||
    place.startsWith(`${tableOf('Usage')} TENANT#${own} `) ||
    place.startsWith(`${tableOf('Usage')} TENANT#${own}#RECENT `) ||
    place.startsWith(`${bucketOf('ModelsBucket')} models/${own}/`) ||
    place.startsWith(`${bucketOf('ExportsBucket')} exports/${own}/`);
  return (written || follows) && !place.includes('planted');
}
