import { DomainError } from '../errors/domain-error.ts';

/**
 * The life of a tenant. `pending` waits for payment; a registration that is never paid goes straight to `deleted`, since nothing was
 * built for it. A deactivation can be undone until the deletion begins, and leads back through `suspended`. A tenant that is
 * being built or moved is left alone until that has ended.
 */
export const statusTransitions = {
  pending: ['provisioning', 'deleted'],
  provisioning: ['active', 'failed'],
  failed: ['provisioning', 'deactivating'],
  active: ['suspended', 'migrating', 'deactivating'],
  suspended: ['active', 'deactivating'],
  migrating: ['active'],
  deactivating: ['suspended', 'failed', 'deleted'],
  deleted: [],
} as const satisfies Record<string, readonly string[]>;

export type TenantStatus = keyof typeof statusTransitions;

export const tenantStatuses = Object.keys(statusTransitions) as readonly TenantStatus[];

/** Statuses in which a tenant's shoppers are served. */
export const servedStatuses = ['active', 'migrating'] as const satisfies readonly TenantStatus[];

/** @throws {DomainError} `illegal_transition`, naming both states. */
export function assertTransition(from: TenantStatus, to: TenantStatus): void {
  if (!(statusTransitions[from] as readonly TenantStatus[]).includes(to)) {
    throw new DomainError('illegal_transition', `A company that is ${from} cannot become ${to}.`);
  }
}
