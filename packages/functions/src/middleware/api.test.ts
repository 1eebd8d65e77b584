import { DomainError } from '@tenantry/core/errors/domain-error';
import { newId } from '@tenantry/core/ids/id';
import type { Context } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createApi } from './api.ts';
import type { ApiEvent } from './api-event.ts';

/** The middleware around the routes of `me`, which need a signed-in user and no table. */
const tenantId = newId('tenant');
const userId = newId('user');
let getMe = (): never => {
  throw new Error('not set');
};
const me = {
  id: userId,
  email: 'a@example.com',
  activeTenantId: null,
  memberships: [],
  operator: false,
  language: null,
  mails: { weeklyReport: true, announcements: true },
  impersonation: null,
  flags: null,
};

const handler = createApi('me', undefined, {
  getMe: () => getMe(),
  updateMe: ({ body }) => body,
  chooseMails: () => me.mails,
  setActiveTenant: ({ body }) => ({ activeTenantId: body.tenantId }),
});

const token = { sub: 'sub-1', userId, operator: 'false' };

function eventOf(change: {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  /** What the authorizer tells; null for a route that has none. */
  readonly context?: Record<string, unknown> | null;
}): ApiEvent {
  const { method = 'GET', path = '/v1/me', body, headers = {}, context = token } = change;
  return {
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      requestId: 'request-1',
      routeKey: `${method} ${path}`,
      stage: '$default',
      time: '',
      timeEpoch: 0,
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
      ...(context ? { authorizer: { lambda: context } } : {}),
    },
  };
}

const call = async (change: Parameters<typeof eventOf>[0]) => {
  const answer = await handler(eventOf(change), {} as Context);
  return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body ?? 'null') };
};
const activate = (body: string, headers?: Record<string, string>) =>
  call({ method: 'POST', path: '/v1/me/active-tenant', body, ...(headers ? { headers } : {}) });

beforeEach(() => {
  getMe = () => me as never;
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  return () => vi.restoreAllMocks();
});

describe('input', () => {
  it.each([
    ['malformed JSON', '{', 400, 'malformed_json'],
    ['no object', '7', 400, 'invalid_request'],
    ['a missing field', '{}', 400, 'invalid_request'],
    ['a wrong type', '{"tenantId":7}', 400, 'invalid_request'],
    ['an unknown field', JSON.stringify({ tenantId, admin: true }), 400, 'invalid_request'],
    ['more bytes than the route takes', JSON.stringify({ tenantId, x: 'x'.repeat(2000) }), 413, 'body_too_large'],
  ])('is refused for %s', async (_, body, status, code) => {
    expect(await activate(body)).toMatchObject({ status, body: { code, status, requestId: 'request-1' } });
  });

  it('is refused when it does not say that it is JSON', async () => {
    expect(await activate(JSON.stringify({ tenantId }), { 'content-type': 'text/plain' })).toMatchObject({
      status: 415,
    });
  });

  it('names the fields at fault', async () => {
    const { body } = await activate(JSON.stringify({ tenantId: 'x', admin: true }));
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(['admin', 'tenantId']);
  });

  it('reaches the implementation as the contract types it', async () => {
    expect(await activate(JSON.stringify({ tenantId }))).toMatchObject({
      status: 200,
      body: { activeTenantId: tenantId },
    });
  });
});

describe('access', () => {
  it.each([
    ['without a word of the authorizer', null],
    ['with an empty word', {}],
    ['without our own claim', { sub: 'sub-1', operator: 'false' }],
    ['with a user id of another form', { ...token, userId: 'admin' }],
    ['when it does not say whether an operator asks', { sub: 'sub-1', userId }],
  ])('is refused %s', async (_, context) => {
    expect(await call({ context })).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('says why the authorizer did not know the caller', async () => {
    const { status, body } = await call({ context: { refusal: 'The access token has expired; refresh it.' } });
    expect({ status, detail: body.detail }).toEqual({
      status: 401,
      detail: 'The access token has expired; refresh it.',
    });
  });
});

describe('errors', () => {
  it('show nothing of what the system did not expect', async () => {
    getMe = () => {
      throw new Error('password=hunter2 at table tenantry-control');
    };
    const { status, body } = await call({});
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/hunter2|tenantry-control/);
  });

  it('show what the domain says, with when to try again', async () => {
    getMe = () => {
      throw new DomainError('unavailable', 'Try again.', { retryAfterSeconds: 3, internal: { secret: 'hidden' } });
    };
    const { status, headers, body } = await call({});
    expect({ status, retry: headers?.['retry-after'], detail: body.detail }).toEqual({
      status: 503,
      retry: '3',
      detail: 'Try again.',
    });
    expect(JSON.stringify(body)).not.toContain('hidden');
  });

  it('are problem documents for a route that does not exist', async () => {
    expect(await call({ path: '/v1/nowhere' })).toMatchObject({
      status: 404,
      headers: { 'content-type': 'application/problem+json' },
      body: { code: 'not_found' },
    });
  });
});

it('lets no field leave that the contract does not have, and lets nothing be cached', async () => {
  getMe = () => ({ ...me, passwordHash: 'x' }) as never;
  const { body, headers } = await call({});
  expect(body).toEqual(me);
  expect(headers?.['cache-control']).toBe('no-store');
});
