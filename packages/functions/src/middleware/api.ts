import middy from '@middy/core';
import httpRouterHandler, { type Method } from '@middy/http-router';
import type { Actor, ApiKeyActor, MemberActor, OperatorActor, UserActor } from '@tenantry/core/actor/actor';
import type { ApiFunction, Route } from '@tenantry/core/contract/route';
import { contract, type RouteId } from '@tenantry/core/contract/routes';
import { DomainError } from '@tenantry/core/errors/domain-error';
import type { AnswerItem } from '@tenantry/core/idempotency/answers';
import type { FunctionName } from '@tenantry/core/isolation/functions';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import type { TierName } from '@tenantry/core/tier/catalogue';
import type { Context } from 'aws-lambda';
import type { z } from 'zod';
import { ownAnswerBox } from '../answer-box.ts';
import { withLogContext } from '../logging.ts';
import type { Scoped, ScopeOf } from '../scoped/scope.ts';
import { access } from './access.ts';
import { answers, remembering } from './answers.ts';
import { type ApiEvent, type ApiResult, rawBody, stateOf } from './api-event.ts';
import { caller } from './caller.ts';
import { type Cookies, cookiesOf } from './cookies.ts';
import { preflight } from './cors.ts';
import { input } from './input.ts';
import { limits } from './limits.ts';
import { output } from './output.ts';
import { problems } from './problems.ts';
import { scoped } from './scoped.ts';

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
type Part<R, K extends string> = R extends { readonly [P in K]: infer S } ? Parsed<S> : undefined;

type ActorOf<R extends Route> = R['access']['by'] extends 'member'
  ? MemberActor
  : R['access']['by'] extends 'user'
    ? UserActor
    : R['access']['by'] extends 'apiKey'
      ? ApiKeyActor
      : R['access']['by'] extends 'operator'
        ? OperatorActor
        : Actor;

/** What an implementation gets: its input as the contract types it, and who asks. */
export interface ApiRequest<R extends Route, F extends FunctionName = FunctionName> {
  readonly params: Part<R, 'params'>;
  readonly query: Part<R, 'query'>;
  readonly body: Part<R, 'body'>;
  readonly actor: ActorOf<R>;
  readonly tenant: R['access']['by'] extends 'member' ? Tenant : undefined;
  readonly keyTenant: R['access']['by'] extends 'apiKey'
    ? {
        readonly tier: TierName;
        readonly isolation: 'pool' | 'silo';
        readonly mirrors: boolean;
        readonly eventsToday: number;
      }
    : undefined;
  /** The caller's tenant's stores. */
  readonly scoped: R['access']['by'] extends 'member' | 'apiKey' ? Scoped<F> : undefined;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawBody: Buffer;
  readonly cookies: Cookies;
  readonly now: Date;
  /**
   * The transaction items that keep the answer, so that what comes again is told of what was made and makes nothing more. Left out, the
   * answer is kept once it is given: enough for what is as good when it is done twice.
   */
  readonly remember: R extends { readonly idempotent: true } ? (answer: Answer<R>) => readonly AnswerItem[] : undefined;
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
    ? (request: ApiRequest<R, `api/${F}`>) => Promise<Answer<R>> | Answer<R>
    : never;
};

type AnyImplementation = (request: ApiRequest<Route>) => unknown;

/**
 * The handler of an API function: routing, input, access, output and errors, all from the contract.
 * @param scopeOf gives the stores of the caller's tenant; undefined for a function without access profiles
 * @param options.ownOrigin the site's, for routes that its own pages alone may call
 */
export function createApi<F extends ApiFunction>(
  name: F,
  scopeOf: ScopeOf<`api/${F}`> | undefined,
  implementations: Implementations<F>,
  options: { readonly ownOrigin?: string } = {},
) {
  const owned = Object.values<Route>(contract).filter((route) => route.function === name);
  const box = owned.some(({ idempotent }) => idempotent) ? ownAnswerBox() : undefined;
  const routes = owned.map((route) => ({
    method: route.method as Method,
    path: route.path,
    handler: middy<ApiEvent, ApiResult>()
      .use(caller(route, options.ownOrigin))
      .use(input(route))
      .use(scopeOf ? scoped(scopeOf) : [])
      .use(access(route))
      .use(limits(route))
      .use(box && route.idempotent ? answers(route, box) : [])
      .use(output(route))
      .handler(async (event: ApiEvent) => {
        const { params, query, body, actor, tenant, keyTenant, scoped: stores } = stateOf(event);
        const implementation = (implementations as Readonly<Record<string, AnyImplementation>>)[route.id];
        if (!implementation) throw new Error(`Route ${route.id} has no implementation.`);
        const request = {
          params,
          query,
          body,
          actor,
          tenant,
          keyTenant,
          scoped: stores,
          requestId: event.requestContext.requestId,
          headers: event.headers,
          rawBody: rawBody(event),
          cookies: cookiesOf(event),
          now: new Date(),
          remember: route.idempotent ? remembering(route, event) : undefined,
        };
        return (await implementation(request as unknown as ApiRequest<Route>)) as ApiResult;
      }),
  }));
  const byPath = httpRouterHandler<ApiEvent, ApiResult>({
    routes,
    notFoundResponse: () => {
      throw new DomainError('not_found', 'There is no such route.');
    },
  });
  // The gateway has matched the path before it decoded it: afterwards a slash in an id cannot be told from one between segments.
  const byKey = new Map(routes.map((route) => [`${route.method} ${route.path}`, route.handler]));
  const handler = middy<ApiEvent, ApiResult>()
    .use(problems())
    .handler((event: ApiEvent, context: Context, options) =>
      (byKey.get(event.routeKey) ?? byPath)(event, context, options),
    );
  return async (event: ApiEvent, context: Context): Promise<ApiResult> =>
    preflight(event) ?? withLogContext({ requestId: event.requestContext.requestId }, () => handler(event, context));
}
