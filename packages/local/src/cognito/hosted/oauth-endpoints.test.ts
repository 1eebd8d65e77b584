import { createHash } from 'node:crypto';
import { AdminCreateUserCommand, AdminSetUserPasswordCommand } from '@aws-sdk/client-cognito-identity-provider';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLIENT_ID, claimsOf, Lab, PASSWORD, POOL_ID, REDIRECT_URI } from '../testing/lab.ts';
import type { HostedUiVisitor, OAuthTokens, RedeemableCode } from './visitor.ts';

const EMAIL = 'someone@example.com';
const OTHER_CLIENT = 'other1234567890';
let lab: Lab;
let visitor: HostedUiVisitor;

beforeAll(async () => {
  lab = await Lab.open({ extraClients: [{ id: OTHER_CLIENT }] });
  await lab.sdk.send(new AdminCreateUserCommand({ UserPoolId: POOL_ID, Username: EMAIL, MessageAction: 'SUPPRESS' }));
  await lab.sdk.send(
    new AdminSetUserPasswordCommand({ UserPoolId: POOL_ID, Username: EMAIL, Password: PASSWORD, Permanent: true }),
  );
  visitor = lab.visitor();
  await visitor.signIn(EMAIL, PASSWORD);
});
afterAll(() => lab.close());

async function freshCode(): Promise<RedeemableCode> {
  return visitor.redeemable(await visitor.open());
}

function post(path: string, parameters: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(`${lab.hosted.url}${path}`, { method: 'POST', body: new URLSearchParams(parameters), headers });
}

function exchange({ code, codeVerifier }: RedeemableCode, changes: Record<string, string> = {}) {
  return post('/oauth2/token', {
    grant_type: 'authorization_code',
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: codeVerifier,
    ...changes,
  });
}

test('a code is exchanged once, and a second use ends what the first began', async () => {
  const code = await freshCode();
  const tokens = (await (await exchange(code)).json()) as OAuthTokens;
  const second = await exchange(code);
  expect(second.status).toBe(400);
  expect(await second.json()).toMatchObject({ error: 'invalid_grant' });
  await expect(visitor.refresh(tokens.refresh_token ?? '')).rejects.toThrow('revoked');
});

test('of simultaneous exchanges of one code at most one gives tokens', async () => {
  const code = await freshCode();
  const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await exchange(code)).status));
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
});

test('a code is good for five minutes', async () => {
  const [early, late] = [await freshCode(), await freshCode()];
  lab.now += 5 * 60_000 - 1;
  expect((await exchange(early)).status).toBe(200);
  lab.now += 1;
  expect((await exchange(late)).status).toBe(400);
});

test('no verifier but the right one redeems a code, and any attempt uses it up', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'grapheme-ascii', minLength: 0, maxLength: 140 }),
        fc.stringMatching(/^[\w.~-]{43,128}$/),
        fc.constant('challenge' as const),
        fc.constant('truncated' as const),
        fc.constant('extended' as const),
      ),
      async (attempt) => {
        const code = await freshCode();
        const right = code.codeVerifier;
        const tricks: Record<string, string> = {
          challenge: createHash('sha256').update(right).digest('base64url'),
          truncated: right.slice(0, -1),
          extended: `${right}A`,
        };
        const wrong = Object.hasOwn(tricks, attempt) ? (tricks[attempt] ?? '') : attempt;
        fc.pre(wrong !== right);
        const refused = await exchange(code, { code_verifier: wrong });
        expect(refused.status).toBe(400);
        const answer = (await refused.json()) as { error: string };
        expect(['invalid_grant', 'invalid_request']).toContain(answer.error);
        // A request without any verifier is malformed, and does not get as far as the code.
        expect((await exchange(code)).status).toBe(answer.error === 'invalid_grant' ? 400 : 200);
      },
    ),
    { numRuns: 40 },
  );
});

test('a code is bound to its redirect URI and its client', async () => {
  expect((await exchange(await freshCode(), { redirect_uri: 'http://localhost:5173/other' })).status).toBe(400);
  const elsewhere = await exchange(await freshCode(), { client_id: OTHER_CLIENT });
  expect(await elsewhere.json()).toMatchObject({ error: 'invalid_grant' });
  const nobody = await exchange(await freshCode(), { client_id: 'nobody' });
  expect(await nobody.json()).toMatchObject({ error: 'invalid_client' });
});

test.each([
  ['an unknown grant', { grant_type: 'password' }, 'unsupported_grant_type'],
  ['an inherited name as grant', { grant_type: 'toString' }, 'unsupported_grant_type'],
  ['a made-up code', { code: 'made-up' }, 'invalid_grant'],
  ['no code', { code: '' }, 'invalid_request'],
])('%s is refused by name', async (_what, changes, error) => {
  const response = await exchange({ code: 'none', codeVerifier: 'x'.repeat(43) }, changes);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error });
});

test('a body that is not a form is refused', async () => {
  const response = await fetch(`${lab.hosted.url}/oauth2/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"grant_type":"authorization_code"}',
  });
  expect(await response.json()).toMatchObject({ error: 'invalid_request' });
});

test('a revoked refresh token is refused, with the access tokens it gave', async () => {
  const tokens = (await (await exchange(await freshCode())).json()) as OAuthTokens;
  const revoked = await post('/oauth2/revoke', { client_id: CLIENT_ID, token: tokens.refresh_token ?? '' });
  expect(revoked.status).toBe(200);
  await expect(visitor.refresh(tokens.refresh_token ?? '')).rejects.toThrow('invalid_grant');
  const info = await fetch(`${lab.hosted.url}/oauth2/userInfo`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  expect(info.status).toBe(401);
  expect((await post('/oauth2/revoke', { client_id: CLIENT_ID, token: 'unknown' })).status).toBe(200);
});

test('an access token is no refresh token and an ID token is no access token', async () => {
  const tokens = (await (await exchange(await freshCode())).json()) as OAuthTokens;
  await expect(visitor.refresh(tokens.access_token)).rejects.toThrow('invalid_grant');
  const info = await fetch(`${lab.hosted.url}/oauth2/userInfo`, {
    headers: { authorization: `Bearer ${tokens.id_token}` },
  });
  expect(info.status).toBe(401);
});

test("browsers may read tokens only from the apps' own origins", async () => {
  const origin = async (name: string) => {
    const response = await post('/oauth2/token', { grant_type: 'x' }, { origin: name });
    return response.headers.get('access-control-allow-origin');
  };
  expect(await origin('http://localhost:5173')).toBe('http://localhost:5173');
  expect(await origin('http://localhost:9999')).toBeNull();
  const preflight = await fetch(`${lab.hosted.url}/oauth2/token`, {
    method: 'OPTIONS',
    headers: { origin: 'http://localhost:5173', 'access-control-request-method': 'POST' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-methods')).toBe('POST');
});

test('users, sign-ins, keys and unused codes survive a restart', async () => {
  const tokens = (await (await exchange(await freshCode())).json()) as OAuthTokens;
  const unused = await freshCode();
  await lab.stop();
  await lab.start();
  const again = await fetch(`${lab.hosted.url}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: CLIENT_ID,
      refresh_token: tokens.refresh_token ?? '',
    }),
  });
  expect(again.status).toBe(200);
  expect((await exchange(unused)).status).toBe(200);
  const info = await fetch(`${lab.hosted.url}/oauth2/userInfo`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  expect(await info.json()).toMatchObject({ sub: claimsOf(tokens.access_token).sub });
  const fresh = lab.visitor();
  await fresh.exchange(await fresh.signIn(EMAIL, PASSWORD));
});
