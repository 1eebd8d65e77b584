import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Route } from '@tenantry/core/contract/route';
import { contract } from '@tenantry/core/contract/routes';
import fc from 'fast-check';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oddRequests } from '../../support/odd-requests.ts';
import { claimsOf, signedByPool } from '../../support/pool-token.ts';
import { everyRow, rootClient, tableName } from '../../support/rows.ts';
import { type Founder, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

/** Bad input is a 4xx that names what is wrong, and leaves every table as it was. */
let test: TestCloud;
let founder: Founder;
let key: string;
let publishable: string;

beforeAll(async () => {
  test = await startTestCloud();
  founder = await test.founder('standard');
  key = await founder.person.createKey('secret');
  publishable = await founder.person.createKey('publishable');
}, 120_000);
afterAll(() => test?.close());

/** Of four requests each, for every route. */
const ODD_ROUNDS = 40;

interface Case {
  readonly name: string;
  readonly method?: string;
  readonly path: string;
  readonly bearer?: () => string | Promise<string>;
  readonly body?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code: string;
  readonly field?: string;
}

const token = () => founder.person.accessToken;
const apiKey = () => key;
const register = (body: object | string) => (typeof body === 'string' ? body : JSON.stringify(body));
const company = { name: 'A', slug: 'a-good-slug', tier: 'standard' };

/** A token that says what ours say, signed by somebody else, who even names the pool as issuer. */
async function forgedToken(): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  return new SignJWT(claimsOf(token()))
    .setProtectedHeader({ alg: 'RS256', jwk: await exportJWK(publicKey) })
    .sign(privateKey);
}

/** The founder's token with other claims, signed by the pool itself. */
const poolToken = (claims: JWTPayload): Promise<string> => signedByPool(test, { ...claimsOf(token()), ...claims });

async function revokedKey(): Promise<string> {
  const { person } = founder;
  const revoked = await person.createKey('secret');
  const { apiKeys } = await person.api('listApiKeys', { bearer: token() });
  const keyId = apiKeys.find(({ hint }) => hint.endsWith(revoked.slice(-4)))?.id ?? '';
  await person.api('revokeApiKey', { bearer: token(), params: { keyId } });
  return revoked;
}

const unsignedToken = (): string => {
  const [, payload = ''] = token().split('.');
  return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
};

const cases: readonly Case[] = [
  { name: 'malformed JSON', path: '/v1/tenants', bearer: token, body: '{"name":', status: 400, code: 'malformed_json' },
  {
    name: 'a body that is no object',
    path: '/v1/tenants',
    bearer: token,
    body: '[]',
    status: 400,
    code: 'invalid_request',
  },
  {
    name: 'a wrong media type',
    path: '/v1/tenants',
    bearer: token,
    body: '{}',
    contentType: 'text/plain',
    status: 415,
    code: 'unsupported_media_type',
  },
  {
    name: 'a wrong type',
    path: '/v1/tenants',
    bearer: token,
    body: register({ ...company, name: 7 }),
    status: 400,
    code: 'invalid_request',
    field: 'name',
  },
  {
    name: 'an over-long field',
    path: '/v1/tenants',
    bearer: token,
    body: register({ ...company, name: 'x'.repeat(101) }),
    status: 400,
    code: 'invalid_request',
    field: 'name',
  },
  {
    name: 'an unknown field',
    path: '/v1/tenants',
    bearer: token,
    body: register({ ...company, tenantId: 'ten_x' }),
    status: 400,
    code: 'invalid_request',
    field: 'tenantId',
  },
  {
    name: 'a bad slug',
    path: '/v1/tenants',
    bearer: token,
    body: register({ ...company, slug: 'Bad_Slug' }),
    status: 400,
    code: 'invalid_request',
    field: 'slug',
  },
  {
    name: 'a reserved slug',
    path: '/v1/tenants',
    bearer: token,
    body: register({ ...company, slug: 'admin' }),
    status: 400,
    code: 'slug_reserved',
    field: 'slug',
  },
  {
    name: 'an unknown tier',
    path: '/v1/tenants',
    bearer: token,
    body: register({ ...company, tier: 'gold' }),
    status: 400,
    code: 'unknown_tier',
    field: 'tier',
  },
  {
    name: 'too large a body',
    path: '/v1/tenants',
    bearer: token,
    body: register({ ...company, name: 'x'.repeat(8000) }),
    status: 413,
    code: 'body_too_large',
  },
  { name: 'an unknown route', path: '/v1/nothing', method: 'GET', status: 404, code: 'not_found' },
  { name: 'an unknown method', path: '/v1/tenants', method: 'PUT', status: 404, code: 'not_found' },
  { name: 'no token', path: '/v1/me', method: 'GET', status: 401, code: 'unauthenticated' },
  ...(
    [
      ['a token signed by somebody else', forgedToken],
      ['an unsigned token', unsignedToken],
      ['an expired token', () => poolToken({ exp: Math.floor(Date.now() / 1000) - 60 })],
      ['a token for another application', () => poolToken({ client_id: 'another' })],
      ['an id token', () => poolToken({ token_use: 'id' })],
      ['an API key where a token is due', apiKey],
    ] as const
  ).map(([name, bearer]) => ({
    name,
    path: '/v1/me',
    method: 'GET',
    bearer,
    status: 401,
    code: 'unauthenticated',
  })),
  ...(
    [
      ['no API key', undefined],
      ['a token where an API key is due', token],
      ['an API key of nobody', () => `sk_${'0'.repeat(26)}_${'a'.repeat(43)}`],
      ['a revoked API key', revokedKey],
    ] as const
  ).map(([name, bearer]) => ({
    name,
    path: '/v1/events',
    ...(bearer ? { bearer } : {}),
    body: '{"events":[]}',
    status: 401,
    code: 'invalid_api_key',
  })),
  {
    name: 'an empty batch',
    path: '/v1/events',
    bearer: apiKey,
    body: '{"events":[]}',
    status: 400,
    code: 'invalid_request',
    field: 'events',
  },
  {
    name: 'a batch of 101',
    path: '/v1/events',
    bearer: apiKey,
    body: JSON.stringify({ events: Array(101).fill({}) }),
    status: 400,
    code: 'invalid_request',
    field: 'events',
  },
  {
    name: 'a batch of more than 256 KiB',
    path: '/v1/events',
    bearer: apiKey,
    body: JSON.stringify({ events: [{ itemId: 'x'.repeat(262_144) }] }),
    status: 413,
    code: 'body_too_large',
  },
  {
    name: 'a list of too many',
    path: '/v1/recommendations',
    bearer: apiKey,
    body: '{"shopperId":"a","limit":101}',
    status: 400,
    code: 'invalid_request',
    field: 'limit',
  },
  {
    name: 'an activity of too many minutes',
    path: '/v1/tenant/activity?minutes=100000',
    method: 'GET',
    bearer: token,
    status: 400,
    code: 'invalid_request',
    field: 'minutes',
  },
  {
    name: 'a key id that is none',
    path: '/v1/tenant/api-keys/key_1',
    method: 'DELETE',
    bearer: token,
    status: 400,
    code: 'invalid_request',
    field: 'keyId',
  },
  ...(
    [
      ['an empty idempotency key', ''],
      ['an idempotency key that is too long', 'x'.repeat(256)],
      ['an idempotency key of other characters', 'schlüssel'],
    ] as const
  ).map(([name, value]) => ({
    name,
    path: '/v1/tenant/api-keys',
    bearer: token,
    body: '{"name":"Web shop","kind":"secret"}',
    headers: { 'idempotency-key': value },
    status: 400,
    code: 'invalid_request',
    field: 'Idempotency-Key',
  })),
  {
    name: 'a retry of an onboarding that did not fail',
    path: '/v1/tenant/onboarding/retry',
    bearer: token,
    status: 409,
    code: 'tenant_not_active',
  },
  {
    name: 'a webhook without a signature',
    path: '/webhooks/stripe',
    body: '{"id":"evt_1"}',
    status: 400,
    code: 'invalid_signature',
  },
  {
    name: 'a webhook with a wrong signature',
    path: '/webhooks/stripe',
    body: '{"id":"evt_1"}',
    headers: { 'stripe-signature': 't=1,v1=00' },
    status: 400,
    code: 'invalid_signature',
  },
];

const send = async (
  { method = 'POST', path, body, contentType, headers = {} }: Case,
  bearer: string | undefined,
): Promise<Response> =>
  fetch(new URL(path, test.instance.siteUrl), {
    method,
    headers: {
      ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
      ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });

describe('bad input changes nothing and says what is wrong', () => {
  it.each(cases)('$name → $status', async (input) => {
    const bearer = await input.bearer?.();
    const before = await everyRow(test.cloud);
    const response = await send(input, bearer);
    const text = await response.text();
    expect(response.status).toBe(input.status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const problem = JSON.parse(text);
    expect(problem).toMatchObject({ code: input.code, status: input.status });
    expect(problem.requestId).toBe(response.headers.get('x-request-id'));
    if (input.field) expect(problem.errors.map(({ field }: { field: string }) => field)).toContain(input.field);
    expect(text).not.toMatch(/node_modules|at .*\.ts|arn:aws/);
    expect(await everyRow(test.cloud)).toBe(before);
  });

  it('refuses a publishable key nothing that it may do, and lists are bounded all the same', async () => {
    const response = await fetch(`${test.instance.siteUrl}/v1/recommendations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${publishable}`, 'content-type': 'application/json' },
      body: JSON.stringify({ shopperId: 'a' }),
    });
    expect(response.status).toBe(200);
  });
});

describe('webhooks', () => {
  it('stores a signed event once by its id, however often it comes, and refuses it when it is old', async () => {
    const secret = test.cloud.graph.functions.find(({ handler }) => handler.includes('stripe-webhook'))?.environment
      .STRIPE_WEBHOOK_SECRET;
    const payload = JSON.stringify({
      id: 'evt_replayed1',
      object: 'event',
      type: 'something.unknown',
      data: { object: { id: 'obj_1' } },
    });
    const deliver = (timestamp: number) =>
      fetch(`${test.instance.siteUrl}/webhooks/stripe`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret: secret ?? '', timestamp }),
        },
        body: payload,
      });
    const now = Math.floor(Date.now() / 1000);
    const answers = await Promise.all([deliver(now), deliver(now), deliver(now)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { allRows } = await import('../../support/rows.ts');
    const receipts = (await allRows(test.cloud, 'Control')).filter(({ pk }) => String(pk).includes('evt_replayed1'));
    expect(receipts).toHaveLength(1);
    expect((await deliver(now - 3600)).status).toBe(400);
  });
});

describe('whatever is sent to what shops and their consoles use', () => {
  const functions = ['recommendations', 'collector', 'catalogue', 'attribution'];
  const routes = Object.values<Route>(contract).filter(
    ({ function: name, access }) => functions.includes(name) && (access.by === 'apiKey' || access.by === 'member'),
  );
  /** A key that may send as much as the largest tier. */
  let plenty: string;
  beforeAll(async () => {
    await rootClient(test.cloud).send(
      new UpdateCommand({
        TableName: tableName(test.cloud, 'Control'),
        Key: { pk: `TENANT#${founder.tenantId}`, sk: 'META' },
        UpdateExpression: 'SET tier = :tier',
        ExpressionAttributeValues: { ':tier': 'enterprise' },
      }),
    );
    plenty = await founder.person.createKey('secret');
  });

  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s answers, or says what is wrong',
    async (_, route) => {
      const bearer = route.access.by === 'apiKey' ? plenty : founder.person.accessToken;
      const seen = new Map<number, number>();
      await fc.assert(
        fc.asyncProperty(fc.array(oddRequests(route), { minLength: 4, maxLength: 4 }), async (requests) => {
          // Four at once, as many as the function has environments.
          await Promise.all(
            requests.map(async ({ method, path, body }) => {
              const response = await fetch(test.instance.siteUrl + path, {
                method,
                headers: { authorization: `Bearer ${bearer}`, ...(body ? { 'content-type': 'application/json' } : {}) },
                signal: AbortSignal.timeout(10_000),
                ...(body ? { body } : {}),
              });
              const text = await response.text();
              seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
              if (response.ok) {
                route.response.schema?.parse(JSON.parse(text));
                return;
              }
              expect([400, 404, 409, 413]).toContain(response.status);
              const problem = JSON.parse(text);
              expect(problem.code).toMatch(/^[a-z_]+$/);
              if (problem.code === 'invalid_request') expect(problem.errors.length).toBeGreaterThan(0);
              expect(text.length).toBeLessThan(20_000);
              expect(text).not.toMatch(/node_modules|at .*\.ts|arn:aws/);
            }),
          );
        }),
        { numRuns: ODD_ROUNDS, endOnFailure: true },
      );
      expect([...seen.values()].reduce((sum, count) => sum + count, 0)).toBe(4 * ODD_ROUNDS);
      // Odd is not only what is refused at the first look.
      if (route.body) expect(seen.size).toBeGreaterThan(1);
    },
    120_000,
  );

  it.each([
    ['a catalogue row of 9 MB', 'PUT /v1/items', () => ({ items: [{ id: 'a', title: 'x'.repeat(9_000_000) }] }), 413],
    ['a catalogue row of 900 kB', 'PUT /v1/items', () => ({ items: [{ id: 'a', title: 'x'.repeat(900_000) }] }), 202],
    [
      'a cart of 10,000 items',
      'POST /v1/recommendations',
      () => ({ shopperId: 's', scenario: 'cart', cart: Array(10_000).fill('a') }),
      400,
    ],
    [
      'JSON of 100,000 levels',
      'POST /v1/events',
      () => `{"events":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`,
      202,
    ],
  ])('%s', async (_, route, body, status) => {
    const given = body();
    const [method = '', path = ''] = route.split(' ');
    const response = await fetch(test.instance.siteUrl + path, {
      method,
      headers: { authorization: `Bearer ${plenty}`, 'content-type': 'application/json' },
      body: typeof given === 'string' ? given : JSON.stringify(given),
    });
    expect(response.status).toBe(status);
    const answer = await response.json();
    if (response.ok) expect(answer).toMatchObject({ accepted: 0, rejected: 1 });
  });
});
