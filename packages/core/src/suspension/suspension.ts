import type { SystemActor } from '../actor/actor.ts';
import { DomainError } from '../errors/domain-error.ts';
import { newId, type TenantId } from '../ids/id.ts';
import { type ChangeContext, changeStatus, changeTenant, type TenantTables } from '../tenant/change.ts';
import { loadTenant, type Suspension, type Tenant } from '../tenant/tenant.ts';

export type SuspendedTenant = Tenant & { readonly suspension: Suspension };

const suspender: SystemActor = { kind: 'system', name: 'suspension' };

/**
 * Suspends an active tenant: every request is refused from here on. What still runs for it is stopped by the state machine, which the
 * caller starts with the change that is given back. Sent again, it gives the same change, so that a start whose answer was lost
 * can be repeated; sent while the tenant is being reactivated, it wins. What somebody asks for takes the place of what the billing did, and
 * stays when the company pays.
 * @throws {DomainError} `not_found`, `illegal_transition`, `conflict`
 */
export async function suspendTenant(
  tables: TenantTables,
  tenantId: TenantId,
  { reason, by, ...context }: ChangeContext & { readonly reason: string; readonly by?: 'billing' },
): Promise<SuspendedTenant> {
  const tenant = await loadTenant(tables.control, tenantId);
  const suspension: Suspension = {
    changeId: newId('change'),
    wanted: 'suspended',
    reason,
    since: context.at.toISOString(),
    ...(by ? { by } : {}),
  };
  if (!isSuspended(tenant)) {
    const suspended = await changeStatus(tables, tenant, 'suspended', { ...context, reason, set: { suspension } });
    return { ...suspended, suspension };
  }
  const { wanted, problem, by: before } = tenant.suspension;
  const stands = wanted === 'suspended' && !problem && (before === by || before === undefined);
  return stands ? tenant : change(tables, tenant, suspension, context);
}

/**
 * Asks for a suspended tenant to be served again. It stays suspended until the state machine has brought back what it
 * needs, and `activateAgain` was called. Sent again, it gives the same change, or a new one if that failed.
 * @throws {DomainError} `not_found`, `illegal_transition`, `conflict`
 */
export async function reactivateTenant(
  tables: TenantTables,
  tenantId: TenantId,
  context: ChangeContext,
): Promise<SuspendedTenant> {
  const tenant = await loadTenant(tables.control, tenantId);
  if (!isSuspended(tenant)) {
    throw new DomainError('illegal_transition', `A company that is ${tenant.status} is not suspended.`);
  }
  const { problem, ...suspension } = tenant.suspension;
  if (suspension.wanted === 'active' && !problem) return tenant;
  return change(tables, tenant, { ...suspension, changeId: newId('change'), wanted: 'active' }, context);
}

/** `suspended` → `active`, when the change is still the newest. @throws {DomainError} `conflict` */
export async function activateAgain(tables: TenantTables, tenant: SuspendedTenant, at: Date): Promise<Tenant> {
  return changeStatus(tables, tenant, 'active', { actor: suspender, at, set: { suspension: null } });
}

export const isSuspended = (tenant: Tenant): tenant is SuspendedTenant =>
  tenant.status === 'suspended' && tenant.suspension !== undefined;

/** Replaces the change that is under way, with its audit entry. */
async function change(
  tables: TenantTables,
  tenant: SuspendedTenant,
  suspension: Suspension,
  context: ChangeContext,
): Promise<SuspendedTenant> {
  const { changeId, reason, wanted } = suspension;
  const action = wanted === 'active' ? 'tenant.reactivation' : 'tenant.suspension';
  await changeTenant(tables, tenant, {
    ...context,
    set: { suspension },
    audit: { action, details: { changeId, reason } },
  });
  return { ...tenant, suspension };
}
