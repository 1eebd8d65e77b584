import type { MiddlewareObj } from '@middy/core';
import type { ApiKeyActor } from '@tenantry/core/actor/actor';
import { KeyUse } from '@tenantry/core/apikey/key-use';
import type { Route } from '@tenantry/core/contract/route';
import type { Table } from '@tenantry/core/control/table';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { countsRequests } from '@tenantry/core/isolation/profiles';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { RequestRate } from '@tenantry/core/tier/request-rate';
import { log } from '../logging.ts';
import { type ApiEvent, type ApiResult, stateOf } from './api-event.ts';
import { controlBy } from './stores.ts';

const rate = new RequestRate();
const keyUse = new KeyUse();

/** That it cannot be noted is no reason to refuse a shop. */
async function noteUse(control: Table, { tenantId, keyId, keyKind }: ApiKeyActor): Promise<void> {
  if (keyKind === 'probe') return;
  await keyUse
    .note(control, tenantId, keyId)
    .catch((error: unknown) => log.error('the use of a key is not noted', error));
}

/** Holds shops to the requests a second of their tier. */
export const limits = (route: Route): MiddlewareObj<ApiEvent, ApiResult> => ({
  before: async ({ event }) => {
    const state = stateOf(event);
    const { actor, keyTenant } = state;
    if (actor.kind !== 'apiKey' || !keyTenant) return;
    const allowed = tierCatalogue[keyTenant.tier].limits.requestsPerSecond;
    const control = controlBy(route, state, countsRequests, 'that counts requests');
    const [free] = await Promise.all([rate.take(control, actor.tenantId, allowed), noteUse(control, actor)]);
    if (free) return;
    throw new DomainError('rate_limited', `Your tier has ${allowed} requests a second; send this again in a second.`, {
      limit: { name: 'requestsPerSecond', used: allowed, allowed },
      retryAfterSeconds: 1,
    });
  },
});
