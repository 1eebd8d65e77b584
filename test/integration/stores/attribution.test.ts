import { attributePurchases, conversionDays } from '@tenantry/core/attribution/conversion';
import { readCounts } from '@tenantry/core/attribution/counters';
import { takeFeedback } from '@tenantry/core/attribution/feedback';
import { loggedListKey } from '@tenantry/core/attribution/log';
import { putItems } from '@tenantry/core/catalogue/store';
import type { BehaviourEvent } from '@tenantry/core/events/event';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stores, startStores } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

const now = new Date('2026-03-10T12:00:00.000Z');
const day = '2026-03-10';
const DAY_MS = 86_400_000;
const table = () => stores.table('Attribution');

/** A list that the shopper was given. */
async function given(tenantId: TenantId, shopperId: string, more: object = {}): Promise<string> {
  const recommendationId = newId('recommendation', now.getTime());
  const fields = { scenario: 'personal', modelVersion: 'm1', servedBy: 'pool', items: ['a', 'b', 'c#d'], ...more };
  await stores.put('Recommendations', { ...loggedListKey(tenantId, shopperId, recommendationId), ...fields });
  return recommendationId;
}
const tell = (tenantId: TenantId, ...feedback: readonly unknown[]) =>
  takeFeedback({ recommendations: stores.table('Recommendations'), attribution: table() }, tenantId, feedback, now);
const bought = (shopperId: string, itemId: string, atMs = now.getTime()): BehaviourEvent => ({
  id: newId('event', atMs),
  shopperId,
  itemId,
  type: 'purchase',
  time: new Date(atMs).toISOString(),
});
const buy = (tenantId: TenantId, ...events: readonly BehaviourEvent[]) =>
  attributePurchases({ attribution: table(), catalogue: stores.table('Catalogue') }, tenantId, events, now);
const counts = (tenantId: TenantId, days = { first: '2026-03-01', last: '2026-03-31' }) =>
  readCounts(table(), tenantId, days);
const clickOn = (itemId: string, recommendationId: string, shopperId = 's') => ({
  type: 'click',
  itemId,
  recommendationId,
  shopperId,
});
const zero = { impressions: 0, clickedLists: 0, clicks: 0, conversions: 0 };

describe('what lists came to', () => {
  it('is exact, however often, in whatever order and at the same time it is told', async () => {
    const report = fc.record({
      list: fc.nat(2),
      item: fc.constantFrom(null, 'a', 'b', 'c#d'),
      times: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(report, { maxLength: 8 }), async (reports) => {
        const tenantId = newId('tenant');
        const lists = await Promise.all([0, 1, 2].map(() => given(tenantId, 's')));
        const entries = reports.flatMap(({ list, item, times }) => {
          const recommendationId = lists[list] ?? '';
          const entry = item
            ? clickOn(item, recommendationId)
            : { type: 'impression', recommendationId, shopperId: 's' };
          return Array.from({ length: times }, () => entry);
        });
        await tell(tenantId, ...entries);
        const clicked = reports.filter(({ item }) => item);
        const expected = {
          impressions: new Set(reports.map(({ list }) => list)).size,
          clickedLists: new Set(clicked.map(({ list }) => list)).size,
          clicks: new Set(clicked.map(({ list, item }) => `${list} ${item}`)).size,
          conversions: 0,
        };
        expect((await counts(tenantId))[0] ?? zero).toMatchObject(expected);
      }),
      { numRuns: 12 },
    );
  });

  it('is kept apart by day, scenario, model and variant', async () => {
    const tenantId = newId('tenant');
    for (const more of [{}, { scenario: 'cart' }, { modelVersion: 'm2' }, { variant: 'b' }, {}]) {
      const recommendationId = await given(tenantId, 's', more);
      await tell(tenantId, { type: 'impression', recommendationId, shopperId: 's' });
    }
    const rows = await counts(tenantId);
    expect(rows.map((row) => [row.scenario, row.modelVersion, row.variant, row.impressions])).toEqual([
      ['cart', 'm1', 'none', 1],
      ['personal', 'm1', 'b', 1],
      ['personal', 'm1', 'none', 2],
      ['personal', 'm2', 'none', 1],
    ]);
    expect(await counts(tenantId, { first: '2026-03-11', last: '2026-03-31' })).toEqual([]);
    expect(await counts(tenantId, { first: day, last: day })).toHaveLength(4);
  });

  it('counts nothing of a list that was never given, given to another shopper or by another company', async () => {
    const [tenantId, other] = [newId('tenant'), newId('tenant')];
    const recommendationId = await given(tenantId, 's');
    const impression = { type: 'impression', recommendationId, shopperId: 's' };
    const verdicts = [
      ...(await tell(
        tenantId,
        { ...impression, recommendationId: newId('recommendation') },
        { ...impression, shopperId: 't' },
        clickOn('z', recommendationId),
        { ...impression, recommendationId: 'rec_1' },
        { ...impression, type: 'view' },
        null,
      )),
      ...(await tell(other, impression)),
    ];
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(Array(7).fill('rejected'));
    expect(verdicts.map(({ errors }) => errors?.[0]?.field)).toEqual([
      'feedback.0.recommendationId',
      'feedback.1.recommendationId',
      'feedback.2.itemId',
      'feedback.3.recommendationId',
      'feedback.4.type',
      'feedback.5',
      'feedback.0.recommendationId',
    ]);
    expect([await counts(tenantId), await counts(other)]).toEqual([[], []]);
  });
});

describe('a purchase', () => {
  it('counts once for the list in which the item was clicked last', async () => {
    const tenantId = newId('tenant');
    await tell(tenantId, clickOn('a', await given(tenantId, 's', { scenario: 'cart' })));
    const purchase = bought('s', 'a', now.getTime() + 60_000);
    expect(await buy(tenantId, purchase, purchase)).toBe(1);
    // A click that is known only now, and would be the last one, changes nothing of what was counted.
    await takeFeedback(
      { recommendations: stores.table('Recommendations'), attribution: table() },
      tenantId,
      [clickOn('a', await given(tenantId, 's', { scenario: 'similar' }))],
      new Date(now.getTime() + 30_000),
    );
    expect(await buy(tenantId, purchase)).toBe(0);
    expect(await buy(tenantId, bought('s', 'a', now.getTime() + 60_000))).toBe(1);
    const conversions = (await counts(tenantId)).map(({ scenario, conversions: n }) => [scenario, n]);
    expect(conversions).toEqual([
      ['cart', 1],
      ['similar', 1],
    ]);
  });

  it.each([
    ['of an item that was not clicked', 's', 'b', 0],
    ['of an item whose name begins the same', 's', 'c', 0],
    ['by another shopper', 't', 'a', 0],
    ['before the click', 's', 'a', -10 * 60_000],
    ['long after the click', 's', 'a', conversionDays * DAY_MS + 1],
  ])('%s does not count', async (_, shopperId, itemId, laterMs) => {
    const tenantId = newId('tenant');
    const list = await given(tenantId, 's');
    await tell(tenantId, clickOn('a', list), clickOn('c#d', list));
    expect(await buy(tenantId, bought(shopperId, itemId, now.getTime() + laterMs))).toBe(0);
  });

  it.each([
    ['at the end of the days', conversionDays * DAY_MS],
    ['by a clock that is a little behind', -4 * 60_000],
  ])('%s counts', async (_, laterMs) => {
    const tenantId = newId('tenant');
    await tell(tenantId, clickOn('a', await given(tenantId, 's')));
    expect(await buy(tenantId, bought('s', 'a', now.getTime() + laterMs))).toBe(1);
  });

  it('is worth what the catalogue says the item costs, by currency and once however often it comes', async () => {
    const tenantId = newId('tenant');
    await putItems(stores.table('Catalogue'), tenantId, [
      { id: 'a', available: true, price: { amount: 4900, currency: 'EUR' } },
      { id: 'b', available: true, price: { amount: 12_000, currency: 'KRW' } },
    ]);
    const list = await given(tenantId, 's');
    await tell(tenantId, clickOn('a', list), clickOn('b', list), clickOn('c#d', list));
    const purchases = [bought('s', 'a'), bought('s', 'a', now.getTime() + 1), bought('s', 'b'), bought('s', 'c#d')];
    await buy(tenantId, ...purchases);
    await buy(tenantId, ...purchases);
    expect(await counts(tenantId)).toMatchObject([{ conversions: 4, revenue: { EUR: 9800, KRW: 12_000 } }]);
  });

  it('is the only event that counts', async () => {
    const tenantId = newId('tenant');
    await tell(tenantId, clickOn('a', await given(tenantId, 's')));
    expect(await buy(tenantId, { ...bought('s', 'a'), type: 'cart' })).toBe(0);
  });
});
