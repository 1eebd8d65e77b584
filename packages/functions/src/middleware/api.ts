import middy from '@middy/core';
import httpRouterHandler, { type Method } from '@middy/http-router';
import type { Actor, ApiKeyActor, MemberActor, UserActor } from '@tenantry/core/actor/actor';
import type { ApiFunction, Route } from '@tenantry/core/contract/route';
import { contract, type RouteId } from '@tenantry/core/contract/routes';
import type { Table } from '@tenantry/core/control/table';
import { DomainError } from '@tenantry/core/errors/domain-error';
import type { TenantId } from '@tenantry/core/ids/id';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import type { TierName } from '@tenantry/core/tier/catalogue';
import type { Context } from 'aws-lambda';
import type { z } from 'zod';
import { withLogContext } from '../logging.ts';
import { access } from './access.ts';
import { type ApiEvent, type ApiResult, rawBody, stateOf } from './api-event.ts';
import { preflight } from './cors.ts';
import { input } from './input.ts';
import { output } from './output.ts';
import { problems } from './problems.ts';

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
type Part<R, K extends string> = R extends { readonly [P in K]: infer S } ? Parsed<S> : undefined;

type ActorOf<R extends Route> = R['access']['by'] extends 'member'
  ? MemberActor
  : R['access']['by'] extends 'user'
    ? UserActor
    : R['access']['by'] extends 'apiKey'
      ? ApiKeyActor
      : Actor;

/** What an implementation gets: its input as the contract types it, and who asks. */
export interface ApiRequest<R extends Route> {
  readonly params: Part<R, 'params'>;
  readonly query: Part<R, 'query'>;
  readonly body: Part<R, 'body'>;
  readonly actor: ActorOf<R>;
  readonly tenant: R['access']['by'] extends 'member' ? Tenant : undefined;
  readonly keyTenant: R['access']['by'] extends 'apiKey'
    ? { readonly tier: TierName; readonly isolation: 'pool' | 'silo' }
    : undefined;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawBody: Buffer;
  readonly now: Date;
}

type Answer<R extends Route> = R['response'] extends { readonly schema: infer S extends z.ZodType }
  ? z.input<S>
  : R['response'] extends { readonly status: 204 }
    ? undefined
    : string;

type RoutesOf<F extends ApiFunction> = {
  [Id in RouteId as (typeof contract)[Id]['function'] extends F ? Id : never]: (typeof contract)[Id];
};

/** One implementation for each route that the contract gives to the function; one too many or too few is a type error. */
export type Implementations<F extends ApiFunction> = {
  readonly [Id in keyof RoutesOf<F>]: RoutesOf<F>[Id] extends infer R extends Route
    ? (request: ApiRequest<R>) => Promise<Answer<R>> | Answer<R>
    : never;
};

type AnyImplementation = (request: ApiRequest<Route>) => unknown;

/** The handler of an API function: routing, input, access, output and errors, all from the contract. */
export function createApi<F extends ApiFunction>(
  name: F,
  options: { readonly controlOf?: (scope: { tenantId: TenantId; requestId: string }) => Table },
  implementations: Implementations<F>,
) {
  const owned = Object.values<Route>(contract).filter((route) => route.function === name);
  const routes = owned.map((route) => ({
    method: route.method as Method,
    path: route.path,
    handler: middy<ApiEvent, ApiResult>()
      .use(input(route))
      .use(access(route, options.controlOf))
      .use(output(route))
      .handler(async (event: ApiEvent) => {
        const { params, query, body, actor, tenant, keyTenant } = stateOf(event);
        const implementation = (implementations as Readonly<Record<string, AnyImplementation>>)[route.id];
        if (!implementation) throw new Error(`Route ${route.id} has no implementation.`);
        const request = {
          params,
          query,
          body,
          actor,
          tenant,
          keyTenant,
          requestId: event.requestContext.requestId,
          headers: event.headers,
          rawBody: rawBody(event),
          now: new Date(),
        };
        return (await implementation(request as ApiRequest<Route>)) as ApiResult;
      }),
  }));
  const handler = middy<ApiEvent, ApiResult>()
    .use(problems())
    .handler(
      httpRouterHandler<ApiEvent, ApiResult>({
        routes,
        notFoundResponse: () => {
          throw new DomainError('not_found', 'There is no such route.');
        },
      }),
    );
  return async (event: ApiEvent, context: Context): Promise<ApiResult> =>
    preflight(event) ?? withLogContext({ requestId: event.requestContext.requestId }, () => handler(event, context));
}
