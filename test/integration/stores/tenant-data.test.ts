import { counterPartitions, shopperPartition } from '@tenantry/core/attribution/counters';
import { itemKey } from '@tenantry/core/catalogue/store';
import { addCounts, type DataCounts, dataKinds, noData } from '@tenantry/core/deletion/data-counts';
import { type DataPlace, firstPlace, type TenantStores, workThrough } from '@tenantry/core/deletion/tenant-data';
import { batchWrite } from '@tenantry/core/dynamodb/batch-write';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { rulesKey } from '@tenantry/core/rules/store';
import { shopperKey } from '@tenantry/core/shoppers/registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stores, startStores, storedTenant } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

/** Long enough that four rows fill more than a page of a query. */
const padding = 'x'.repeat(300_000);
const below = ['KEYS', 'BILLING', 'MODELS', 'EXPORTS', 'ERASURES', 'PROBE', 'USERS', 'WEBHOOKS', 'DELIVERIES'] as const;

const storesOf = (tenantId: TenantId, more: Partial<TenantStores> = {}): TenantStores => ({
  Control: stores.table('Control'),
  Events: stores.table('Events'),
  Recommendations: stores.table('Recommendations'),
  Shoppers: stores.table('Shoppers'),
  Catalogue: stores.table('Catalogue'),
  Attribution: stores.table('Attribution'),
  Usage: stores.table('Usage'),
  Audit: stores.table('Audit'),
  SiloEvents: stores.siloEvents(tenantId),
  Models: stores.bucket('Models'),
  Archive: stores.bucket('Archive'),
  Exports: stores.bucket('Exports'),
  ...more,
});

const SHOPPERS = 20;
const files = { Archive: 5, Models: 4, Exports: 3 } as const;

/** A company with rows and objects wherever a company can have any. */
async function trading(isolation: 'pool' | 'silo'): Promise<TenantId> {
  const { tenantId } = await storedTenant(stores, { isolation });
  const rows = (pk: string, count: number) =>
    Array.from({ length: count }, (_, i) => ({ pk, sk: `2026-01-01T00:00:00.000Z#${i}` }));
  const shoppers = Array.from({ length: SHOPPERS }, (_, i) => `shopper-${i}`);
  await stores.put('Shoppers', ...shoppers.map((shopperId) => shopperKey(tenantId, shopperId)));
  await stores.put(
    'Catalogue',
    ...['item-1', 'item-2', 'item-3'].map((itemId) => itemKey(tenantId, itemId)),
    rulesKey(tenantId),
  );
  await stores.put(
    'Attribution',
    ...shoppers.flatMap((shopperId) => rows(shopperPartition(tenantId, shopperId), 1)),
    ...rows(counterPartitions(tenantId)[3] ?? '', 1),
  );
  await stores.put('Events', ...shoppers.flatMap((shopperId) => rows(`${tenantId}#${shopperId}`, 3)));
  await stores.put('Recommendations', ...shoppers.flatMap((shopperId) => rows(`${tenantId}#${shopperId}`, 2)));
  await stores.put('Events', ...rows(`${tenantId}#shopper-0`, 5).map((row) => ({ ...row, padding })));
  if (isolation === 'silo') {
    await stores.makeSiloEvents(tenantId);
    await batchWrite([{ table: stores.siloEvents(tenantId), puts: rows(`${tenantId}#shopper-1`, 7) }]);
  }
  await stores.put('Usage', ...rows(`TENANT#${tenantId}`, 4), ...rows(`TENANT#${tenantId}#RECENT`, 3));
  await stores.put('Audit', ...['', '#CHAIN', '#FOUND'].flatMap((part) => rows(`TENANT#${tenantId}${part}`, 5)));
  await stores.put(
    'Control',
    { pk: `TENANT#${tenantId}`, sk: 'CERTIFICATE' },
    { pk: `TENANT#${tenantId}`, sk: 'SUBSCRIPTION' },
  );
  for (const part of below) await stores.put('Control', { pk: `TENANT#${tenantId}#${part}`, sk: 'ONE' });
  await stores.put('Control', ...rows(`TENANT#${tenantId}#KEYS`, 4).map((row) => ({ ...row, padding })));
  for (const bucket of ['Archive', 'Models', 'Exports'] as const) {
    const folder = `${bucket.toLowerCase()}/${tenantId}/`;
    const names = Array.from({ length: files[bucket] }, (_, i) => `${folder}${String(i).padStart(5, '0')}.bin`);
    await stores.putObjects(bucket, ...names);
  }
  return tenantId;
}

const heldBy = (isolation: 'pool' | 'silo'): DataCounts => ({
  shoppers: SHOPPERS,
  events: SHOPPERS * 3 + 2 + (isolation === 'silo' ? 7 : 0),
  recommendations: SHOPPERS * 2,
  catalogueRows: 4,
  attributionRows: SHOPPERS + 1,
  registryRows: 1 + below.length + 4,
  usageRows: 7,
  auditEntries: 15,
  modelFiles: files.Models,
  archiveFiles: files.Archive,
  exportFiles: files.Exports,
});

/** Works through everything, a page at a time or in one go. @returns the sum of all slices */
async function work(
  tenantId: TenantId,
  options: {
    readonly erase: boolean;
    /** Into slices of so many pages; in one go when left out. */
    readonly pages?: number;
    readonly keepAudit?: boolean;
    readonly stores?: TenantStores;
  },
): Promise<{ readonly counts: DataCounts; readonly slices: number }> {
  const { erase, pages = Number.POSITIVE_INFINITY, keepAudit = false } = options;
  let place: DataPlace | undefined = firstPlace;
  let counts: DataCounts = noData;
  let slices = 0;
  let asked = 0;
  while (place) {
    const slice = await workThrough(options.stores ?? storesOf(tenantId), tenantId, {
      from: place,
      erase,
      timeIsUp: () => {
        asked += 1;
        return asked % pages === 0;
      },
      keepAudit,
    });
    counts = addCounts(counts, slice.counts);
    place = slice.next;
    slices += 1;
  }
  return { counts, slices };
}

describe.each(['pool', 'silo'] as const)('everything that a company of the %s has', (isolation) => {
  let tenantId: TenantId;
  let other: TenantId;
  beforeAll(async () => {
    tenantId = await trading(isolation);
    other = await trading(isolation);
  });

  it('is counted, by kind, to the last page of each store, in slices as in one go, and stays', async () => {
    expect(await work(tenantId, { erase: false })).toEqual({ counts: heldBy(isolation), slices: 1 });
    for (const pages of [1, 2, 5]) {
      const { counts, slices } = await work(tenantId, { erase: false, pages });
      expect(counts).toEqual(heldBy(isolation));
      expect(slices).toBeGreaterThan(60 / pages);
    }
  });

  it('is found again when a part of it could not be erased: the list of shoppers goes last', async () => {
    const failing = storesOf(tenantId, {
      Recommendations: stores.unwritable(stores.table('Recommendations'), 'refuses'),
    });
    await expect(work(tenantId, { erase: true, stores: failing })).rejects.toThrow('takes no writes');
    const { shoppers, recommendations } = (await work(tenantId, { erase: false })).counts;
    expect({ shoppers, recommendations }).toEqual({ shoppers: SHOPPERS, recommendations: SHOPPERS * 2 });
  });

  it('is erased but for the row that says so and the certificate, and nothing of anybody else', async () => {
    await work(tenantId, { erase: true, pages: 3 });
    expect((await work(tenantId, { erase: false })).counts).toEqual(noData);
    const left = (await stores.rows('Control')).filter(({ pk }) => String(pk).includes(tenantId));
    expect(left.map(({ pk, sk }) => `${pk} ${sk}`).sort()).toEqual(
      [`TENANT#${tenantId} CERTIFICATE`, `TENANT#${tenantId} META`].sort(),
    );
    for (const name of ['Events', 'Recommendations', 'Shoppers', 'Usage', 'Audit']) {
      expect(
        (await stores.rows(name)).filter(({ pk }) => String(pk).includes(tenantId)),
        name,
      ).toEqual([]);
    }
    expect((await work(other, { erase: false })).counts).toEqual(heldBy(isolation));
  });

  it('is erased by a second try without a complaint', async () => {
    expect((await work(tenantId, { erase: true })).counts).toEqual(noData);
  });
});

it('objects are counted and erased to the last page of a listing', async () => {
  const { tenantId } = await storedTenant(stores);
  const names = Array.from({ length: 1_003 }, (_, i) => `archive/${tenantId}/${String(i).padStart(5, '0')}.bin`);
  await stores.putObjects('Archive', ...names);
  expect((await work(tenantId, { erase: false })).counts).toEqual({ ...noData, archiveFiles: names.length });
  expect((await work(tenantId, { erase: true, pages: 1 })).counts).toEqual({ ...noData, archiveFiles: names.length });
  expect((await work(tenantId, { erase: false })).counts).toEqual(noData);
});

it('objects that a bucket does not delete are an error', async () => {
  const { tenantId } = await storedTenant(stores);
  await stores.putObjects('Exports', `exports/${tenantId}/1.bin`);
  const failing = storesOf(tenantId, { Exports: stores.undeletable('Exports') });
  await expect(work(tenantId, { erase: true, stores: failing })).rejects.toThrow('AccessDenied');
});

it('the audit log of a company that is deleted already stays', async () => {
  const { tenantId } = await storedTenant(stores);
  await stores.put('Audit', { pk: `TENANT#${tenantId}`, sk: 'aud_1' }, { pk: `TENANT#${tenantId}#CHAIN`, sk: 'HEAD' });
  await stores.put('Control', { pk: `TENANT#${tenantId}#KEYS`, sk: 'ONE' });
  expect((await work(tenantId, { erase: true, keepAudit: true })).counts).toEqual({ ...noData, registryRows: 1 });
  expect(await stores.read('Audit', { pk: `TENANT#${tenantId}`, sk: 'aud_1' })).toBeDefined();
  expect(await stores.read('Audit', { pk: `TENANT#${tenantId}#CHAIN`, sk: 'HEAD' })).toBeDefined();
});

it.each(['Events', 'Recommendations'] as const)(
  'a pooled table that is not there is an error, not an empty store: %s',
  async (name) => {
    const tenantId = newId('tenant');
    await stores.put('Shoppers', shopperKey(tenantId, 'shopper'));
    const failing = storesOf(tenantId, { [name]: { ...stores.table(name), name: 'Missing' } });
    await expect(work(tenantId, { erase: false, stores: failing })).rejects.toThrow();
  },
);

it('every kind is told apart', () => {
  expect(Object.keys(heldBy('pool')).sort()).toEqual([...dataKinds].sort());
});
