import { isDeactivating } from '../deletion/deactivation.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { isSuspended } from './suspension.ts';

/** Whether the pods of a tenant's silo are to stand still, and the newest change that says so. */
export function siloWish(tenant: Tenant): { readonly changeId: string | undefined; readonly stopped: boolean } {
  if (isDeactivating(tenant)) return { changeId: tenant.deactivation.changeId, stopped: true };
  if (isSuspended(tenant)) {
    const { changeId, wanted } = tenant.suspension;
    return { changeId, stopped: wanted === 'suspended' };
  }
  return { changeId: undefined, stopped: false };
}
