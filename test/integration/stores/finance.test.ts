import { newId, type TenantId } from '@tenantry/core/ids/id';
import { financePage, saveFinanceMonth } from '@tenantry/core/money/finance-row';
import { noRevenue } from '@tenantry/core/money/revenue';
import { openMonths, rowsOf, settleMonth } from '@tenantry/core/money/settle';
import { readStageMonth } from '@tenantry/core/money/stage-month';
import { tenantMonth } from '@tenantry/core/money/tenant-month';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stores, startStores, storedTenant } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

const control = () => stores.table('Control');
const now = new Date('2026-03-20T12:00:00.000Z');
const shape = { natGateways: 3, alarms: 4 };
const never = () => false;

/** The row of a month, of a company with this much use. */
async function used(tenantId: TenantId, month: string, at: Date, more: { mrr?: number; hours?: number } = {}) {
  const use = {
    events_collected: 1000,
    recommendations_served: 100,
    silo_hours: more.hours ?? 0,
    training_minutes: 0,
    storage_gb_hours: 0,
  };
  const revenue = { ...noRevenue, currency: 'usd', mrr: more.mrr ?? 0, earned: more.mrr ?? 0 } as const;
  const tier = more.hours ? 'premium' : 'standard';
  const tenant = { tenantId, tier, isolation: more.hours ? 'silo' : 'pool' } as const;
  const before = (await rowsOf(control(), month)).get(tenantId);
  await saveFinanceMonth(control(), tenantMonth(tenant, month, { use, revenue, at }, before));
}

it('a settlement that broke off anywhere ends, when it is repeated, as one that did not', async () => {
  const ids = Array.from({ length: 5 }, () => newId('tenant')).sort();
  for (const [i, tenantId] of ids.entries()) await used(tenantId, '2024-03', now, { hours: i * 7, mrr: 4900 });
  const options = { present: new Set(ids), shape, failed: 0, now } as const;
  let asked = 0;
  const inTime = (rows: number) => () => {
    asked += 1;
    return asked > rows;
  };
  for (let rows = 0; rows < ids.length; rows += 1) {
    asked = 0;
    expect(await settleMonth(control(), '2024-03', { ...options, timeIsUp: inTime(rows) })).toBeUndefined();
    await expect(readStageMonth(control(), '2024-03')).rejects.toMatchObject({ code: 'not_found' });
  }
  const settled = await settleMonth(control(), '2024-03', { ...options, timeIsUp: never });
  const rows = [...(await rowsOf(control(), '2024-03')).values()];
  const parts = rows.reduce(
    (sum, { shares }) => sum + Number(shares.cluster),
    Number(settled?.total.unallocated.cluster),
  );
  expect(parts).toBe(settled?.total.shared.cluster);
  await settleMonth(control(), '2024-03', { ...options, timeIsUp: never });
  expect([...(await rowsOf(control(), '2024-03')).values()]).toEqual(rows);
  expect(await readStageMonth(control(), '2024-03')).toEqual(settled);
});

it('a company that was deleted keeps its amounts, and nothing of it recurs', async () => {
  const [stays, goes] = [await storedTenant(stores, {}), await storedTenant(stores, { status: 'deleted' })];
  const moved = await storedTenant(stores, {});
  for (const { tenantId } of [stays, goes, moved]) await used(tenantId, '2026-03', now, { mrr: 4900 });
  const before = (await rowsOf(control(), '2026-03')).get(goes.tenantId);
  // `moved` changed its status while the list was read, and was not seen; its row says that it is there.
  const present = new Set([stays.tenantId]);
  const stage = await settleMonth(control(), '2026-03', { present, shape, failed: 0, now, timeIsUp: never });
  const rows = await rowsOf(control(), '2026-03');
  expect(rows.get(goes.tenantId)).toMatchObject({ gone: true, cost: before?.cost, revenue: { mrr: 0, earned: 4900 } });
  expect(rows.get(moved.tenantId)).toMatchObject({ gone: false, revenue: { mrr: 4900 } });
  expect(stage?.total).toMatchObject({ companies: 3, mrr: { usd: 9800 }, earned: { usd: 14_700 } });

  const left = await storedTenant(stores, { status: 'deleted' });
  await used(left.tenantId, '2026-03', now, { mrr: 4900 });
  const next = new Date('2026-04-05T00:00:00.000Z');
  const closed = await settleMonth(control(), '2026-03', { present, shape, failed: 0, now: next, timeIsUp: never });
  expect(closed?.total.mrr, 'who left after the month still counts in it').toEqual({ usd: 14_700 });
});

it('what recurred in a month that is over stays as it was on its last day', async () => {
  const { tenantId } = await storedTenant(stores, {});
  await used(tenantId, '2026-01', new Date('2026-01-31T23:00:00.000Z'), { mrr: 4900 });
  await used(tenantId, '2026-01', new Date('2026-02-03T00:00:00.000Z'), { mrr: 49_900 });
  const row = (await rowsOf(control(), '2026-01')).get(tenantId);
  expect(row?.revenue).toMatchObject({ mrr: 4900, earned: 49_900 });
});

it('the list is in the order of the margins, losses first, on as many pages as asked for', async () => {
  const margins = [-5_000_000_000, -2, -1, 0, 7, 49_000_000, 10_000_000_000];
  const ids = margins.map(() => newId('tenant'));
  for (const [i, marginMicro] of margins.entries()) {
    const tenantId = ids[i] ?? newId('tenant');
    await used(tenantId, '2025-07', now);
    const row = (await rowsOf(control(), '2025-07')).get(tenantId);
    if (row) await saveFinanceMonth(control(), { ...row, marginMicro });
  }
  for (const descending of [false, true]) {
    const found: number[] = [];
    let after: Awaited<ReturnType<typeof financePage>>['next'];
    do {
      const page = await financePage(control(), '2025-07', { limit: 2, descending, after });
      found.push(...page.rows.map(({ marginMicro }) => marginMicro));
      after = page.next;
    } while (after);
    expect(found).toEqual(descending ? margins.toReversed() : margins);
  }
});

it('a month is open for ten days after its end', () => {
  expect(openMonths(new Date('2026-03-10T23:59:59.000Z'))).toEqual(['2026-02', '2026-03']);
  expect(openMonths(new Date('2026-03-11T00:00:00.000Z'))).toEqual(['2026-03']);
  expect(openMonths(new Date('2026-01-01T00:00:00.000Z'))).toEqual(['2025-12', '2026-01']);
});
