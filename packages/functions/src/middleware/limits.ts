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

const rate = new RequestRate();
const keyUse = new KeyUse();

/** Where the requests of the caller's tenant are counted, by the profile of the function that may. */
function requestsOf(route: Route, scoped: object | undefined): Table {
  const stores = scoped as Readonly<Record<string, { readonly Control: Table }>> | undefined;
  const control = stores?.[Object.keys(stores).find(countsRequests) ?? '']?.Control;
  if (!control) throw new Error(`The function of ${route.id} has no access profile that counts requests.`);
  return control;
}

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
    const { actor, keyTenant, scoped } = stateOf(event);
    if (actor.kind !== 'apiKey' || !keyTenant) return;
    const allowed = tierCatalogue[keyTenant.tier].limits.requestsPerSecond;
    const control = requestsOf(route, scoped);
    const [free] = await Promise.all([rate.take(control, actor.tenantId, allowed), noteUse(control, actor)]);
    if (free) return;
    throw new DomainError('rate_limited', `Your tier has ${allowed} requests a second; send this again in a second.`, {
      limit: { name: 'requestsPerSecond', used: allowed, allowed },
      retryAfterSeconds: 1,
    });
  },
});
