import { newId } from '@tenantry/core/ids/id';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';
import { meteredAtLeast } from '../../support/usage.ts';

let test: TestCloud;
beforeAll(async () => {
  test = await startTestCloud();
}, 60_000);
afterAll(() => test?.close());

it.each(['standard', 'premium'] as const)('meters what a %s company sends and asks for, each once', async (tier) => {
  const { person, tenantId } = await test.founder(tier);
  const bearer = await person.createKey('secret');
  const events = Array.from({ length: 60 }, (_, i) => ({
    id: newId('event'),
    shopperId: `shopper-${i % 5}`,
    itemId: `item-${i}`,
    type: 'view',
  }));
  const send = (some: typeof events) => person.api('collectEvents', { bearer, body: { events: some } });
  await send(events);
  await send(events.slice(0, 30));
  await send([...events.slice(20, 50), ...events.slice(20, 40)]);
  for (let i = 0; i < 3; i += 1) await person.api('recommend', { bearer, body: { shopperId: 'shopper-1' } });

  expect(await meteredAtLeast(test.cloud, tenantId, 'events_collected', 60)).toBe(60);
  expect(await meteredAtLeast(test.cloud, tenantId, 'recommendations_served', 3)).toBe(3);
});
