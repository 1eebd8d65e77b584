import type { Problem } from '@tenantry/core/contract/problem';
import type { Route } from '@tenantry/core/contract/route';
import { contract, type RouteId } from '@tenantry/core/contract/routes';
import type { z } from 'zod';

type Answer<R> = R extends { readonly response: { readonly schema: infer S extends z.ZodType } }
  ? z.output<S>
  : undefined;

export interface CallOptions {
  /** An access token or an API key. */
  readonly bearer?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An answer that is no success, with its problem document. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly problem: Partial<Problem>;

  constructor(routeId: string, status: number, problem: Partial<Problem>) {
    super(`${routeId} answered ${status} ${problem.code ?? ''}: ${problem.detail ?? 'no reason given'}`);
    this.name = 'ApiProblem';
    this.status = status;
    this.problem = problem;
  }
}

/** Calls routes of the contract at `siteUrl` and reads their answers by the contract. */
export function createApiClient(siteUrl: string) {
  /** @throws {ApiProblem} */
  return async <Id extends RouteId>(id: Id, options: CallOptions = {}): Promise<Answer<(typeof contract)[Id]>> => {
    const route: Route = contract[id];
    const { bearer, params = {}, query = {}, body } = options;
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    const url = new URL(path, siteUrl);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const response = await fetch(url, {
      method: route.method,
      headers: {
        ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new ApiProblem(id, response.status, parseProblem(text));
    const { schema } = route.response;
    return (schema ? schema.parse(JSON.parse(text)) : undefined) as Answer<(typeof contract)[Id]>;
  };
}

export type ApiClient = ReturnType<typeof createApiClient>;

function parseProblem(text: string): Partial<Problem> {
  try {
    return JSON.parse(text) as Partial<Problem>;
  } catch {
    return { detail: text.slice(0, 200) };
  }
}
