import { newId } from '@tenantry/core/ids/id';
import { probeShopper } from '@tenantry/core/provisioning/probe-shopper';
import { recentShoppers } from '@tenantry/core/shoppers/recent';
import { createShopperMemory } from '@tenantry/core/shoppers/registry';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stores, startStores } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

it('shows those of the latest days first, as many as asked for, and never another company’s or the probe', async () => {
  const [tenantId, other] = [newId('tenant'), newId('tenant')];
  const register = (tenant: typeof tenantId, day: string, ...shoppers: readonly string[]) =>
    stores.put(
      'Shoppers',
      ...createShopperMemory({ now: () => Date.parse(`${day}T10:00:00.000Z`) }).entriesFor(tenant, shoppers),
    );
  await register(tenantId, '2026-03-09', 'b', 'a', probeShopper);
  await register(tenantId, '2026-03-10', 'c');
  await register(other, '2026-03-10', 'theirs');
  expect(await recentShoppers(stores.table('Shoppers'), tenantId, 10)).toEqual([
    { shopperId: 'c', day: '2026-03-10' },
    { shopperId: 'a', day: '2026-03-09' },
    { shopperId: 'b', day: '2026-03-09' },
  ]);
  expect(await recentShoppers(stores.table('Shoppers'), tenantId, 1)).toHaveLength(1);
});
