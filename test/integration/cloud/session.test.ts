import { pageHeader } from '@tenantry/core/contract/page-header';
import { HostedUiVisitor, type RedeemableCode } from '@tenantry/local/cognito/hosted/visitor';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

/** Sessions as a browser keeps them: by a cookie that only the session function gets. */
let test: TestCloud;
let email: string;
let visitor: HostedUiVisitor;
let jar: Map<string, string>;

const PASSWORD = 'Correct-horse-7-battery';

beforeAll(async () => {
  test = await startTestCloud();
  ({ email } = await test.signUp());
}, 120_000);
afterAll(() => test?.close());
beforeEach(() => {
  jar = new Map();
  visitor = new HostedUiVisitor({
    hostedUiUrl: test.instance.loginUrl,
    clientId: test.instance.clientId,
    redirectUri: `${test.instance.siteUrl}/auth/callback`,
    scopes: ['openid', 'email', 'profile'],
  });
});

/** Calls the session function as a page of the site does, unless headers say otherwise, and keeps its cookies. */
async function call(method: string, path: string, options: { body?: object; headers?: Record<string, string> } = {}) {
  const response = await fetch(test.instance.siteUrl + path, {
    method,
    headers: {
      origin: test.instance.siteUrl,
      [pageHeader.name]: pageHeader.value,
      cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(options.body ? { 'content-type': 'application/json' } : {}),
      ...options.headers,
    },
    ...(options.body ? { body: JSON.stringify(options.body) } : {}),
  });
  const setCookies = response.headers.getSetCookie();
  for (const cookie of setCookies) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (/Max-Age=0(;|$)/.test(cookie)) jar.delete(name);
    else jar.set(name, value);
  }
  const text = await response.text();
  return { status: response.status, setCookies, text, body: text ? JSON.parse(text) : undefined };
}

const open = ({ code, codeVerifier: verifier }: RedeemableCode, headers?: Record<string, string>) =>
  call('POST', '/session', { body: { code, verifier }, ...(headers ? { headers } : {}) });
const renew = () => call('POST', '/session/renewal');
const signIn = async () => open(await visitor.signIn(email, PASSWORD));
const whoAmI = async (accessToken: string) =>
  (await fetch(`${test.instance.siteUrl}/v1/me`, { headers: { authorization: `Bearer ${accessToken}` } })).status;

describe('a session', () => {
  it('gives the page an access token, and the refresh token to no script', async () => {
    const opened = await signIn();
    expect(opened).toMatchObject({ status: 201, body: { accessToken: expect.any(String), expiresIn: 900 } });
    expect(await whoAmI(opened.body.accessToken)).toBe(200);
    const [cookie = '', ...others] = opened.setCookies;
    expect(others).toEqual([]);
    const [pair, ...attributes] = cookie.split('; ');
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=2592000', 'Path=/session', 'SameSite=Strict', 'Secure']);
    expect(opened.text).not.toContain(pair?.split('=')[1]);
  });

  it('lives on over a reload: the cookie alone gives a new access token', async () => {
    await signIn();
    const renewed = await renew();
    expect(renewed).toMatchObject({ status: 200, body: { expiresIn: 900 } });
    expect(await whoAmI(renewed.body.accessToken)).toBe(200);
  });

  it('ends with signing out, also for whoever kept a copy of the cookie', async () => {
    await signIn();
    const copy = new Map(jar);
    expect(await call('DELETE', '/session')).toMatchObject({ status: 204 });
    expect(jar.size).toBe(0);
    expect(await renew()).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    jar = copy;
    expect(await renew()).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    // The browser is told to forget what is good for nothing any more.
    expect(jar.size).toBe(0);
  });

  it('is signed out of twice without harm, and by nobody in particular', async () => {
    await signIn();
    expect((await call('DELETE', '/session')).status).toBe(204);
    expect((await call('DELETE', '/session')).status).toBe(204);
  });
});

describe('a code', () => {
  it('is worth nothing without the verifier of the tab that began, or a second time', async () => {
    const stolen = await visitor.signIn(email, PASSWORD);
    expect(await open({ ...stolen, codeVerifier: 'w'.repeat(43) })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
      setCookies: [],
    });
    const good = await visitor.signIn(email, PASSWORD);
    expect((await open(good)).status).toBe(201);
    expect((await open(good)).status).toBe(401);
    // A code that comes twice was stolen by one of the two, so what the first began is over.
    expect((await renew()).status).toBe(401);
  });

  it('is refused as bad input when its verifier is none', async () => {
    expect(await open({ code: 'c', codeVerifier: 'short' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'verifier' }] },
    });
  });
});

describe('a page of another origin', () => {
  const strangers: readonly [string, Record<string, string>][] = [
    ['its own origin', { origin: 'https://shop.example' }],
    ['no origin to tell', { origin: 'null' }],
    ['an origin that only begins like the site’s', { origin: 'http://localhost.shop.example' }],
    ['a form, which cannot send the header', { [pageHeader.name]: '' }],
  ];

  it.each(strangers)('can neither renew, end nor begin a session, with %s', async (_, headers) => {
    await signIn();
    const refused = { status: 403, body: { code: 'forbidden' }, setCookies: [] };
    expect(await call('POST', '/session/renewal', { headers })).toMatchObject(refused);
    expect(await call('DELETE', '/session', { headers })).toMatchObject(refused);
    expect(await open(await visitor.signIn(email, PASSWORD), headers)).toMatchObject(refused);
    expect((await renew()).status).toBe(200);
  });

  it('is not let in by an answer to its browser’s question', async () => {
    const preflight = await fetch(`${test.instance.siteUrl}/session/renewal`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': pageHeader.name,
      },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    expect(preflight.status).toBe(404);
  });
});
