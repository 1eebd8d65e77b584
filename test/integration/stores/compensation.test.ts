import { holdsEvents } from '@tenantry/core/events/holdings';
import { storeEvents } from '@tenantry/core/events/store';
import {
  beginCompensation,
  failProvisioning,
  resumeCompensation,
  settledAt,
  undoSteps,
} from '@tenantry/core/provisioning/compensation';
import { activateTenant, beginProvisioning, provisioner, saveSilo } from '@tenantry/core/provisioning/lifecycle';
import type { UndoableStep } from '@tenantry/core/provisioning/steps';
import { onboardingOf, readTimeline, startStep } from '@tenantry/core/provisioning/timeline';
import { createShopperMemory } from '@tenantry/core/shoppers/registry';
import { changeStatus } from '@tenantry/core/tenant/change';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stores, startStores, storedTenant } from '../../support/stores.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores?.close());

const at = new Date('2026-03-01T12:00:00.000Z');
const later = (ms: number): Date => new Date(at.getTime() + ms);
const control = () => stores.table('Control');
const reload = ({ tenantId }: Tenant) => loadTenant(control(), tenantId);
const conflict = expect.objectContaining({ code: 'conflict' });
const failed = { execution: 'one', reason: 'The quota is used up', results: {}, problem: 'unknown' } as const;

/** A company in the middle of its first run, whose steps began. */
async function provisioning(steps: readonly UndoableStep[], more: Partial<Tenant> = {}): Promise<Tenant> {
  const tenant = await storedTenant(stores, {
    tier: 'premium',
    isolation: 'silo',
    status: 'provisioning',
    run: 1,
    ...more,
  });
  for (const step of steps) await began(tenant, step);
  return tenant;
}
const began = ({ tenantId, run }: Tenant, step: UndoableStep) =>
  startStep(control(), { tenantId, journey: 'onboarding', run, step, at });
const undone = async (tenant: Tenant) =>
  Object.fromEntries(
    (await readTimeline(control(), tenant.tenantId, onboardingOf(await reload(tenant)))).flatMap(({ step, undo }) =>
      undo ? [[step, undo]] : [],
    ),
  );
const begin = (tenant: Tenant, execution = 'one') =>
  beginCompensation(stores.tenants, tenant, { execution, reason: failed.reason }, at);
const fail = (tenant: Tenant, more: Partial<Parameters<typeof failProvisioning>[2]> = {}) =>
  failProvisioning(stores.tenants, tenant, { ...failed, ...more }, at);
const running = { outcome: 'running', reason: null };

describe('a run that failed', () => {
  it('is taken back by one execution, which may ask again, and nobody else', async () => {
    const tenant = await provisioning([]);
    const compensating = await begin(tenant);
    expect(compensating).toMatchObject({
      status: 'provisioning',
      compensation: { changeId: 'one', left: [], kept: [] },
    });
    expect(await begin(tenant)).toEqual(compensating);
    expect(await begin(tenant, 'two')).toBeUndefined();
    await fail(tenant, { execution: 'two' });
    expect(await reload(tenant)).toEqual(compensating);
    expect(compensating && settledAt(compensating.compensation)).toEqual(later(60_000));
  });

  it.each<[string, Partial<Tenant>]>([
    ['has become active all the same', { status: 'active' }],
    ['has failed already', { status: 'failed' }],
    ['was overtaken by another', { run: 2 }],
    ['has not begun', { status: 'pending', run: 0 }],
  ])('is not taken back when it %s', async (_, more) => {
    const tenant = await provisioning([], more);
    expect(await begin({ ...tenant, run: 1 })).toBeUndefined();
    expect(await reload(tenant)).toEqual(tenant);
  });

  it('keeps the company from becoming active, also for whoever read it before', async () => {
    const tenant = await provisioning([]);
    await begin(tenant);
    await expect(activateTenant(stores.tenants, tenant.tenantId, at)).rejects.toEqual(conflict);
    await expect(changeStatus(stores.tenants, tenant, 'active', { actor: provisioner, at })).rejects.toEqual(conflict);
    expect((await reload(tenant)).status).toBe('provisioning');
  });

  it('has taken back what its steps, and those of earlier runs, had made: the last first, and what never began not at all', async () => {
    const tenant = await provisioning(['storage', 'silo']);
    const compensating = await begin(tenant);
    expect(compensating && (await undoSteps(stores.tenants, compensating))).toEqual(['silo', 'storage']);
    expect(await undone(tenant)).toEqual({ silo: running, storage: running });
    await fail(tenant, {
      results: {
        silo: { outcome: 'failed', reason: 'The cluster is away' },
        storage: { outcome: 'done', reason: null },
      },
    });
    expect(await reload(tenant)).toMatchObject({
      status: 'failed',
      compensation: { left: ['silo'], kept: [], problem: 'The cluster is away', reason: failed.reason },
    });

    const { tenantId } = tenant;
    const second = await beginProvisioning({ ...stores.tenants, slugs: control() }, { tenantId, run: 2 }, later(1));
    if (second.way !== 'on') throw new Error('The second run waits.');
    expect(second.tenant).toMatchObject({ status: 'provisioning', run: 2 });
    expect(second.tenant.compensation).toBeUndefined();
    await began(second.tenant, 'storage');
    const again = await begin(second.tenant);
    expect(again && (await undoSteps(stores.tenants, again))).toEqual(['silo', 'storage']);
  });

  it('of the pool has nothing to take back', async () => {
    const tenant = await provisioning(['storage'], { tier: 'standard', isolation: 'pool' });
    const compensating = await begin(tenant);
    expect(compensating && (await undoSteps(stores.tenants, compensating))).toEqual([]);
    await fail(tenant);
    expect((await reload(tenant)).compensation).toBeUndefined();
    expect(await undone(tenant)).toEqual({});
  });
});

describe('what is left', () => {
  it('is nothing: the company forgets where its silo answered, and may be tried again', async () => {
    const tenant = await provisioning(['storage', 'silo', 'probe']);
    const { tenantId } = tenant;
    const endpoint = { address: 'balancer', port: 443, tls: true, host: 'shop.example' };
    await saveSilo(control(), tenantId, { endpoint, accessToken: 'secret' });
    await begin(tenant);
    const done = { outcome: 'done', reason: null } as const;
    await fail(tenant, { results: { probe: done, silo: done, storage: done } });
    const now = await reload(tenant);
    expect(now.status).toBe('failed');
    for (const field of ['compensation', 'siloEndpoint', 'siloAccessToken'] as const)
      expect(now[field]).toBeUndefined();
    expect(await undone(tenant)).toEqual({ probe: done, silo: done, storage: done });
    // A repeated answer, with whatever it says, changes nothing any more.
    await fail(tenant, { results: { silo: { outcome: 'failed', reason: 'late' } } });
    expect(await reload(tenant)).toEqual(now);
    const audit = (await stores.rows('Audit')).filter(({ pk }) => pk === `TENANT#${tenantId}`);
    const byAction = audit.map(({ action, details }) => ({ action: String(action), details }));
    expect(byAction.sort((a, b) => (a.action < b.action ? -1 : 1))).toEqual([
      { action: 'onboarding.undoing', details: { run: 1, reason: failed.reason } },
      {
        action: 'tenant.status',
        details: { from: 'provisioning', to: 'failed', reason: failed.reason, undone: 'probe, silo, storage' },
      },
    ]);
  });

  it('of a silo keeps its access token, so that a retry does not lock it out', async () => {
    const tenant = await provisioning(['silo']);
    await saveSilo(control(), tenant.tenantId, { accessToken: 'secret' });
    await begin(tenant);
    await fail(tenant, { results: { silo: { outcome: 'failed', reason: 'The cluster is away' } } });
    expect((await reload(tenant)).siloAccessToken).toBe('secret');
  });

  it('is what nobody came to, with the reason for that; and data that was kept stays kept', async () => {
    const tenant = await provisioning(['storage', 'silo']);
    await begin(tenant);
    const kept = { outcome: 'kept', reason: 'It holds events' } as const;
    await fail(tenant, { results: { storage: kept }, problem: 'Nobody came' });
    const { compensation } = await reload(tenant);
    expect(compensation).toMatchObject({ left: ['silo'], kept: ['storage'], problem: 'Nobody came' });
    expect(await undone(tenant)).toEqual({ silo: { outcome: 'failed', reason: 'Nobody came' }, storage: kept });
    // A second run that does not even begin leaves it at that.
    await fail({ ...tenant, run: 2 }, { problem: 'The second could not begin' });
    const now = await reload(tenant);
    expect(now).toMatchObject({ status: 'failed', run: 2, compensation: { left: ['silo'], kept: ['storage'] } });
  });

  it('by an earlier run, and is taken back, is not looked for again', async () => {
    const tenant = await provisioning(['storage', 'silo']);
    await begin(tenant);
    const done = { outcome: 'done', reason: null } as const;
    await fail(tenant, { results: { silo: { outcome: 'failed', reason: 'The cluster is away' }, storage: done } });
    const { tenantId } = tenant;
    await beginProvisioning({ ...stores.tenants, slugs: control() }, { tenantId, run: 2 }, at);
    const second = await begin({ ...tenant, run: 2 });
    expect(second && (await undoSteps(stores.tenants, second))).toEqual(['silo']);
  });

  it('is remembered when it is nothing but data that was kept', async () => {
    const tenant = await provisioning(['storage']);
    await begin(tenant);
    await fail(tenant, { results: { storage: { outcome: 'kept', reason: 'It holds events' } } });
    const { compensation } = await reload(tenant);
    expect(compensation).toMatchObject({ left: [], kept: ['storage'] });
    expect(compensation?.problem).toBeUndefined();
  });

  it('is taken back anew by another execution of the run, whatever the timeline says', async () => {
    const tenant = await provisioning(['storage']);
    await begin(tenant);
    await fail(tenant, { results: { storage: { outcome: 'done', reason: null } } });
    const resumed = await resumeCompensation(stores.tenants, tenant, 'again', later(1));
    expect(resumed).toMatchObject({ status: 'provisioning', compensation: { changeId: 'again', everything: true } });
    expect(resumed && (await undoSteps(stores.tenants, resumed))).toEqual(['probe', 'silo', 'storage']);
    // Steps that never began stay so.
    expect(await undone(tenant)).toEqual({ storage: running });
    // The newest takes over from one that may be dead, and from the end of that on it has no say.
    const taken = await resumeCompensation(stores.tenants, tenant, 'newest', later(2));
    expect(taken?.compensation).toMatchObject({ changeId: 'newest', since: later(2).toISOString() });
    await fail(tenant, { execution: 'again' });
    expect(await reload(tenant)).toEqual(taken);
  });

  it.each<Partial<Tenant>>([{ status: 'active' }, { status: 'provisioning' }, { status: 'deleted' }, { run: 2 }])(
    'is nothing of a company that is %o',
    async (more) => {
      const tenant = await provisioning([], { status: 'failed', ...more });
      expect(await resumeCompensation(stores.tenants, { ...tenant, run: 1 }, 'again', at)).toBeUndefined();
      expect(await reload(tenant)).toEqual(tenant);
    },
  );
});

describe('a new run', () => {
  const next = ({ tenantId }: Tenant, run: number) =>
    beginProvisioning({ ...stores.tenants, slugs: control() }, { tenantId, run }, at);

  it('waits until what the last one had made is taken back', async () => {
    const tenant = await provisioning(['silo']);
    await begin(tenant);
    expect(await next(tenant, 2)).toEqual({ way: 'wait' });
    await fail({ ...tenant, run: 2 }).catch((error: unknown) => expect(error).toEqual(conflict));
    expect(await reload(tenant)).toMatchObject({ status: 'provisioning', run: 1 });
    await fail(tenant);
    expect(await next(tenant, 2)).toMatchObject({ way: 'on', tenant: { run: 2, status: 'provisioning' } });
  });

  it('begins neither while another is under way, nor twice, nor out of turn', async () => {
    const tenant = await provisioning([]);
    await expect(next(tenant, 2)).rejects.toEqual(conflict);
    await expect(next(tenant, 3)).rejects.toEqual(conflict);
    expect(await next(tenant, 1)).toMatchObject({ way: 'on' });
    expect(await reload(tenant)).toEqual(tenant);
    const taken = await begin(tenant);
    await expect(next(tenant, 1)).rejects.toEqual(conflict);
    expect(await reload(tenant)).toEqual(taken);
  });
});

describe('an events table', () => {
  it('holds data from the first event on, whichever shopper it is of', async () => {
    const { tenantId } = await provisioning([]);
    await stores.makeSiloEvents(tenantId);
    const [events, shoppers] = [stores.siloEvents(tenantId), stores.table('Shoppers')];
    const store = (shopperId: string, into = events) =>
      storeEvents(
        { events: into, shoppers },
        createShopperMemory(),
        tenantId,
        [{ id: 'evt_1', time: at.toISOString(), shopperId, itemId: 'lamp', type: 'view' }],
        { retentionDays: 1 },
      );
    expect(await holdsEvents(events, shoppers, tenantId)).toBe(false);
    // Shoppers whose events lie elsewhere are none of it.
    for (const shopper of ['a', 'b', 'c']) await store(shopper, stores.table('Events'));
    expect(await holdsEvents(events, shoppers, tenantId)).toBe(false);
    await store('zoe');
    expect(await holdsEvents(events, shoppers, tenantId)).toBe(true);
  });
});
