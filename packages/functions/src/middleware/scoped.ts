import type { MiddlewareObj } from '@middy/core';
import type { FunctionName } from '@tenantry/core/isolation/functions';
import type { ScopeOf } from '../scoped/scope.ts';
import { type ApiEvent, type ApiResult, stateOf } from './api-event.ts';

/**
 * Puts the caller's tenant's stores into the request, with that tenant's credentials behind every client, so that no handler makes
 * a client of its own. When the tenant turns out not to be served, its credentials are dropped.
 */
export const scoped = <F extends FunctionName>(scopeOf: ScopeOf<F>): MiddlewareObj<ApiEvent, ApiResult> => ({
  before: ({ event }) => {
    const state = stateOf(event);
    if (state.session) state.scoped = scopeOf(state.session);
  },
  onError: ({ event }) => {
    const { session, served } = stateOf(event);
    if (session && served === false) scopeOf.forget(session.tenantId);
  },
});
