import { GetObjectCommand } from '@aws-sdk/client-s3';
import { batchWrite, type Item } from '@tenantry/core/dynamodb/batch-write';
import { listFiles } from '@tenantry/core/export/objects';
import type { SliceLimits } from '@tenantry/core/export/shopper-rows';
import { type SliceCursor, writeSlice } from '@tenantry/core/export/slice';
import type { ExportSource } from '@tenantry/core/export/source';
import { readCsv } from '@tenantry/core/export/testing/read-csv';
import { newId } from '@tenantry/core/ids/id';
import { shopperKey } from '@tenantry/core/shoppers/registry';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rootClient, tableName } from '../../support/rows.ts';
import { bucketName, rootS3 } from '../../support/s3.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

/** However an export is cut into slices, and however often a slice is tried, its files hold every row once. */
let test: TestCloud;
const tenantId = newId('tenant');
const other = newId('tenant');

/** How many events a shopper has: none, a few, or more than any slice takes. */
const eventsOf = (shopper: number): number => (shopper % 7 === 0 ? 0 : shopper % 11 === 0 ? 40 : shopper % 4);
const SHOPPERS = 60;

const table = (name: string) => ({ client: rootClient(test.cloud), name: tableName(test.cloud, name) });

function rowsOf(tenant: string, shopper: number): readonly Item[] {
  return Array.from({ length: eventsOf(shopper) }, (_, i) => ({
    pk: `${tenant}#shopper-${shopper}`,
    sk: `2026-01-01T00:00:00.${String(i).padStart(3, '0')}Z#${tenant === other ? 'evt_other' : 'evt'}_${shopper}_${i}`,
    itemId: `item-${i}`,
    type: 'view',
  }));
}

beforeAll(async () => {
  test = await startTestCloud();
  const shoppers = Array.from({ length: SHOPPERS }, (_, i) => i);
  for (const tenant of [tenantId, other]) {
    await batchWrite([
      { table: table('Shoppers'), puts: shoppers.map((i) => shopperKey(tenant, `shopper-${i}`)) },
      { table: table('Events'), puts: shoppers.flatMap((i) => rowsOf(tenant, i)) },
    ]);
  }
}, 120_000);
afterAll(() => test?.close());

const wanted = (): readonly string[] =>
  Array.from({ length: SHOPPERS }, (_, i) => rowsOf(tenantId, i).map(({ sk }) => String(sk).split('#')[1] ?? ''))
    .flat()
    .sort();

function sourceOf(exportId: string, limits: SliceLimits): ExportSource {
  const at = new Date().toISOString();
  return {
    tenant: {
      tenantId,
      name: 'Sliced',
      slug: 'sliced',
      tier: 'standard',
      status: 'active',
      isolation: 'pool',
      createdAt: at,
      createdBy: 'usr_1',
      run: 1,
    },
    exportId,
    requestedAt: at,
    control: table('Control'),
    audit: table('Audit'),
    usage: table('Usage'),
    events: table('Events'),
    recommendations: table('Recommendations'),
    shoppers: table('Shoppers'),
    catalogue: table('Catalogue'),
    attribution: table('Attribution'),
    limits,
    assertWritable: async () => {},
  };
}

/** Writes all slices of the events, each as often as `triesOf` says. @returns rows of each file, in order */
async function exportEvents(limits: SliceLimits, triesOf: (slice: number) => number) {
  const exportId = newId('export');
  const folder = { client: rootS3(test.cloud), bucket: bucketName(test.cloud, 'Exports'), tenantId, exportId };
  const source = sourceOf(exportId, limits);
  let cursor: SliceCursor | undefined = { section: 'events', part: 1 };
  for (let slice = 0; cursor?.section === 'events'; slice++) {
    const tries = Array.from({ length: triesOf(slice) }, () => writeSlice(source, folder, cursor as SliceCursor));
    const answers: readonly (SliceCursor | undefined)[] = await Promise.all(tries);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    cursor = answers[0];
  }
  const files = await listFiles(folder);
  const parts = await Promise.all(
    files.map(async ({ name, rows }) => {
      const Key = `exports/${tenantId}/${exportId}/${name}`;
      const { Body } = await folder.client.send(new GetObjectCommand({ Bucket: folder.bucket, Key }));
      const events = readCsv((await Body?.transformToString()) ?? '');
      expect(events.length).toBe(rows);
      return events.map(({ event_id }) => event_id ?? '');
    }),
  );
  folder.client.destroy();
  return { names: files.map(({ name }) => name), parts };
}

it('holds every event once, in files of bounded size, whatever the size of slices', async () => {
  const limits = fc.record({
    rowsMax: fc.integer({ min: 1, max: 60 }),
    shoppersMax: fc.integer({ min: 1, max: 80 }),
    pageRows: fc.integer({ min: 1, max: 30 }),
  });
  await fc.assert(
    fc.asyncProperty(limits, async (one) => {
      const { names, parts } = await exportEvents(one, () => 1);
      expect(parts.flat().sort()).toEqual(wanted());
      expect(names).toEqual(names.map((_, i) => `events/part-${String(i + 1).padStart(4, '0')}.csv`));
      for (const part of parts) expect(part.length).toBeLessThan(one.rowsMax + one.pageRows);
    }),
    { numRuns: 8 },
  );
}, 120_000);

it('holds every event once when slices are tried twice at the same time', async () => {
  const limits = { rowsMax: 25, shoppersMax: 20, pageRows: 7 };
  const { parts } = await exportEvents(limits, (slice) => 1 + (slice % 2));
  expect(parts.flat().sort()).toEqual(wanted());
}, 60_000);

it('keeps the first of two tries that read different rows, and goes on from where that one ended', async () => {
  const limits = { rowsMax: 10, shoppersMax: 100, pageRows: 5 };
  const exportId = newId('export');
  const folder = { client: rootS3(test.cloud), bucket: bucketName(test.cloud, 'Exports'), tenantId, exportId };
  const cursor: SliceCursor = { section: 'events', part: 1 };
  const [small, large] = [limits, { ...limits, rowsMax: 50 }].map((one) => sourceOf(exportId, one));
  if (!small || !large) throw new Error('There are two sources.');
  const first = await writeSlice(small, folder, cursor);
  const before = await listFiles(folder);
  expect(await writeSlice(large, folder, cursor)).toEqual(first);
  expect(await listFiles(folder)).toEqual(before);
  folder.client.destroy();
}, 60_000);
