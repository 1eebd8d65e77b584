import { newId, type TenantId } from '@tenantry/core/ids/id';
import { expect, it } from 'vitest';
import { forEachTenant } from './each-tenant.ts';

interface Item {
  readonly tenantId: TenantId;
  readonly place: number;
}

async function* listed(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}
const tenants = Array.from({ length: 20 }, () => newId('tenant'));
const items = [0, 1, 2].flatMap((place) => tenants.map((tenantId) => ({ tenantId, place })));

it('works for each tenant in order, and ends what fails for that tenant alone', async () => {
  const done: Item[] = [];
  const failures: Item[] = [];
  const [failing] = tenants;
  const tally = await forEachTenant(listed(items), {
    timeIsUp: () => false,
    work: async (_, item) => {
      if (item.tenantId === failing && item.place === 1) throw new Error('it fails');
      done.push(item);
    },
    onFailure: (_, item) => void failures.push(item),
  });
  expect(tally).toEqual({ done: 58, failed: 1, left: 1 });
  expect(failures).toEqual([{ tenantId: failing, place: 1 }]);
  for (const tenantId of tenants) {
    const places = done.filter((item) => item.tenantId === tenantId).map(({ place }) => place);
    expect(places).toEqual(tenantId === failing ? [0] : [0, 1, 2]);
  }
});

it('begins nothing once the time is up, and says how much is left', async () => {
  let worked = 0;
  const tally = await forEachTenant(listed(items), {
    timeIsUp: () => worked >= 10,
    work: async () => {
      worked += 1;
    },
    onFailure: () => undefined,
  });
  expect(tally).toEqual({ done: worked, failed: 0, left: items.length - worked });
  expect(worked).toBeLessThan(10 + 8);
});
