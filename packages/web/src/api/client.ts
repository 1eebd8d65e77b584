import { pageHeader } from '@tenantry/core/contract/page-header';
import type { Problem } from '@tenantry/core/contract/problem';
import type { Access, Route } from '@tenantry/core/contract/route';
import type { contract, RouteId } from '@tenantry/core/contract/routes';
import type { z } from 'zod';
import { ApiError } from './error.ts';
import { createSubmissions } from './submissions.ts';

/** Who is known by an access token. */
const tokenRoutes: ReadonlySet<Access['by']> = new Set(['user', 'member', 'operator']);

type Contract = typeof contract;
type Part<R, K extends string> = R extends { readonly [P in K]: infer S extends z.ZodType } ? z.input<S> : undefined;

/** What of a route the browser needs. */
export type CalledRoute = Pick<Route, 'method' | 'path' | 'access' | 'idempotent'>;
export type RouteTable = {
  readonly [Id in RouteId]: Pick<Contract[Id], 'method' | 'path' | 'access'> & Pick<Route, 'idempotent'>;
};

/** What a call of a route takes: exactly the parts that its row of the contract has. */
export type CallInput<Id extends RouteId> = {
  [K in 'params' | 'query' | 'body' as Part<Contract[Id], K> extends undefined ? never : K]: Part<Contract[Id], K>;
};
export type CallOutput<Id extends RouteId> = Contract[Id] extends {
  readonly response: { readonly schema: infer S extends z.ZodType };
}
  ? z.output<S>
  : undefined;

/** Gives access tokens; `renew` asks for a fresh one after the API refused the last. */
export interface TokenSource {
  token(): Promise<string | undefined>;
  renew(): Promise<string | undefined>;
}

interface Parts {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** The request that a row of the contract and its input make. */
export function requestOf(
  route: CalledRoute,
  { params = {}, query = {}, body }: Parts,
): { url: string; init: RequestInit } {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
  return {
    url: search ? `${path}?${search}` : path,
    init: {
      method: route.method,
      // What is deleted as somebody leaves the page is sent all the same.
      ...(route.method === 'DELETE' ? { keepalive: true } : {}),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(route.access.by === 'site' ? { [pageHeader.name]: pageHeader.value } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
  };
}

/** Has no tokens, for what anybody may call. */
export const nobody: TokenSource = { token: async () => undefined, renew: async () => undefined };

/**
 * The typed client of the API. Answers come as the API renders them, by the contract's own schemas.
 * @throws {ApiError} for every answer that is no success
 */
export function createApi(tokens: TokenSource, routes: RouteTable) {
  const submissions = createSubmissions(() => crypto.randomUUID());
  const send = async (
    url: string,
    init: RequestInit,
    { token, key }: { readonly token: string | undefined; readonly key: string | undefined },
  ): Promise<Response> => {
    try {
      return await fetch(url, {
        ...init,
        headers: {
          ...init.headers,
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(key ? { 'idempotency-key': key } : {}),
        },
      });
    } catch (cause) {
      throw new ApiError(0, {}, cause);
    }
  };

  return async <Id extends RouteId>(id: Id, input: CallInput<Id>): Promise<CallOutput<Id>> => {
    const route: CalledRoute = routes[id];
    const { url, init } = requestOf(route, input as Parts);
    const signed = tokenRoutes.has(route.access.by);
    const token = signed ? await tokens.token() : undefined;
    if (signed && !token) throw new ApiError(401, {});
    const key = route.idempotent ? submissions.keyOf(url, init.body) : undefined;
    let response = await send(url, init, { token, key });
    if (response.status === 401 && signed) {
      const renewed = await tokens.renew();
      // Whose session is over is refused without a token as well.
      if (renewed) response = await send(url, init, { token: renewed, key });
    }
    const problem = response.ok ? undefined : await readProblem(response);
    if (key && response.status < 500 && problem?.code !== 'idempotency_in_progress') {
      submissions.answered(url, init.body);
    }
    if (problem) throw new ApiError(response.status, problem);
    return (response.status === 204 ? undefined : await response.json()) as CallOutput<Id>;
  };
}

export type Api = ReturnType<typeof createApi>;

async function readProblem(response: Response): Promise<Partial<Problem>> {
  try {
    return (await response.json()) as Partial<Problem>;
  } catch {
    return {};
  }
}
