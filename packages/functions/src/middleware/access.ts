import type { MiddlewareObj } from '@middy/core';
import type { ApiKeyActor, UserActor } from '@tenantry/core/actor/actor';
import type { Access, Route } from '@tenantry/core/contract/route';
import { keyIdSchema, keyKindSchema, statusSchema, tierSchema } from '@tenantry/core/contract/schemas';
import type { Table } from '@tenantry/core/control/table';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { loadMembership } from '@tenantry/core/identity/membership';
import { idPattern, isTenantId, type TenantId, type UserId } from '@tenantry/core/ids/id';
import type { TenantStatus } from '@tenantry/core/tenant/status';
import { z } from 'zod';
import { logTenant } from '../logging.ts';
import { type ApiEvent, type ApiResult, stateOf } from './api-event.ts';

const claimsSchema = z.object({
  sub: z.string().min(1),
  // An id token is signed by the same pool for the same client, but says who somebody is, not what they may do.
  token_use: z.literal('access'),
  userId: z.custom<UserId>((value) => typeof value === 'string' && idPattern('user').test(value)),
  tenantId: z.custom<TenantId>(isTenantId).optional(),
});

const keyContextSchema = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  keyId: keyIdSchema,
  kind: keyKindSchema,
  status: statusSchema,
  tier: tierSchema,
  isolation: z.enum(['pool', 'silo']),
});

function userOf(event: ApiEvent): UserActor {
  const claims = claimsSchema.safeParse(event.requestContext.authorizer?.jwt?.claims);
  if (!claims.success) throw new DomainError('unauthenticated', 'Send an access token of a signed-in user.');
  const { sub, userId, tenantId = null } = claims.data;
  return { kind: 'user', sub, userId, tenantId };
}

function assertStatus(status: string, allowed: readonly TenantStatus[]): void {
  if ((allowed as readonly string[]).includes(status)) return;
  if (status === 'suspended') throw new DomainError('tenant_suspended', 'The company is suspended.');
  throw new DomainError('tenant_not_active', `This is not possible while the company is ${status}.`);
}

function authorizeKey(event: ApiEvent, access: Extract<Access, { by: 'apiKey' }>): void {
  const parsed = keyContextSchema.safeParse(event.requestContext.authorizer?.lambda);
  if (!parsed.success) throw new DomainError('invalid_api_key', 'Send an API key as a bearer token.');
  const { tenantId, keyId, kind, status, tier, isolation } = parsed.data;
  logTenant(tenantId);
  if (!access.kinds.includes(kind)) throw new DomainError('forbidden', `A ${kind} key may not do this.`);
  assertStatus(status, access.statuses);
  const actor: ApiKeyActor = { kind: 'apiKey', tenantId, keyId, keyKind: kind };
  const state = stateOf(event);
  state.actor = actor;
  state.keyTenant = { tier, isolation };
}

/**
 * Lets a request through when the route's row in the contract does. For members, the role and the tenant's status are read
 * with the tenant's own credentials, since a token may be older than a change.
 */
export function access(
  route: Route,
  controlOf: ((scope: { tenantId: TenantId; requestId: string }) => Table) | undefined,
): MiddlewareObj<ApiEvent, ApiResult> {
  return {
    before: async ({ event }) => {
      const rule = route.access;
      const state = stateOf(event);
      switch (rule.by) {
        case 'anyone':
        case 'stripe':
          return;
        case 'user':
          state.actor = userOf(event);
          return;
        case 'apiKey':
          authorizeKey(event, rule);
          return;
        case 'member': {
          const { sub, userId, tenantId } = userOf(event);
          if (!tenantId) throw new DomainError('no_active_tenant', 'Register a company first.');
          logTenant(tenantId);
          if (!controlOf) throw new Error(`The function of ${route.id} has no access profile for the control table.`);
          const control = controlOf({ tenantId, requestId: event.requestContext.requestId });
          const { tenant, role } = await loadMembership(control, tenantId, userId);
          if (!rule.roles.includes(role)) {
            throw new DomainError(
              'forbidden',
              `The role ${role} may not do this; it takes ${rule.roles.join(' or ')}.`,
            );
          }
          assertStatus(tenant.status, rule.statuses);
          state.actor = { kind: 'member', sub, userId, tenantId, role };
          state.tenant = tenant;
          return;
        }
      }
    },
  };
}
