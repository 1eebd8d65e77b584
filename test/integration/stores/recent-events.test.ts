import { type BehaviourEvent, eventTypes } from '@tenantry/core/events/event';
import { forgetRecent, noteRecent, readRecent, recentPartition, ringSeconds } from '@tenantry/core/events/recent';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stores, startStores } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

const start = Date.parse('2026-03-10T12:00:00.000Z');
const after = (seconds: number) => new Date(start + seconds * 1000);
const event = (shopperId = 'anna'): BehaviourEvent => ({
  id: newId('event', start),
  shopperId,
  itemId: 'lamp',
  type: eventTypes[0],
  time: '2026-03-10T11:59:59.000Z',
});
const batch = (count: number, shopperId?: string) => Array.from({ length: count }, () => event(shopperId));
const note = (tenantId: TenantId, events: readonly BehaviourEvent[], at: Date) =>
  noteRecent(stores.table('Usage'), tenantId, events, at);
const read = (tenantId: TenantId, now: Date, options: { after?: Date; limit?: number } = {}) =>
  readRecent(stores.table('Usage'), tenantId, { limit: 200, ...options, now });
const rowsOf = async (tenantId: TenantId) =>
  (await stores.rows('Usage')).filter(({ pk }) => pk === recentPartition(tenantId));

it('shows each event once, those seen last first, with the key that sent it, and never another company’s', async () => {
  const [tenantId, other] = [newId('tenant'), newId('tenant')];
  const [first, second, third, fourth] = [event(), event(), event(), event()];
  await note(tenantId, [first], after(0));
  await note(tenantId, [{ ...second, keyId: 'key_1' } as BehaviourEvent], after(1));
  await note(tenantId, [third, fourth], after(9));
  // A batch that comes again.
  await note(tenantId, [first], after(9));
  await note(other, [event('theirs')], after(9));
  const seen = await read(tenantId, after(10));
  expect(seen.map(({ id }) => id)).toEqual([fourth.id, third.id, second.id, first.id]);
  expect(seen[2]).toMatchObject({ keyId: 'key_1', seenAt: after(1).toISOString() });
  expect(await read(tenantId, after(10), { limit: 1 })).toHaveLength(1);
});

it('whoever asks for what came since the last answer misses nothing, wherever in the ring that is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: ringSeconds }),
      fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 6 }),
      async (offset, gaps) => {
        const tenantId = newId('tenant');
        const seen = new Set<string>();
        const sent: string[] = [];
        let at = offset;
        let readAt: Date | undefined;
        for (const gap of gaps) {
          at += gap;
          const [one] = batch(1);
          if (!one) throw new Error('no event');
          sent.push(one.id);
          await note(tenantId, [one], after(at));
          const now = after(at + 1);
          for (const { id } of await read(tenantId, now, readAt && { after: readAt })) seen.add(id);
          readAt = now;
        }
        expect([...seen].sort()).toEqual(sent.sort());
      },
    ),
    { numRuns: 25 },
  );
});

it('keeps an hour, in rows that later ones are written over, and of a batch no more than the newest', async () => {
  const tenantId = newId('tenant');
  await note(tenantId, batch(3), after(0));
  expect(await read(tenantId, after(ringSeconds - 60))).toHaveLength(3);
  expect(await read(tenantId, after(ringSeconds + 60))).toEqual([]);
  const many = batch(60);
  await note(tenantId, many, after(ringSeconds));
  const seen = await read(tenantId, after(ringSeconds));
  expect(seen.map(({ id }) => id)).toEqual(
    many
      .slice(-25)
      .map(({ id }) => id)
      .reverse(),
  );
  // The same batch an hour later takes the row of before, and no second one.
  await note(tenantId, many, after(2 * ringSeconds));
  const rows = (await rowsOf(tenantId)).filter(({ expiresAt }) => Number(expiresAt) > start / 1000 + ringSeconds);
  expect(rows).toHaveLength(1);
  expect(rows[0]?.expiresAt).toBe(start / 1000 + 3 * ringSeconds);
});

it('of a shopper who is erased nothing is left, wherever in the ring it lies', async () => {
  const tenantId = newId('tenant');
  for (const seconds of [0, 5, 1800, 3599]) await note(tenantId, batch(2), after(seconds));
  await note(tenantId, batch(2, 'ben'), after(100));
  await note(tenantId, [...batch(1), ...batch(1, 'ben')], after(1800));
  const usage = stores.table('Usage');
  expect(await forgetRecent(usage, tenantId, 'anna', false)).toBe(9);
  expect(await forgetRecent(usage, tenantId, 'anna', true)).toBe(9);
  expect(await forgetRecent(usage, tenantId, 'anna', false)).toBe(0);
  expect(JSON.stringify(await rowsOf(tenantId))).not.toContain('anna');
  expect(await forgetRecent(usage, tenantId, 'ben', false)).toBe(2);
});
