import { newId, type TenantId } from '@tenantry/core/ids/id';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import { priceKey } from '@tenantry/core/tier/price';
import { firstMovePlace, noMove } from '@tenantry/core/tier-change/events-move';
import type { Migration } from '@tenantry/core/tier-change/migration';
import type { MigrationPhase } from '@tenantry/core/tier-change/phases';
import { tierChangeActions } from '@tenantry/core/tier-change/state-machine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allRows } from '../../support/rows.ts';
import { startTaskWorld, type TaskWorld } from '../../support/task-world.ts';

/** The tasks of a change of tier, asked directly for what no machine may ask of them: each looks for itself whether it may. */
let world: TaskWorld;
const changeId = newId('change');
const ways = { pooled: ['standard', 'premium'], siloed: ['premium', 'standard'] } as const;
type Who = keyof typeof ways;
let ids: Readonly<Record<Who, TenantId>>;

beforeAll(async () => {
  world = await startTaskWorld();
  const [first, second] = await Promise.all((['standard', 'premium'] as const).map(world.founded));
  if (!first || !second) throw new Error('Two companies are needed.');
  ids = { pooled: first.tenantId, siloed: second.tenantId };
}, 120_000);
afterAll(() => world?.close());

/** Puts a company in the middle of a change, as no machine works on it. */
async function inPhase(who: Who, phase: MigrationPhase, more: Partial<Tenant> = {}): Promise<void> {
  const [from, to] = ways[who];
  const since = new Date().toISOString();
  const migration: Migration = { changeId, number: 1, from, to, phase, since, phaseSince: since };
  await world.put(ids[who], { status: 'migrating', migration, ...more });
}
const ask = (who: Who, task: string, payload: object = {}) =>
  world.ask(task, { tenantId: ids[who], changeId, run: 1, ...payload });
const data = (who: Who, action: string) =>
  ask(who, 'tier-change-data', { action, place: firstMovePlace, tally: noMove });

/** Asks for something that must not be done now. */
async function refused(who: Who, asking: () => Promise<object>, message: RegExp): Promise<void> {
  const before = await world.picture(ids[who]);
  expect(await asking()).toEqual({ error: expect.stringMatching(message) });
  expect(await world.picture(ids[who])).toEqual(before);
}

it('do nothing for a company that does not move, or for a request that was replaced', async () => {
  const attempts = async (who: Who) => {
    const replaced = { changeId: newId('change') };
    const before = await world.picture(ids[who]);
    for (const action of tierChangeActions['tier-change'].filter((one) => one !== 'fail')) {
      expect(await ask(who, 'tier-change', { ...replaced, action }), action).toMatchObject({ current: false });
    }
    await ask(who, 'tier-change', { ...replaced, action: 'fail', failure: { Error: 'Late', Cause: 'too late' } });
    for (const action of tierChangeActions['tier-change-billing']) {
      expect(await ask(who, 'tier-change-billing', { ...replaced, action }), action).toEqual({});
    }
    const move = { ...replaced, place: firstMovePlace, tally: noMove };
    for (const action of tierChangeActions['tier-change-data']) {
      const answer = await ask(who, 'tier-change-data', { ...move, action });
      expect(answer, action).toEqual({ error: 'The change of tier was replaced by another request.' });
    }
    expect(await ask(who, 'deletion-silo', replaced)).toEqual({ error: 'No change of the company asks for this.' });
    expect(await world.picture(ids[who])).toEqual(before);
  };
  await attempts('pooled');
  await attempts('siloed');
  // The silo is what an undo would erase of a company in the pool.
  await inPhase('pooled', 'undoing');
  await attempts('pooled');
});

it.each(['preparing', 'switched', 'cleaning', 'undoing'] as const)(
  'copy and compare nothing in the phase %s, in which new events may go to one place alone',
  async (phase) => {
    await inPhase('pooled', phase);
    await refused('pooled', () => data('pooled', 'copy'), /do not go to both places/);
    await refused('pooled', () => data('pooled', 'verify'), /do not go to both places/);
  },
);

it.each(['preparing', 'mirroring', 'switched'] as const)('erase neither place in the phase %s', async (phase) => {
  await inPhase('siloed', phase);
  await refused('siloed', () => data('siloed', 'erase'), /still in use/);
  await inPhase('pooled', phase);
  await refused('pooled', () => ask('pooled', 'deletion-silo'), /No change of the company asks/);
});

it.each(['cleaning', 'undoing'] as const)('erase nothing of the place that serves in the phase %s', async (phase) => {
  await inPhase('pooled', phase);
  await refused('pooled', () => data('pooled', 'erase'), /The pool serves/);
  await inPhase('siloed', phase);
  await refused('siloed', () => ask('siloed', 'deletion-silo'), /No change of the company asks/);
});

it.each(['switched', 'cleaning'] as const)('take nothing back in the phase %s', async (phase) => {
  await inPhase('pooled', phase);
  await refused('pooled', () => ask('pooled', 'tier-change', { action: 'undo' }), /serves already/);
});

it('copy from the place that serves to the one that will, and compare them', async () => {
  const inPool = async () => {
    const rows = await allRows(world.test.cloud, 'Events');
    return rows.filter(({ pk }) => pk === `${ids.siloed}#shopper`);
  };
  await inPhase('siloed', 'mirroring');
  expect(await inPool()).toEqual([]);
  expect(await data('siloed', 'copy')).toMatchObject({ done: true, tally: { events: 2 } });
  expect(await inPool()).toMatchObject([{ mirrored: true }, { mirrored: true }]);
  expect(await data('siloed', 'verify')).toMatchObject({ done: true, tally: { events: 2 } });
  await inPhase('siloed', 'undoing');
  expect(await data('siloed', 'erase')).toMatchObject({ done: true });
  expect(await inPool()).toEqual([]);
});

it('charge the new tier, and put the old price back', async () => {
  const charged = async () => {
    const { items } = (await world.subscriptionOf(ids.siloed)) as {
      items: { data: { price: { lookup_key: string } }[] };
    };
    return items.data.map(({ price }) => price.lookup_key);
  };
  await inPhase('siloed', 'mirroring');
  await ask('siloed', 'tier-change-billing', { action: 'charge' });
  expect(await charged()).toContain(priceKey('standard', 'month'));
  await inPhase('siloed', 'undoing');
  await ask('siloed', 'tier-change-billing', { action: 'restore' });
  expect(await charged()).toContain(priceKey('premium', 'month'));
});

it('keep the old place for as long as anybody may still act by the phase before, however short the grace is', async () => {
  await inPhase('pooled', 'mirroring');
  const { graceUntil } = await ask('pooled', 'tier-change', { action: 'switch' });
  const { migration } = await world.load(ids.pooled);
  expect(Date.parse(String(graceUntil)) - Date.parse(migration?.phaseSince ?? '')).toBe(60_000);
});

it('record why it came to a halt', async () => {
  await inPhase('pooled', 'cleaning');
  await ask('pooled', 'tier-change', {
    action: 'fail',
    failure: { Error: 'Error', Cause: '{"errorMessage":"No room"}' },
  });
  expect((await world.load(ids.pooled)).migration?.problem).toBe('No room');
});

it('end at once for a company that is being deleted for good', async () => {
  const at = new Date().toISOString();
  const deactivation = { changeId: newId('change'), from: 'active', since: at, until: at, final: true } as const;
  await inPhase('pooled', 'switched', { status: 'deactivating', deactivation });
  expect(await ask('pooled', 'tier-change', { action: 'begin' })).toMatchObject({ current: false });
  await refused('pooled', () => data('pooled', 'erase'), /replaced/);
});
