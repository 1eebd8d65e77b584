import { apiFunctions, type Route } from '@tenantry/core/contract/route';
import { routes } from '@tenantry/core/contract/routes';
import { newId } from '@tenantry/core/ids/id';
import type { Context } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createApi, type Implementations } from './api.ts';
import type { ApiEvent } from './api-event.ts';

/** Authorizers refuse nobody: what keeps strangers out is that no function takes anybody for known without their word. */
const guarded = routes.filter(({ access }) => !['anyone', 'stripe', 'site'].includes(access.by));

let reached: string[] = [];
process.env.ANSWER_KEY = Buffer.alloc(32).toString('base64');
const handlers = Object.fromEntries(
  apiFunctions.map((name) => {
    const own = routes.filter((route) => route.function === name);
    const implementations = Object.fromEntries(own.map(({ id }) => [id, () => reached.push(id)]));
    return [name, createApi(name, undefined, implementations as unknown as Implementations<typeof name>)];
  }),
);

const eventOf = ({ method, path, example }: Route, authorizer: object | undefined): ApiEvent =>
  ({
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath: path.replace('{tenantId}', newId('tenant')).replace('{keyId}', newId('apiKey')),
    rawQueryString: '',
    // What the caller says of itself is never read.
    headers: { 'content-type': 'application/json', authorization: 'Bearer good', 'x-tenant-id': newId('tenant') },
    body: JSON.stringify(example?.request ?? {}),
    isBase64Encoded: false,
    requestContext: { requestId: 'request-1', http: { method, path }, ...(authorizer ? { authorizer } : {}) },
  }) as unknown as ApiEvent;

beforeEach(() => {
  reached = [];
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  return () => vi.restoreAllMocks();
});

describe.each(guarded.map((route): [string, Route] => [route.id, route]))('%s', (_, route) => {
  const identity = { sub: 's', userId: newId('user'), tenantId: newId('tenant'), operator: 'true' };
  it.each<[string, object | undefined]>([
    ['no authorizer', undefined],
    ['an authorizer that says nothing', {}],
    ['an authorizer of another kind', { jwt: { claims: { ...identity, token_use: 'access' } }, iam: identity }],
    ['an empty word', { lambda: {} }],
    ['no word at all', { lambda: null }],
    ['a refusal', { lambda: { refusal: 'No.' } }],
    ['a word without a user', { lambda: { ...identity, userId: undefined } }],
    ['a word of a tenant alone', { lambda: { tenantId: identity.tenantId } }],
  ])('is refused with 401 by %s', async (_name, authorizer) => {
    const answer = await handlers[route.function]?.(eventOf(route, authorizer), {} as Context);
    expect({ status: answer?.statusCode, type: answer?.headers?.['content-type'] }).toEqual({
      status: 401,
      type: 'application/problem+json',
    });
    expect(reached).toEqual([]);
  });
});
