import type { MiddlewareObj } from '@middy/core';
import { type Access, callingKeyKinds, type Route } from '@tenantry/core/contract/route';
import { keyIdSchema, statusSchema, tierSchema } from '@tenantry/core/contract/schemas';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { idPattern, isTenantId, type TenantId, type UserId } from '@tenantry/core/ids/id';
import * as z from 'zod';
import { logTenant } from '../logging.ts';
import { type ApiEvent, type ApiResult, stateOf } from './api-event.ts';
import { assertOwnPage } from './own-page.ts';

/** What the authorizer of access tokens tells of a token that is good, in strings as API Gateway hands them on. */
const tokenContextSchema = z.object({
  sub: z.string().min(1),
  userId: z.custom<UserId>((value) => typeof value === 'string' && idPattern('user').test(value)),
  tenantId: z.custom<TenantId>(isTenantId).optional(),
  tier: tierSchema.optional(),
  operator: z.enum(['true', 'false']),
});

const keyContextSchema = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  keyId: keyIdSchema,
  kind: z.enum(callingKeyKinds),
  status: statusSchema,
  tier: tierSchema,
  isolation: z.enum(['pool', 'silo']),
  mirrors: z.enum(['true', 'false']),
  eventsToday: z.coerce.number().int(),
});

const contextOf = (event: ApiEvent): Readonly<Record<string, unknown>> => event.requestContext.authorizer?.lambda ?? {};

/** Why the authorizer did not know the caller, in its own words. */
const refusalOf = (event: ApiEvent, otherwise: string): string => {
  const { refusal } = contextOf(event);
  return typeof refusal === 'string' && refusal !== '' ? refusal : otherwise;
};

function user(event: ApiEvent): z.infer<typeof tokenContextSchema> {
  const token = tokenContextSchema.safeParse(contextOf(event));
  if (token.success) return token.data;
  throw new DomainError('unauthenticated', refusalOf(event, 'Send an access token of a signed-in user.'));
}

function identify(event: ApiEvent, access: Access, ownOrigin: string | undefined): void {
  const state = stateOf(event);
  switch (access.by) {
    case 'anyone':
    case 'stripe':
      return;
    case 'site':
      assertOwnPage(event, ownOrigin);
      return;
    case 'operator': {
      const { sub, userId, operator } = user(event);
      if (operator !== 'true') throw new DomainError('forbidden', 'This is for staff of the provider.');
      state.actor = { kind: 'operator', sub, userId };
      return;
    }
    case 'user':
    case 'member': {
      const { sub, userId, tenantId = null, tier, operator } = user(event);
      state.actor = { kind: 'user', sub, userId, tenantId, operator: operator === 'true' };
      if (access.by === 'user') return;
      if (!tenantId) throw new DomainError('no_active_tenant', 'Register a company first.');
      logTenant(tenantId);
      state.session = { tenantId, requestId: event.requestContext.requestId, ...(tier ? { tier } : {}) };
      return;
    }
    case 'apiKey': {
      const key = keyContextSchema.safeParse(contextOf(event));
      if (!key.success) {
        throw new DomainError('invalid_api_key', refusalOf(event, 'Send an API key as a bearer token.'));
      }
      const { tenantId, keyId, kind, status, tier, isolation, mirrors, eventsToday } = key.data;
      logTenant(tenantId);
      state.actor = { kind: 'apiKey', tenantId, keyId, keyKind: kind };
      state.keyTenant = { tier, isolation, mirrors: mirrors === 'true', status, eventsToday };
      state.session = { tenantId, requestId: event.requestContext.requestId, tier };
    }
  }
}

/**
 * Finds out who asks, from what the authorizer verified and from nothing else. A request that the authorizer did not vouch for is
 * refused here, so that the caller is told why by a problem document.
 * @param ownOrigin of the site, for routes that its own pages alone may call
 */
export const caller = (route: Route, ownOrigin?: string): MiddlewareObj<ApiEvent, ApiResult> => ({
  before: ({ event }) => identify(event, route.access, ownOrigin),
});
