import type { MiddlewareObj } from '@middy/core';
import type { Route } from '@tenantry/core/contract/route';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { loadMembership } from '@tenantry/core/identity/membership';
import { readsRegistry } from '@tenantry/core/isolation/profiles';
import { servedStatuses, type TenantStatus } from '@tenantry/core/tenant/status';
import { type ApiEvent, type ApiResult, type RequestState, stateOf } from './api-event.ts';
import { controlBy } from './stores.ts';

function assertStatus(state: RequestState, status: string, allowed: readonly TenantStatus[]): void {
  state.served = (servedStatuses as readonly string[]).includes(status);
  if ((allowed as readonly string[]).includes(status)) return;
  if (status === 'suspended') throw new DomainError('tenant_suspended', 'The company is suspended.');
  throw new DomainError('tenant_not_active', `This is not possible while the company is ${status}.`);
}

/**
 * Lets a request through when the route's row in the contract does. For members, the role and the tenant's status are read
 * with the tenant's own credentials, since a token may be older than a change.
 */
export const access = (route: Route): MiddlewareObj<ApiEvent, ApiResult> => ({
  before: async ({ event }) => {
    const rule = route.access;
    const state = stateOf(event);
    if (rule.by === 'apiKey' && state.actor.kind === 'apiKey') {
      const { keyKind } = state.actor;
      const probing = keyKind === 'probe';
      const statuses = probing ? rule.probe : rule.statuses;
      if (!statuses || !(probing || rule.kinds.includes(keyKind))) {
        throw new DomainError('forbidden', `A ${keyKind} key may not do this.`);
      }
      assertStatus(state, state.keyTenant?.status ?? 'unknown', statuses);
    }
    if (rule.by === 'member' && state.actor.kind === 'user' && state.session) {
      const { sub, userId } = state.actor;
      const { tenantId } = state.session;
      const registry = controlBy(route, state, readsRegistry, 'for the registry');
      const { tenant, role, impersonating } = await loadMembership(registry, tenantId, userId);
      if (!rule.roles.includes(role)) {
        throw new DomainError('forbidden', `The role ${role} may not do this; it takes ${rule.roles.join(' or ')}.`);
      }
      assertStatus(state, tenant.status, rule.statuses);
      state.actor = { kind: 'member', sub, userId, tenantId, role, impersonating };
      state.tenant = tenant;
    }
  },
});
