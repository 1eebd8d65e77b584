import { newId } from '@tenantry/core/ids/id';
import { recordProblem } from '@tenantry/core/tenant/change';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import {
  beginTierChange,
  endTierChange,
  enterPhase,
  isMigrating,
  type MigratingTenant,
  resumeTierChange,
  settledAt,
  undoTierChange,
} from '@tenantry/core/tier-change/tier-change';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stores, startStores, storedTenant } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

const actor = { kind: 'system', name: 'test' } as const;
const at = new Date('2026-03-01T12:00:00.000Z');
const later = (minutes: number): Date => new Date(at.getTime() + minutes * 60_000);
const context = { actor, at };
const silo = {
  tier: 'premium',
  isolation: 'silo',
  siloEndpoint: { address: '10.0.0.1', port: 443, tls: true, host: 'silo.example.com' },
  siloAccessToken: 'secret of the silo',
} as const satisfies Partial<Tenant>;

const row = ({ tenantId }: Tenant) => stores.read('Control', { pk: `TENANT#${tenantId}`, sk: 'META' });
const reload = ({ tenantId }: Tenant) => loadTenant(stores.table('Control'), tenantId);
async function audit({ tenantId }: Tenant) {
  return (await stores.rows('Audit')).filter(({ pk }) => pk === `TENANT#${tenantId}`);
}
/** As the row is now. @throws {Error} when nothing is under way */
async function moving(tenant: Tenant): Promise<MigratingTenant> {
  const now = await reload(tenant);
  if (!isMigrating(now)) throw new Error(`The company is ${now.status}.`);
  return now;
}
const begun = async (to: string, more: Partial<Tenant> = {}): Promise<MigratingTenant> =>
  moving(await beginTierChange(stores.tenants, await storedTenant(stores, more), to, context));

async function through(tenant: MigratingTenant, ...phases: ('mirroring' | 'switched' | 'cleaning' | 'undoing')[]) {
  for (const [i, phase] of phases.entries())
    await enterPhase(stores.tenants, await moving(tenant), phase, later(i + 1));
  return moving(tenant);
}

describe('a change of tier', () => {
  it('is refused for the present tier, one that there is not, and a company that is not active; nothing changes', async () => {
    const active = await storedTenant(stores);
    const suspended = await storedTenant(stores, { status: 'suspended' });
    const before = await Promise.all([row(active), row(suspended)]);
    const refused = [
      [active, 'standard', 'conflict'],
      [active, 'gigantic', 'unknown_tier'],
      [suspended, 'premium', 'illegal_transition'],
    ] as const;
    for (const [tenant, to, code] of refused) {
      await expect(beginTierChange(stores.tenants, tenant, to, context)).rejects.toMatchObject({ code });
    }
    for (const change of [undoTierChange, resumeTierChange]) {
      await expect(change(stores.tenants, active, context)).rejects.toMatchObject({ code: 'illegal_transition' });
    }
    expect(await Promise.all([row(active), row(suspended)])).toEqual(before);
    expect(await audit(active)).toEqual([]);
  });

  it('that is asked for again is the same change, and another has to wait, also for the end of an undo', async () => {
    const tenant = await begun('premium');
    expect(await beginTierChange(stores.tenants, tenant, 'premium', { actor, at: later(1) })).toEqual(tenant);
    const conflict = { code: 'conflict' };
    await expect(beginTierChange(stores.tenants, tenant, 'enterprise', context)).rejects.toMatchObject(conflict);
    const undone = await undoTierChange(stores.tenants, tenant, { actor, at: later(2) });
    await expect(beginTierChange(stores.tenants, undone, 'premium', context)).rejects.toMatchObject(conflict);
    expect((await audit(tenant)).map(({ action }) => action)).toEqual(['tenant.tier.requested', 'tenant.tier.undone']);
  });

  it('has the next number of its company', async () => {
    const tenant = await begun('premium', { tierChanges: 4 });
    expect(tenant).toMatchObject({ tierChanges: 5, migration: { number: 5, phase: 'preparing' } });
  });

  it('makes the new tier and place count with the switch, and remembers how the company was onboarded', async () => {
    const tenant = await through(await begun('premium'), 'mirroring');
    expect(tenant).toMatchObject({ status: 'migrating', tier: 'standard', isolation: 'pool' });
    const switched = await through(tenant, 'switched');
    expect(switched).toMatchObject({ status: 'active', tier: 'premium', isolation: 'silo', onboardedTo: 'pool' });
    const back = await through(await begun('standard', { ...silo, onboardedTo: 'pool' }), 'mirroring', 'switched');
    expect(back).toMatchObject({ status: 'active', tier: 'standard', isolation: 'pool', onboardedTo: 'pool' });
  });

  it('enters a phase once: its time does not start anew, and a minute later everybody goes by it', async () => {
    const tenant = await through(await begun('premium'), 'mirroring');
    expect(tenant.migration.phaseSince).toBe(later(1).toISOString());
    expect(settledAt(tenant.migration)).toEqual(later(2));
    expect(await enterPhase(stores.tenants, tenant, 'mirroring', later(9))).toEqual(tenant);
    expect(await moving(tenant)).toEqual(tenant);
    expect(await audit(tenant)).toHaveLength(2);
  });

  it('does nothing more once a newer request has replaced it', async () => {
    const older = await through(await begun('premium'), 'mirroring');
    const resumed = await resumeTierChange(stores.tenants, older, context);
    expect(resumed.migration).toEqual({ ...older.migration, changeId: expect.stringMatching(/^chg_/) });
    expect(resumed.migration.changeId).not.toBe(older.migration.changeId);
    const undone = await undoTierChange(stores.tenants, resumed, context);
    const before = await row(older);
    for (const stale of [older, resumed]) {
      await expect(enterPhase(stores.tenants, stale, 'switched', at)).rejects.toMatchObject({ code: 'conflict' });
      await expect(endTierChange(stores.tenants, stale, at)).rejects.toMatchObject({ code: 'conflict' });
      const { tenantId, migration } = stale;
      await recordProblem(stores.table('Control'), 'migration', { tenantId, changeId: migration.changeId }, 'too late');
    }
    expect(await row(older)).toEqual(before);
    expect((await moving(undone)).migration.phase).toBe('undoing');
  });

  it('forgets why it came to a halt when it goes on', async () => {
    const tenant = await begun('premium');
    const { tenantId, migration } = tenant;
    await recordProblem(stores.table('Control'), 'migration', { tenantId, changeId: migration.changeId }, 'No room');
    const halted = await moving(tenant);
    expect(halted.migration.problem).toBe('No room');
    expect((await resumeTierChange(stores.tenants, halted, context)).migration.problem).toBeUndefined();
    expect((await undoTierChange(stores.tenants, await moving(tenant), context)).migration.problem).toBeUndefined();
    expect((await moving(tenant)).migration.problem).toBeUndefined();
  });
});

describe('undoing a change of tier', () => {
  it('begins to settle when it is asked for, and not again when it is tried again', async () => {
    const tenant = await through(await begun('premium'), 'mirroring');
    const first = await undoTierChange(stores.tenants, tenant, { actor, at: later(5), reason: 'No budget' });
    expect(first.migration).toMatchObject({
      phase: 'undoing',
      phaseSince: later(5).toISOString(),
      problem: 'No budget',
    });
    const again = await undoTierChange(stores.tenants, first, { actor, at: later(9) });
    expect(again.migration).toMatchObject({ phase: 'undoing', phaseSince: later(5).toISOString() });
    expect(new Set([tenant, first, again].map(({ migration }) => migration.changeId)).size).toBe(3);
    expect((await moving(tenant)).migration).toEqual(again.migration);
  });

  it.each([['switched'], ['switched', 'cleaning']] as const)(
    'is refused once the new place serves: %s',
    async (...phases) => {
      const tenant = await through(await begun('premium'), 'mirroring', ...phases);
      await expect(undoTierChange(stores.tenants, tenant, context)).rejects.toMatchObject({
        code: 'illegal_transition',
      });
      expect(await moving(tenant)).toEqual(tenant);
    },
  );

  it('leaves the company as active, and of its tier, as it was', async () => {
    const tenant = await through(await begun('premium', { ...silo, tier: 'standard', isolation: 'pool' }), 'undoing');
    await endTierChange(stores.tenants, tenant, later(2));
    const { migration: _, siloEndpoint: __, siloAccessToken: ___, ...before } = tenant;
    expect(await reload(tenant)).toEqual({ ...before, status: 'active', changedAt: later(2).toISOString() });
    expect((await audit(tenant)).at(-1)).toMatchObject({ details: { outcome: 'undone', number: 1 } });
  });
});

describe('the end of a change of tier', () => {
  it('leaves a company of a silo its endpoint', async () => {
    const tenant = await through(
      await begun('premium', { ...silo, tier: 'standard', isolation: 'pool' }),
      'mirroring',
      'switched',
      'cleaning',
    );
    await endTierChange(stores.tenants, tenant, later(9));
    const ended = await reload(tenant);
    expect(ended).toMatchObject({ ...silo, status: 'active' });
    expect(ended.migration).toBeUndefined();
    expect((await audit(tenant)).at(-1)).toMatchObject({ details: { outcome: 'done' } });
  });

  it('leaves a company of the pool nothing of its silo', async () => {
    const tenant = await through(await begun('standard', silo), 'mirroring', 'switched', 'cleaning');
    await endTierChange(stores.tenants, tenant, later(9));
    const ended = await row(tenant);
    expect(ended).toMatchObject({ status: 'active', tier: 'standard', isolation: 'pool' });
    for (const field of ['migration', 'siloEndpoint', 'siloAccessToken']) expect(ended).not.toHaveProperty(field);
  });

  it('does not make a company active that was suspended after the switch', async () => {
    const tenant = await through(await begun('premium'), 'mirroring', 'switched', 'cleaning');
    const suspension = { changeId: newId('change'), wanted: 'suspended', reason: 'unpaid', since: at.toISOString() };
    await stores.put('Control', { ...(await row(tenant)), status: 'suspended', suspension });
    await endTierChange(stores.tenants, await moving(tenant), later(9));
    expect(await reload(tenant)).toMatchObject({ status: 'suspended', tier: 'premium', suspension });
  });
});
