import type { Table } from '../control/table.ts';
import { type TenantId, timeOfId } from '../ids/id.ts';
import { listTenants } from '../operator/tenants.ts';
import { tenantStatuses } from '../tenant/status.ts';
import type { Tenant } from '../tenant/tenant.ts';

const PAGE = 100;

/** Every tenant by its id, the deleted ones too. */
export async function allTenants(control: Table): Promise<ReadonlyMap<TenantId, Tenant>> {
  const tenants = new Map<TenantId, Tenant>();
  for (const status of tenantStatuses) {
    let after: Parameters<typeof listTenants>[1]['after'];
    do {
      const page = await listTenants(control, { status, limit: PAGE, after });
      for (const tenant of page.tenants) tenants.set(tenant.tenantId, tenant);
      after = page.next;
    } while (after);
  }
  return tenants;
}

/** When a tenant last changed, in milliseconds; of one that no row knows, when its id was made. */
export const changedAtMs = (tenantId: TenantId, tenant: Tenant | undefined): number =>
  tenant ? Date.parse(tenant.changedAt ?? tenant.createdAt) : timeOfId(tenantId);

/** Whether a tenant has been as it is for long enough that nothing on its way there can still be under way. */
export function isSettled(tenantId: TenantId, tenant: Tenant | undefined, at: Date, graceMs: number): boolean {
  const age = at.getTime() - changedAtMs(tenantId, tenant);
  // An id of the future was made up by somebody.
  return age >= graceMs || age < -graceMs;
}
