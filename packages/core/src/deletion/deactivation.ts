import type { SystemActor } from '../actor/actor.ts';
import { DomainError } from '../errors/domain-error.ts';
import { newId } from '../ids/id.ts';
import { type ChangeContext, changeTenant, type TenantTables } from '../tenant/change.ts';
import { assertTransition } from '../tenant/status.ts';
import type { Deactivation, Suspension, Tenant } from '../tenant/tenant.ts';
import { deactivatableStatuses } from './deactivatable.ts';

/** How long an owner can undo a deactivation. */
export const undoHours = 72;
/**
 * How long after its deletion became final something may still be written for a tenant: as long as requests and tasks last
 * that were under way, and cached answers of authorizers.
 */
const SETTLES_AFTER_MS = 60_000;

/** A tenant that is leaving, or being deleted. */
export type DeactivatingTenant = Tenant & { readonly deactivation: Deactivation };

export const isDeactivating = (tenant: Tenant): tenant is DeactivatingTenant =>
  tenant.status === 'deactivating' && tenant.deactivation !== undefined;

/** Whether nothing can undo the deletion any more, and this is the newest change that asks for it: only then is anything erased. */
export const isBeingDeletedBy = (tenant: Tenant, changeId: string): tenant is DeactivatingTenant =>
  isDeactivating(tenant) && tenant.deactivation.final && tenant.deactivation.changeId === changeId;

const eraser: SystemActor = { kind: 'system', name: 'deletion' };

/**
 * Begins to delete a tenant: it is served no longer, and everything that it has is erased once the time for undoing is over. The caller
 * starts the state machine with what is returned. Asking again changes nothing.
 * @throws {DomainError} `illegal_transition`, `conflict`
 */
export async function deactivateTenant(
  tables: TenantTables,
  tenant: Tenant,
  { by, ...context }: ChangeContext & { readonly by?: 'billing' },
): Promise<DeactivatingTenant> {
  if (isDeactivating(tenant)) return tenant;
  const until = new Date(context.at.getTime() + undoHours * 3_600_000);
  return begin(tables, tenant, until, { ...context, ...(by ? { by } : {}), details: {} });
}

/**
 * Deletes a tenant without waiting for the time for undoing, and tries a deletion again that came to a halt. The caller starts the state
 * machine with what is returned.
 * @throws {DomainError} `illegal_transition`, `conflict`
 */
export async function deleteTenantNow(
  tables: TenantTables,
  tenant: Tenant,
  { actor, at, reason }: ChangeContext & { readonly reason: string },
): Promise<DeactivatingTenant> {
  if (!isDeactivating(tenant)) return begin(tables, tenant, at, { actor, at, details: { reason } });
  const { problem: _, ...before } = tenant.deactivation;
  const deactivation = { ...before, changeId: newId('change'), until: at.toISOString() };
  await changeTenant(tables, tenant, {
    set: { deactivation },
    actor,
    at,
    audit: { action: 'tenant.deletion', details: { reason } },
  });
  return { ...tenant, deactivation };
}

async function begin(
  tables: TenantTables,
  tenant: Tenant,
  until: Date,
  {
    by,
    details,
    ...context
  }: ChangeContext & { readonly by?: 'billing'; readonly details: Readonly<Record<string, string>> },
): Promise<DeactivatingTenant> {
  const from = deactivatableStatuses.find((status) => status === tenant.status);
  if (!from) {
    assertTransition(tenant.status, 'deactivating');
    throw new DomainError('illegal_transition', `A company that is ${tenant.status} cannot be deleted.`);
  }
  const deactivation: Deactivation = {
    changeId: newId('change'),
    from,
    since: context.at.toISOString(),
    ...(by ? { by } : {}),
    until: until.toISOString(),
    final: false,
  };
  const changed = await changeTenant(tables, tenant, {
    to: 'deactivating',
    ...context,
    set: { deactivation },
    audit: { action: 'tenant.deactivated', details: { from, until: deactivation.until, ...details } },
  });
  return { ...changed, deactivation };
}

/**
 * Undoes a deactivation. A tenant that was served comes back by way of `suspended`: the change that is returned in its suspension
 * is one to reactivate it, and the caller starts the state machine that does.
 * @throws {DomainError} `illegal_transition` once the deletion has begun, `conflict`
 */
export async function restoreTenant(tables: TenantTables, tenant: Tenant, context: ChangeContext): Promise<Tenant> {
  if (!isDeactivating(tenant)) {
    throw new DomainError('illegal_transition', `The company is ${tenant.status}, so there is nothing to undo.`);
  }
  const { from, final } = tenant.deactivation;
  if (final) throw new DomainError('illegal_transition', 'The deletion has begun and can no longer be undone.');
  const comesBack = from === 'active' || tenant.suspension?.wanted === 'active';
  const returning: Suspension = {
    changeId: newId('change'),
    wanted: 'active',
    reason: 'The deactivation was undone.',
    since: context.at.toISOString(),
  };
  return changeTenant(tables, tenant, {
    to: from === 'failed' ? 'failed' : 'suspended',
    set: { deactivation: null, ...(comesBack ? { suspension: returning } : {}) },
    ...context,
    audit: { action: 'tenant.restored', details: { to: from } },
  });
}

/**
 * Makes a deletion final: from here on it cannot be undone, and nothing is written for the tenant any more. Repeating it is safe.
 * @returns the tenant, and the moment from which nothing that was under way can still write
 * @throws {DomainError} `conflict` when there is a newer change
 */
export async function makeFinal(
  tables: TenantTables,
  tenant: DeactivatingTenant,
  at: Date,
): Promise<{ readonly settled: Date }> {
  const { from, final } = tenant.deactivation;
  // Work that was under way, such as an export, looks whether the deletion is final before it writes.
  const { finalSince = at.toISOString() } = tenant.deactivation;
  if (!final) {
    await changeTenant(tables, tenant, {
      set: { deactivation: { ...tenant.deactivation, final: true, finalSince } },
      actor: eraser,
      at,
      audit: { action: 'tenant.deletion', details: { from } },
    });
  }
  return { settled: new Date(Date.parse(finalSince) + SETTLES_AFTER_MS) };
}
