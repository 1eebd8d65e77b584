import type { TenantStatus } from '../tenant/status.ts';

/** Statuses in which a tenant of a siloed tier has a silo, or a part of one. */
export const siloStatuses = [
  'provisioning',
  'failed',
  'active',
  'suspended',
  'migrating',
  'deactivating',
] as const satisfies readonly TenantStatus[];

/** Statuses in which a rollout changes a silo; in the others it is being built, moved or taken down by somebody else. */
export const updatableStatuses = ['active', 'suspended'] as const satisfies readonly TenantStatus[];

export const isSiloStatus = (status: TenantStatus): boolean => siloStatuses.some((one) => one === status);
