import type { TenantStatus } from '../tenant/status.ts';

/** Statuses in which a tenant can leave. A change that is under way ends first: an onboarding by itself, a tier change by its undo. */
export const deactivatableStatuses = ['active', 'suspended', 'failed'] as const satisfies readonly TenantStatus[];
