import { meterNames } from '@tenantry/core/usage/meter-name';
import type { UsageTerms } from '@tenantry/core/usage/price';
import type { UsageCatalogue } from '@tenantry/core/usage/terms';
import { viewUsage } from '@tenantry/core/usage/usage-view';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stores, startStores, storedTenant } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

const now = new Date('2026-11-20T12:00:00.000Z');
const periodEnd = new Date('2026-12-10T06:00:00.000Z');
const terms = (overage: string): Readonly<Record<(typeof meterNames)[number], UsageTerms>> => {
  const of = { included: 1000, overage };
  return {
    events_collected: of,
    recommendations_served: of,
    silo_hours: of,
    training_minutes: of,
    storage_gb_hours: of,
  };
};
const catalogue: UsageCatalogue = { months: 1, currency: 'usd', base: 4900, terms: terms('0.5') };

const days = (month: number, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `2026-${month}-${String(from + i).padStart(2, '0')}`);

/** A company that had a hundred events on each day since the first of November, ten in each hour from ten until twenty. */
async function steady() {
  const tenant = await storedTenant(stores, { createdAt: '2026-10-31T22:00:00.000Z' });
  const pk = `TENANT#${tenant.tenantId}`;
  const used = days(11, 1, 19).flatMap((day) => [
    { pk, sk: `USED#DAY#events_collected#${day}`, steps: 100, revision: 10 },
    ...Array.from({ length: 10 }, (_, i) => ({
      pk,
      sk: `USED#HOUR#events_collected#${day}T${10 + i}`,
      steps: 10,
      revision: 1,
      handedSteps: 10,
    })),
  ]);
  const today = { pk, sk: 'USED#DAY#events_collected#2026-11-20', steps: 20, revision: 2 };
  await stores.put('Usage', ...used, today);
  return tenant;
}

const eventsOf = (view: Awaited<ReturnType<typeof viewUsage>>) =>
  view.meters.find(({ meter }) => meter === 'events_collected');

it('sums up a period from the hour on in which it began, and forecasts its end and the invoice', async () => {
  const tenant = await steady();
  const view = await viewUsage(stores.table('Usage'), tenant, { granularity: 'day' }, { now, periodEnd, catalogue });
  expect(view.period).toEqual({ from: '2026-11-10T06:00:00.000Z', to: '2026-12-10T06:00:00.000Z' });
  // Ten whole days, of the first of which all came after six o'clock, and today so far.
  expect(eventsOf(view)).toMatchObject({ today: 20, period: 1020, included: 1000, limitPerDay: 1_000_000 });
  // Half of today, nineteen days, and a quarter of the last.
  expect(eventsOf(view)?.forecast).toBeCloseTo(1020 + 50 + 1900 + 25, 1);
  expect(view.invoice).toEqual({
    currency: 'usd',
    base: 4900,
    overage: [{ meter: 'events_collected', units: 1995, amount: 998 }],
    total: 5898,
  });
  const midday = new Date('2026-12-10T15:00:00.000Z');
  const later = await viewUsage(
    stores.table('Usage'),
    tenant,
    { granularity: 'day' },
    { now, periodEnd: midday, catalogue },
  );
  // It began at three in the afternoon, after five hours of that day's ten.
  expect(eventsOf(later)?.period).toBe(50 + 900 + 20);
});

it('shows every hour and day of a range, those without use too', async () => {
  const tenant = await steady();
  const range = { from: '2026-11-19T08:30:00.000Z', to: '2026-11-19T12:10:00.000Z' };
  const context = { now, periodEnd, catalogue };
  const byHour = await viewUsage(stores.table('Usage'), tenant, { ...range, granularity: 'hour' }, context);
  expect(eventsOf(byHour)?.series).toEqual(
    [0, 0, 10, 10, 10].map((quantity, i) => ({
      at: `2026-11-19T${String(8 + i).padStart(2, '0')}:00:00.000Z`,
      quantity,
    })),
  );
  const byDay = await viewUsage(stores.table('Usage'), tenant, { ...range, granularity: 'day' }, context);
  expect(eventsOf(byDay)?.series).toEqual([{ at: '2026-11-19T00:00:00.000Z', quantity: 100 }]);
});

it('forecasts nothing for a company of two days', async () => {
  const tenant = await storedTenant(stores, { createdAt: '2026-11-18T03:00:00.000Z' });
  const view = await viewUsage(stores.table('Usage'), tenant, { granularity: 'day' }, { now, periodEnd, catalogue });
  expect(view.invoice).toBeNull();
  expect(view.meters.map(({ forecast }) => forecast)).toEqual(meterNames.map(() => null));
});
