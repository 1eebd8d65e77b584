import type Stripe from 'stripe';
import type { SystemActor } from '../actor/actor.ts';
import { deactivateTenant, isDeactivating, restoreTenant } from '../deletion/deactivation.ts';
import { isSuspended, reactivateTenant, suspendTenant } from '../suspension/suspension.ts';
import type { ChangeContext, TenantTables } from '../tenant/change.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { beginTierChange } from '../tier-change/tier-change.ts';
import { type Consequence, consequenceTable } from './consequence.ts';
import { renewSubscription } from './end-subscription.ts';
import type { BillingMachines } from './machines.ts';
import type { Standing } from './standing.ts';
import type { BillingState } from './state.ts';

export const biller: SystemActor = { kind: 'system', name: 'billing' };

const reasons: Readonly<Partial<Record<Standing, string>>> = {
  overdue: 'The subscription is not paid.',
  paused: 'The subscription is paused.',
};

/** What is done about a tenant, as it was read before Stripe was asked. */
export function consequenceOf({ standing, subscription }: BillingState, tenant: Tenant): Consequence {
  const consequence = consequenceTable[standing][tenant.status];
  if (consequence !== 'align') return consequence;
  const wanted = subscription?.plan?.tier;
  const { migration, tier, status } = tenant;
  // A change that is under way has a price of its own to change, before or after its switch.
  if (migration) return migration.to === wanted && migration.phase !== 'undoing' ? 'align' : 'later';
  if (!wanted || wanted === tier) return 'nothing';
  return status === 'active' ? 'align' : 'later';
}

/**
 * Names what is done about a tenant as it is. Once it is known to have been done, nobody has to see to it again.
 * @returns undefined when there is nothing to do, or something must end first
 */
export function settlementOf(consequence: Consequence, tenant: Tenant): string | undefined {
  if (consequence === 'nothing' || consequence === 'later') return undefined;
  const { status, run, suspension, migration, deactivation } = tenant;
  const changes = [suspension?.changeId, migration?.changeId, deactivation?.changeId];
  return [consequence, status, run, ...changes.map((change) => change ?? '')].join(' ');
}

export interface Surroundings {
  readonly tables: TenantTables;
  readonly stripe: Stripe;
  readonly machines: BillingMachines;
}

/**
 * Does what follows, by the state machines that there are. Every change is refused when the tenant is not as it was read any more, or somebody
 * has begun a newer review. Repeating it is safe, and starts again what was begun and not started.
 * @returns whether to look again at once
 * @throws {DomainError} `conflict`, `illegal_transition`
 */
export async function act(
  { tables, stripe, machines }: Surroundings,
  consequence: Consequence,
  state: BillingState,
  tenant: Tenant,
  context: Omit<ChangeContext, 'actor'>,
): Promise<boolean> {
  const { tenantId } = tenant;
  const change = { ...context, actor: biller };
  const byBilling = { ...change, by: 'billing' } as const;
  switch (consequence) {
    case 'provision':
      await machines.onboarding({ tenantId, run: tenant.run + 1 });
      return false;
    case 'align': {
      const tier = state.subscription?.plan?.tier;
      if (!tier) return false;
      const { migration } = await beginTierChange(tables, tenant, tier, change);
      await machines.tierChange({ tenantId, changeId: migration.changeId });
      return false;
    }
    case 'suspend': {
      if (isSuspended(tenant) && tenant.suspension.wanted === 'suspended' && !tenant.suspension.by) return false;
      const reason = reasons[state.standing] ?? 'The subscription is not paid.';
      const { suspension } = await suspendTenant(tables, tenantId, { ...byBilling, reason });
      await machines.suspension({ tenantId, changeId: suspension.changeId });
      return false;
    }
    case 'reactivate': {
      if (!isSuspended(tenant) || !tenant.suspension.by) return false;
      const { suspension } = await reactivateTenant(tables, tenantId, change);
      await machines.suspension({ tenantId, changeId: suspension.changeId });
      return false;
    }
    case 'deactivate': {
      if (isDeactivating(tenant) && !tenant.deactivation.by) return false;
      const { deactivation } = await deactivateTenant(tables, tenant, byBilling);
      await machines.deletion({ tenantId, changeId: deactivation.changeId });
      return false;
    }
    case 'restore': {
      if (!isDeactivating(tenant) || !tenant.deactivation.by || tenant.deactivation.final) return false;
      // Its deletion made sure that the subscription would not renew.
      if (state.subscription) await renewSubscription(stripe, state.subscription, true);
      const back = await restoreTenant(tables, tenant, change);
      if (back.suspension?.wanted === 'active') {
        await machines.suspension({ tenantId, changeId: back.suspension.changeId });
      }
      return true;
    }
    case 'later':
      // It may have been begun by a review that broke off before it could start what leads out of it.
      if (tenant.migration) await machines.tierChange({ tenantId, changeId: tenant.migration.changeId });
      return false;
    case 'nothing':
      return false;
  }
}
