import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everyRow } from '../../support/rows.ts';
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

interface Case {
  readonly name: string;
  readonly method?: string;
  readonly path: string;
  readonly bearer?: () => string | Promise<string>;
  readonly body?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code?: string;
  readonly field?: string;
}

const token = () => founder.person.accessToken;
const apiKey = () => key;
const register = (body: object | string) => (typeof body === 'string' ? body : JSON.stringify(body));
const company = { name: 'A', slug: 'a-good-slug', tier: 'standard' };

/** A token that says what ours say, signed by somebody else, who even names the pool as issuer. */
async function forgedToken(): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const claims = JSON.parse(Buffer.from(token().split('.')[1] ?? '', 'base64url').toString());
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', jwk: await exportJWK(publicKey) }).sign(privateKey);
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
  { name: 'no token', path: '/v1/me', method: 'GET', status: 401 },
  { name: 'a token signed by somebody else', path: '/v1/me', method: 'GET', bearer: forgedToken, status: 401 },
  { name: 'an unsigned token', path: '/v1/me', method: 'GET', bearer: unsignedToken, status: 401 },
  { name: 'an API key where a token is due', path: '/v1/me', method: 'GET', bearer: apiKey, status: 401 },
  { name: 'a token where an API key is due', path: '/v1/events', bearer: token, body: '{"events":[]}', status: 403 },
  {
    name: 'an API key of nobody',
    path: '/v1/events',
    bearer: () => `sk_${'0'.repeat(26)}_${'a'.repeat(43)}`,
    body: '{"events":[]}',
    status: 403,
  },
  { name: 'no API key', path: '/v1/events', body: '{"events":[]}', status: 401 },
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

const send = async ({ method = 'POST', path, bearer, body, contentType, headers = {} }: Case): Promise<Response> =>
  fetch(new URL(path, test.instance.siteUrl), {
    method,
    headers: {
      ...(bearer ? { authorization: `Bearer ${await bearer()}` } : {}),
      ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });

describe('bad input changes nothing and says what is wrong', () => {
  it.each(cases)('$name → $status', async (input) => {
    const before = await everyRow(test.cloud);
    const response = await send(input);
    const text = await response.text();
    expect(response.status).toBe(input.status);
    if (input.code) {
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      const problem = JSON.parse(text);
      expect(problem).toMatchObject({ code: input.code, status: input.status });
      expect(problem.requestId).toBe(response.headers.get('x-request-id'));
      if (input.field) expect(problem.errors.map(({ field }: { field: string }) => field)).toContain(input.field);
    }
    expect(text).not.toMatch(/node_modules|at .*\.ts|arn:aws/);
    expect(await everyRow(test.cloud)).toBe(before);
  });

  it('refuses an id token where an access token is due', async () => {
    const { HostedUiVisitor } = await import('@tenantry/local/cognito/hosted/visitor');
    const visitor = new HostedUiVisitor({
      hostedUiUrl: test.instance.loginUrl,
      clientId: test.instance.clientId,
      redirectUri: `${test.instance.siteUrl}/auth/callback`,
      scopes: ['openid', 'email'],
    });
    const tokens = await visitor.exchange(await visitor.signIn(founder.person.email, 'Correct-horse-7-battery'));
    const response = await fetch(`${test.instance.siteUrl}/v1/me`, {
      headers: { authorization: `Bearer ${tokens.id_token}` },
    });
    expect(response.status).toBe(401);
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
