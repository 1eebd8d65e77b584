import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@tenantry/core/ids/id';
import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { exportJWK, generateKeyPair, type JWTPayload, type KeyLike, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';

const issuer = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool';
const userId = newId('user');
const tenantId = newId('tenant');
let key: KeyLike;
let foreignKey: KeyLike;
let pool: Server;
let keysAsked = 0;
let handler: typeof import('./token-authorizer.ts').handler;

const listen = (server: Server) =>
  new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });

beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  key = pair.privateKey;
  foreignKey = (await generateKeyPair('RS256')).privateKey;
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', use: 'sig', alg: 'RS256' };
  pool = createServer((_, response) => {
    keysAsked += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }));
  });
  vi.stubEnv('TOKEN_JWKS_URL', `${await listen(pool)}/jwks.json`);
  vi.stubEnv('TOKEN_ISSUER', issuer);
  vi.stubEnv('TOKEN_CLIENT_ID', 'client-1');
  vi.stubEnv('LOG_LEVEL', 'error');
  ({ handler } = await import('./token-authorizer.ts'));
});
afterAll(() => {
  pool.close();
  vi.unstubAllEnvs();
});
beforeEach(() => {
  keysAsked = 0;
});

const seconds = () => Math.floor(Date.now() / 1000);

const token = (claims: JWTPayload = {}, signer = key, header: object = {}) =>
  new SignJWT({ iss: issuer, sub: 'sub-1', client_id: 'client-1', token_use: 'access', userId, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header })
    .setIssuedAt(seconds())
    .setExpirationTime(claims.exp ?? seconds() + 900)
    .sign(signer);

const ask = (authorization?: string) =>
  handler({
    headers: authorization === undefined ? {} : { authorization },
    requestContext: { requestId: 'request-1' },
  } as unknown as APIGatewayRequestAuthorizerEventV2);

it('tells whose a good token is, and nothing that the token does not say', async () => {
  const claims = { tenantId, tier: 'premium', role: 'owner', 'cognito:groups': ['operators'], custom: 'x' };
  expect(await ask(`Bearer ${await token(claims)}`)).toEqual({
    isAuthorized: true,
    context: { sub: 'sub-1', userId, tenantId, tier: 'premium', operator: 'true' },
  });
  expect((await ask(`bearer ${await token()}`)).context).toEqual({ sub: 'sub-1', userId, operator: 'false' });
});

it.each<[string, () => Promise<string | undefined>, RegExp]>([
  ['is missing', async () => undefined, /Send an access token/],
  ['is a placeholder', async () => 'none', /Send an access token/],
  ['is not a token', async () => 'Bearer nonsense', /not one of ours/],
  ['has expired', async () => `Bearer ${await token({ exp: seconds() - 6 })}`, /has expired/],
  ['is not valid yet', async () => `Bearer ${await token({ nbf: seconds() + 60 })}`, /not one of ours/],
  ['has another issuer', async () => `Bearer ${await token({ iss: 'https://evil.example' })}`, /not one of ours/],
  ['is for another client', async () => `Bearer ${await token({ client_id: 'other' })}`, /another application/],
  ['is an id token', async () => `Bearer ${await token({ token_use: 'id' })}`, /not an access token/],
  ['is signed by a foreign key', async () => `Bearer ${await token({}, foreignKey)}`, /not one of ours/],
  ['is signed by another algorithm', async () => `Bearer ${await token({}, key, { alg: 'PS256' })}`, /not one of ours/],
  ['names an unknown key', async () => `Bearer ${await token({}, key, { kid: 'k2' })}`, /not one of ours/],
  [
    'is not signed',
    async () =>
      `Bearer ${btoa('{"alg":"none","kid":"k1"}')}.${btoa(JSON.stringify({ iss: issuer, exp: 9e9, client_id: 'client-1', userId }))}.`,
    /not one of ours/,
  ],
])('knows nobody whose token %s, and says why', async (_, make, reason) => {
  const { context } = await ask(await make());
  expect(Object.keys(context)).toEqual(['refusal']);
  expect(context.refusal).toMatch(reason);
});

it('hole closed: takes keys from its own pool alone, whatever issuer, key URL or key a token names', async () => {
  let asked = 0;
  const evil = createServer((_, response) => {
    asked += 1;
    response.end('{}');
  });
  const url = await listen(evil);
  const jwk = await exportJWK((await generateKeyPair('RS256')).publicKey);
  for (const header of [{ jku: `${url}/jwks.json` }, { x5u: url }, { jwk }]) {
    expect((await ask(`Bearer ${await token({ iss: url }, foreignKey, header)}`)).context).toHaveProperty('refusal');
    expect((await ask(`Bearer ${await token({}, foreignKey, header)}`)).context).toHaveProperty('refusal');
  }
  expect(asked).toBe(0);
  evil.close();
});

it('fetches the keys once for many tokens', async () => {
  await ask(`Bearer ${await token()}`);
  keysAsked = 0;
  await Promise.all(Array.from({ length: 5 }, async () => ask(`Bearer ${await token()}`)));
  expect(keysAsked).toBe(0);
});
