import type { TenantChanges } from '../tenant/change.ts';
import type { TenantStatus } from '../tenant/status.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { LifecycleKind } from './kinds.ts';
import type { NewMail } from './outbox.ts';

/**
 * The mail that a change of a tenant's status leads to; undefined for most. What follows from the billing has mails of its own, which say what
 * is owed.
 * @param set what changes beside the status
 */
export function mailOnChange(
  tenant: Tenant,
  { to, set, at }: { readonly to: TenantStatus; readonly set: TenantChanges; readonly at: Date },
): NewMail | undefined {
  const mail = (kind: LifecycleKind, facts: { readonly until?: string } = {}): NewMail => ({
    key: `${kind}#${at.toISOString()}`,
    kind,
    facts: { company: tenant.name, ...facts },
    createdAt: at.toISOString(),
  });
  const { deactivation, suspension } = set;
  if (tenant.status === 'provisioning' && to === 'active') return mail('welcome');
  if (tenant.status === 'active' && to === 'suspended' && suspension?.by !== 'billing') return mail('suspension');
  if (tenant.status === 'suspended' && to === 'active' && tenant.suspension?.by !== 'billing') {
    return mail('reactivation');
  }
  if (to !== 'deactivating' || tenant.status === to || !deactivation || deactivation.by === 'billing') return undefined;
  // Nobody can undo a deletion that begins at once.
  return Date.parse(deactivation.until) > at.getTime()
    ? mail('deactivation', { until: deactivation.until })
    : undefined;
}
