import type { Table } from '@tenantry/core/control/table';
import { batchWrite, type Item } from '@tenantry/core/dynamodb/batch-write';
import { storeEvents } from '@tenantry/core/events/store';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { createShopperMemory, type ShopperPlace, shopperKey } from '@tenantry/core/shoppers/registry';
import {
  eraseEvents,
  firstMovePlace,
  type MoveTally,
  type MovingStores,
  moveEvents,
  noMove,
} from '@tenantry/core/tier-change/events-move';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Stores, startStores } from '../../support/stores.ts';

let stores: Stores;
let tenantId: TenantId;
let other: TenantId;
beforeAll(async () => {
  stores = await startStores();
});
beforeEach(async () => {
  [tenantId, other] = [newId('tenant'), newId('tenant')];
  await stores.makeSiloEvents(tenantId);
  for (const tenant of [tenantId, other]) {
    await stores.put('Shoppers', ...shoppers.map((shopperId) => shopperKey(tenant, shopperId)));
    await stores.put('Events', ...shoppers.flatMap((_, i) => rowsOf(tenant, i)));
  }
});
afterAll(() => stores?.close());

const shoppers = Array.from({ length: 30 }, (_, i) => `shopper-${i}`);
/** Long enough that the first shopper's rows fill more than a page of a query. */
const padding = 'x'.repeat(300_000);

const rowsOf = (tenant: TenantId, shopper: number): readonly Item[] =>
  Array.from({ length: 1 + (shopper % 5) }, (_, i) => ({
    pk: `${tenant}#shopper-${shopper}`,
    sk: `2026-01-01T00:00:0${i}.000Z#evt_${i}`,
    itemId: `item-${i}`,
    type: 'view',
    expiresAt: 2_000_000_000,
    ...(shopper === 4 ? { padding } : {}),
  }));
const EVENTS = shoppers.reduce((sum, _, i) => sum + 1 + (i % 5), 0);

const toSilo = (more: Partial<MovingStores> = {}): MovingStores => ({
  from: stores.table('Events'),
  to: stores.siloEvents(tenantId),
  shoppers: stores.table('Shoppers'),
  ...more,
});

/** Moves, or compares, everything: a page of shoppers at a time, or in one go. */
async function move(
  work: 'copy' | 'verify',
  options: { readonly sliced?: boolean; readonly between?: MovingStores } = {},
) {
  const { sliced = true, between = toSilo() } = options;
  let place: ShopperPlace | undefined = firstMovePlace;
  let tally: MoveTally = noMove;
  while (place) {
    const slice = await moveEvents(between, tenantId, work, { from: place, tally, timeIsUp: () => sliced });
    tally = slice.tally;
    place = slice.next;
  }
  return tally;
}

async function held(table: Table, tenant: TenantId): Promise<readonly Item[]> {
  const rows = (await stores.rows(table.name)).filter(({ pk }) => String(pk).startsWith(`${tenant}#`));
  return rows.toSorted((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));
}
const mark = (rows: readonly Item[]): readonly Item[] => rows.map((row) => ({ ...row, mirrored: true }));

it('every row of every shopper is copied, to its last page, marked as the second of its event, and stays where it was', async () => {
  const before = await held(stores.table('Events'), tenantId);
  expect(await move('copy')).toEqual({ shoppers: shoppers.length, events: EVENTS, checksum: noMove.checksum });
  expect(await held(stores.siloEvents(tenantId), tenantId)).toEqual(mark(before));
  expect(await held(stores.table('Events'), tenantId)).toEqual(before);
  expect(await held(stores.siloEvents(tenantId), other)).toEqual([]);
});

it('a row that the other place has otherwise is copied over, and one that only the other place has stays', async () => {
  const [first] = rowsOf(tenantId, 0);
  const later = { ...first, sk: '2026-01-02T00:00:00.000Z#evt_later', mirrored: true };
  const to = stores.siloEvents(tenantId);
  await batchWrite([{ table: to, puts: [{ ...first, itemId: 'outdated' }, later] }]);
  await move('copy');
  const copied = await held(to, tenantId);
  expect(copied).toHaveLength(EVENTS + 1);
  expect(copied).toContainEqual({ ...first, mirrored: true });
  expect(copied).toContainEqual(later);
});

it('the checksum is the same in slices and in one go, from either side, and another for other rows', async () => {
  await move('copy');
  const tally = await move('verify');
  expect(tally).toMatchObject({ shoppers: shoppers.length, events: EVENTS });
  expect(tally.checksum).not.toBe(noMove.checksum);
  expect(await move('verify', { sliced: false })).toEqual(tally);
  const { from: pool, to: silo } = toSilo();
  expect(await move('verify', { between: toSilo({ from: silo, to: pool }) })).toEqual(tally);

  await batchWrite([pool, silo].map((table) => ({ table, puts: [{ ...rowsOf(tenantId, 0)[0], itemId: 'another' }] })));
  const changed = await move('verify');
  expect(changed.events).toBe(tally.events);
  expect(changed.checksum).not.toBe(tally.checksum);
});

it('comparing mends what is missing or different by then, and says so in nothing but the rows', async () => {
  await move('copy');
  const [missing, different] = [rowsOf(tenantId, 1)[0], rowsOf(tenantId, 2)[0]];
  const to = stores.siloEvents(tenantId);
  await batchWrite([
    { table: to, deletes: [{ pk: missing?.pk, sk: missing?.sk }], puts: [{ ...different, itemId: 'x' }] },
  ]);
  expect(await move('verify')).toMatchObject({ events: EVENTS });
  expect(await held(to, tenantId)).toEqual(mark(await held(stores.table('Events'), tenantId)));
});

it.each(['missing', 'different'] as const)('comparing fails when a row stays %s in the new place', async (how) => {
  await move('copy');
  const row = rowsOf(tenantId, 3)[2];
  const to = stores.siloEvents(tenantId);
  await batchWrite([
    how === 'missing'
      ? { table: to, deletes: [{ pk: row?.pk, sk: row?.sk }] }
      : { table: to, puts: [{ ...row, itemId: 'something else' }] },
  ]);
  const between = toSilo({ to: stores.unwritable(to, 'forgets') });
  await expect(move('verify', { between })).rejects.toThrow('1 events of a shopper are not the same');
});

it('erasing takes every event of the company out of the one place, in slices, and nothing else', async () => {
  await move('copy');
  const before = await held(stores.siloEvents(tenantId), tenantId);
  let place: ShopperPlace | undefined = firstMovePlace;
  let slices = 0;
  while (place) {
    const [events, list] = [stores.table('Events'), stores.table('Shoppers')];
    ({ next: place } = await eraseEvents(events, list, tenantId, { from: place, timeIsUp: () => true }));
    slices += 1;
  }
  expect(slices).toBeGreaterThan(1);
  expect(await held(stores.table('Events'), tenantId)).toEqual([]);
  expect(await held(stores.siloEvents(tenantId), tenantId)).toEqual(before);
  expect(await held(stores.table('Events'), other)).toHaveLength(EVENTS);
  expect((await stores.rows('Shoppers')).filter(({ pk }) => String(pk).startsWith(tenantId))).toHaveLength(
    shoppers.length,
  );
});

it('while a company moves, an event is stored in both places, and marked in the second alone', async () => {
  const event = {
    id: newId('event'),
    time: '2026-02-01T00:00:00.000Z',
    shopperId: 'new',
    itemId: 'lamp',
    type: 'view',
  } as const;
  const [events, mirror] = [stores.table('Events'), stores.siloEvents(tenantId)];
  const all = { events, mirror, shoppers: stores.table('Shoppers') };
  await storeEvents(all, createShopperMemory(), tenantId, [event], { retentionDays: 30 });
  const [first] = (await held(events, tenantId)).filter(({ pk }) => pk === `${tenantId}#new`);
  expect(first).toMatchObject({ itemId: 'lamp' });
  expect(first).not.toHaveProperty('mirrored');
  expect(await held(mirror, tenantId)).toEqual([{ ...first, mirrored: true }]);
});
