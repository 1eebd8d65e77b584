import type { TenantId } from '@tenantry/core/ids/id';
import type { Scoped } from '../scoped/scope.ts';

/** Whatever is changed of a tenant's is reached with its own credentials. */
export type StoresOf = (tenantId: TenantId) => Scoped<'jobs/reconcile'>;
