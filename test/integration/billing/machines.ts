import { findBilling, makeReviewDue } from '@tenantry/core/billing/billing-row';
import { changePrice } from '@tenantry/core/billing/change-price';
import { endSubscription, renewSubscription } from '@tenantry/core/billing/end-subscription';
import type { BillingMachines } from '@tenantry/core/billing/machines';
import { findSubscription } from '@tenantry/core/billing/subscription';
import { isDeactivating, makeFinal } from '@tenantry/core/deletion/deactivation';
import type { TenantId } from '@tenantry/core/ids/id';
import { activateTenant, beginProvisioning } from '@tenantry/core/provisioning/lifecycle';
import { activateAgain, isSuspended } from '@tenantry/core/suspension/suspension';
import { findTenant, loadTenant } from '@tenantry/core/tenant/tenant';
import { endTierChange, enterPhase, isMigrating } from '@tenantry/core/tier-change/tier-change';
import type { World } from './world.ts';

type Surroundings = Pick<World, 'stripe' | 'tables'>;

/** An execution that was started and has not ended: its next step, and when that is due. */
interface Execution {
  readonly step: (surroundings: Surroundings, now: Date) => Promise<Execution['step'] | undefined>;
  readonly notBefore: Date | undefined;
}

const tenantOf = (name: string): TenantId => name as TenantId;

/**
 * The state machines by what their tasks do to a company, each step by itself, so that others come between. One execution by a name runs once.
 */
export class Machines {
  readonly #started = new Set<string>();
  #running: Execution[] = [];

  get idle(): boolean {
    return this.#running.every(({ notBefore }) => notBefore !== undefined);
  }

  /** Starts as the billing does; the names are those of the real executions. */
  readonly ports: BillingMachines = {
    onboarding: async ({ tenantId, run }) =>
      this.#start(`onboarding ${tenantId} ${run}`, onboard(tenantOf(tenantId), run)),
    suspension: async ({ tenantId, changeId }) => this.#start(changeId, comeBack(tenantOf(tenantId), changeId)),
    tierChange: async ({ tenantId, changeId }) => this.#start(changeId, move(tenantOf(tenantId), changeId)),
    deletion: async ({ tenantId, changeId }) => {
      this.#start(changeId, leave(tenantOf(tenantId), changeId));
    },
  };

  #start(name: string, step: Execution['step'], notBefore?: Date): void {
    if (this.#started.has(name)) return;
    this.#started.add(name);
    this.#running.push({ step, notBefore });
  }

  /** Takes one step of each execution that is due. */
  async step(surroundings: Surroundings, now: Date): Promise<void> {
    const due = this.#running.filter(({ notBefore }) => notBefore === undefined || notBefore <= now);
    this.#running = this.#running.filter((execution) => !due.includes(execution));
    for (const { step } of due) {
      const next = await step(surroundings, now);
      if (next) this.#running.push({ step: next, notBefore: (next as { notBefore?: Date }).notBefore });
    }
  }
}

const later = (notBefore: Date, step: Execution['step']): Execution['step'] => Object.assign(step, { notBefore });

function onboard(tenantId: TenantId, run: number): Execution['step'] {
  return async ({ tables }, now) => {
    const tenant = await loadTenant(tables.control, tenantId);
    if (tenant.status !== 'pending') return undefined;
    await beginProvisioning({ ...tables, slugs: tables.control }, { tenantId, run }, now);
    return async (surroundings, then) => {
      await activateTenant(surroundings.tables, tenantId, then);
      return undefined;
    };
  };
}

function comeBack(tenantId: TenantId, changeId: string): Execution['step'] {
  return async ({ tables }, now) => {
    const tenant = await loadTenant(tables.control, tenantId);
    if (isSuspended(tenant) && tenant.suspension.changeId === changeId && tenant.suspension.wanted === 'active') {
      await activateAgain(tables, tenant, now);
      await makeReviewDue(tables.control, tenantId, now);
    }
    return undefined;
  };
}

function move(tenantId: TenantId, changeId: string): Execution['step'] {
  const current = async ({ tables }: Surroundings) => {
    const tenant = await loadTenant(tables.control, tenantId);
    return isMigrating(tenant) && tenant.migration.changeId === changeId ? tenant : undefined;
  };
  const end: Execution['step'] = async (surroundings, now) => {
    const tenant = await current(surroundings);
    if (tenant) await endTierChange(surroundings.tables, tenant, now);
    return undefined;
  };
  const switchOver: Execution['step'] = async (surroundings, now) => {
    const tenant = await current(surroundings);
    if (!tenant) return undefined;
    await enterPhase(surroundings.tables, tenant, 'switched', now);
    return end;
  };
  return async (surroundings) => {
    const tenant = await current(surroundings);
    if (!tenant) return undefined;
    const subscription = await findSubscription(surroundings.tables.control, tenantId);
    const { to, number } = tenant.migration;
    if (subscription)
      await changePrice(surroundings.stripe, subscription, { tier: to }, `${tenantId}-tier-${number}-charge`);
    return switchOver;
  };
}

function leave(tenantId: TenantId, changeId: string): Execution['step'] {
  const current = async ({ tables }: Surroundings) => {
    const tenant = await findTenant(tables.control, tenantId);
    return tenant && isDeactivating(tenant) && tenant.deactivation.changeId === changeId ? tenant : undefined;
  };
  const erase: Execution['step'] = async (surroundings, now) => {
    const tenant = await current(surroundings);
    if (!tenant) return undefined;
    await makeFinal(surroundings.tables, tenant, now);
    const billing = await findBilling(surroundings.tables.control, tenantId);
    if (billing) await endSubscription(surroundings.stripe, billing);
    return undefined;
  };
  return async (surroundings) => {
    const tenant = await current(surroundings);
    if (!tenant) return undefined;
    const subscription = await findSubscription(surroundings.tables.control, tenantId);
    if (subscription) {
      await renewSubscription(surroundings.stripe, subscription, false);
      if (!(await current(surroundings))) await renewSubscription(surroundings.stripe, subscription, true);
    }
    return later(new Date(tenant.deactivation.until), erase);
  };
}
