import { deactivatableStatuses } from '@tenantry/core/deletion/deactivatable';
import {
  deactivateTenant,
  deleteTenantNow,
  isBeingDeletedBy,
  isDeactivating,
  makeFinal,
  restoreTenant,
} from '@tenantry/core/deletion/deactivation';
import { newId } from '@tenantry/core/ids/id';
import { recordProblem } from '@tenantry/core/tenant/change';
import { tenantStatuses } from '@tenantry/core/tenant/status';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stores, startStores, storedTenant } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

const actor = { kind: 'system', name: 'test' } as const;
const at = new Date('2026-03-01T12:00:00.000Z');
const later = (ms: number): Date => new Date(at.getTime() + ms);
const HOUR_MS = 3_600_000;

const reload = ({ tenantId }: Tenant) => loadTenant(stores.table('Control'), tenantId);
const row = ({ tenantId }: Tenant) => stores.read('Control', { pk: `TENANT#${tenantId}`, sk: 'META' });
async function actions({ tenantId }: Tenant): Promise<readonly unknown[]> {
  const rows = await stores.rows('Audit');
  return rows.filter(({ pk }) => pk === `TENANT#${tenantId}`).map(({ action }) => action);
}

/** As the row is now. @throws {Error} when the company does not leave */
async function leaving(tenant: Tenant) {
  const now = await reload(tenant);
  if (!isDeactivating(now)) throw new Error(`The company is ${now.status}.`);
  return now;
}

async function left(more: Partial<Tenant> = {}) {
  const tenant = await storedTenant(stores, more);
  await deactivateTenant(stores.tenants, tenant, { actor, at });
  return leaving(tenant);
}

describe('a company that leaves', () => {
  it('has 72 hours to come back, and asking again does not prolong them', async () => {
    const first = await left();
    expect(first).toMatchObject({
      status: 'deactivating',
      deactivation: { from: 'active', since: at.toISOString(), until: later(72 * HOUR_MS).toISOString(), final: false },
    });
    const again = await deactivateTenant(stores.tenants, first, { actor, at: later(HOUR_MS) });
    expect(again.deactivation).toEqual(first.deactivation);
    expect(await reload(first)).toEqual(first);
    expect(await actions(first)).toEqual(['tenant.deactivated']);
  });

  it.each(
    tenantStatuses.filter((status) => status !== 'deactivating' && !deactivatableStatuses.some((s) => s === status)),
  )('is refused while it is %s, and nothing changes', async (status) => {
    const tenant = await storedTenant(stores, { status });
    const before = await row(tenant);
    const refused = expect.objectContaining({ code: 'illegal_transition' });
    await expect(deactivateTenant(stores.tenants, tenant, { actor, at })).rejects.toEqual(refused);
    await expect(deleteTenantNow(stores.tenants, tenant, { actor, at, reason: 'asked' })).rejects.toEqual(refused);
    expect(await row(tenant)).toEqual(before);
    expect(await actions(tenant)).toEqual([]);
  });

  it('comes back to what it was: served ones by way of their reactivation, the others as they were', async () => {
    const served = await restoreTenant(stores.tenants, await left(), { actor, at });
    expect(served).toMatchObject({ status: 'suspended', suspension: { wanted: 'active' } });
    const failed = await restoreTenant(stores.tenants, await left({ status: 'failed' }), { actor, at });
    expect(failed.status).toBe('failed');
    expect(failed.suspension).toBeUndefined();
    const suspension = {
      changeId: newId('change'),
      wanted: 'suspended',
      reason: 'unpaid',
      since: at.toISOString(),
    } as const;
    const suspended = await restoreTenant(stores.tenants, await left({ status: 'suspended', suspension }), {
      actor,
      at,
    });
    expect(suspended).toMatchObject({ status: 'suspended', suspension });
    const returning = { ...suspension, wanted: 'active' } as const;
    const both = await restoreTenant(stores.tenants, await left({ status: 'suspended', suspension: returning }), {
      actor,
      at,
    });
    expect(both).toMatchObject({ status: 'suspended', suspension: { wanted: 'active' } });
    expect(both.suspension?.changeId).not.toBe(returning.changeId);
    for (const tenant of [served, failed, suspended, both]) {
      expect(await reload(tenant)).toEqual(tenant);
      expect(tenant.deactivation).toBeUndefined();
    }
  });

  it('does not come back once the deletion is final, not even by what was read before', async () => {
    const before = await left();
    await makeFinal(stores.tenants, before, later(72 * HOUR_MS));
    const final = await leaving(before);
    expect(final.deactivation.final).toBe(true);
    await expect(restoreTenant(stores.tenants, final, { actor, at })).rejects.toMatchObject({
      code: 'illegal_transition',
    });
    expect(await reload(final)).toEqual(final);
  });

  it('may be erased once the deletion is final, by the newest change, and while it lasts', async () => {
    const waiting = await left();
    const { changeId } = waiting.deactivation;
    expect(isBeingDeletedBy(waiting, changeId)).toBe(false);
    await makeFinal(stores.tenants, waiting, at);
    const final = await leaving(waiting);
    expect(isBeingDeletedBy(final, changeId)).toBe(true);
    expect(isBeingDeletedBy(final, newId('change'))).toBe(false);
    expect(isBeingDeletedBy({ ...final, status: 'deleted' }, changeId)).toBe(false);
  });

  it('is not deleted by a change that was undone, or replaced', async () => {
    const undone = await left();
    await restoreTenant(stores.tenants, undone, { actor, at });
    const replaced = await left();
    await deleteTenantNow(stores.tenants, replaced, { actor, at, reason: 'asked' });
    for (const stale of [undone, replaced]) {
      const before = await row(stale);
      await expect(makeFinal(stores.tenants, stale, at)).rejects.toMatchObject({ code: 'conflict' });
      expect(await row(stale)).toEqual(before);
    }
  });

  it('has a minute from the moment that is final until the first is counted, however often that is repeated', async () => {
    const tenant = await left();
    const first = await makeFinal(stores.tenants, tenant, later(HOUR_MS));
    expect(first.settled).toEqual(later(HOUR_MS + 60_000));
    const again = await makeFinal(stores.tenants, await leaving(tenant), later(2 * HOUR_MS));
    expect(again).toEqual(first);
    expect((await leaving(tenant)).deactivation.finalSince).toBe(later(HOUR_MS).toISOString());
    expect(await actions(tenant)).toEqual(['tenant.deactivated', 'tenant.deletion']);
  });
});

describe('an order to delete at once', () => {
  it('waits for nothing', async () => {
    const tenant = await deleteTenantNow(stores.tenants, await storedTenant(stores), { actor, at, reason: 'asked' });
    expect(tenant.deactivation).toMatchObject({ from: 'active', until: at.toISOString(), final: false });
    expect(await reload(tenant)).toEqual(tenant);
  });

  it('replaces the change that waits, and goes on with one that came to a halt, without making it less final', async () => {
    const waiting = await left();
    await makeFinal(stores.tenants, waiting, at);
    const { tenantId, deactivation } = waiting;
    await recordProblem(
      stores.table('Control'),
      'deactivation',
      { tenantId, changeId: deactivation.changeId },
      'The table is busy',
    );
    const halted = await leaving(waiting);
    expect(halted.deactivation.problem).toBe('The table is busy');
    const { deactivation: anew } = await deleteTenantNow(stores.tenants, halted, {
      actor,
      at: later(HOUR_MS),
      reason: 'again',
    });
    expect(anew.changeId).not.toBe(deactivation.changeId);
    const { problem: _, ...kept } = halted.deactivation;
    expect(anew).toEqual({ ...kept, changeId: anew.changeId, until: later(HOUR_MS).toISOString() });
    expect((await leaving(waiting)).deactivation).toEqual(anew);
    expect((await actions(waiting)).at(-1)).toBe('tenant.deletion');
  });

  it('does not take the word of a change that was replaced for why it came to a halt', async () => {
    const waiting = await left();
    const anew = await deleteTenantNow(stores.tenants, waiting, { actor, at, reason: 'asked' });
    const { tenantId, deactivation } = waiting;
    await recordProblem(
      stores.table('Control'),
      'deactivation',
      { tenantId, changeId: deactivation.changeId },
      'too late',
    );
    expect(await reload(waiting)).toEqual(anew);
  });
});
