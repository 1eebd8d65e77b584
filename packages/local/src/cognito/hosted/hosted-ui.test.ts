import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT_ID, claimsOf, Lab, PASSWORD, POOL_ID, REDIRECT_URI } from '../testing/lab.ts';
import { totpCode } from '../totp.ts';
import { pageMessage } from './visitor.ts';

let lab: Lab;
let serial = 0;

beforeAll(async () => {
  lab = await Lab.open();
});
afterAll(() => lab.close());

function freshEmail(): string {
  serial += 1;
  return `visitor${serial}@example.com`;
}

async function confirmedUser(password = PASSWORD, Permanent = true, at = lab): Promise<string> {
  const email = freshEmail();
  await at.sdk.send(
    new AdminCreateUserCommand({
      UserPoolId: POOL_ID,
      Username: email,
      MessageAction: 'SUPPRESS',
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
    }),
  );
  await at.sdk.send(
    new AdminSetUserPasswordCommand({ UserPoolId: POOL_ID, Username: email, Password: password, Permanent }),
  );
  return email;
}

function userInfo(token: string) {
  return fetch(`${lab.hosted.url}/oauth2/userInfo`, { headers: { authorization: `Bearer ${token}` } });
}

describe('the whole way', () => {
  test('sign-up, confirmation, return to the app, tokens, and refresh', async () => {
    const email = freshEmail();
    const visitor = lab.visitor({ scopes: ['openid', 'email'] });
    const form = await visitor.open('/signup', { state: 'the-state', nonce: 'the-nonce' });
    const confirm = await visitor.submit(form, { username: email, password: PASSWORD });
    expect(confirm.url.pathname).toBe('/confirm');
    expect(confirm.body).toContain(`http://localhost:4599/?to=${encodeURIComponent(email)}`);
    const returned = await visitor.submit(confirm, { code: lab.code(email) });
    expect(returned.url.href).toMatch(`${REDIRECT_URI}?code=`);
    expect(returned.returned?.get('state')).toBe('the-state');
    const tokens = await visitor.exchange(visitor.redeemable(returned));
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    expect(claimsOf(tokens.access_token)).toMatchObject({ scope: 'openid email', token_use: 'access' });
    expect(claimsOf(tokens.id_token)).toMatchObject({ nonce: 'the-nonce', email, aud: CLIENT_ID, token_use: 'id' });
    const again = await visitor.refresh(tokens.refresh_token ?? '');
    expect(claimsOf(again.access_token).origin_jti).toBe(claimsOf(tokens.access_token).origin_jti);
    const info = await userInfo(again.access_token);
    expect(await info.json()).toEqual({
      sub: claimsOf(again.access_token).sub,
      username: claimsOf(again.access_token).sub,
      email,
      email_verified: 'true',
    });
  });

  test('without openid there is no ID token and no userInfo', async () => {
    const email = await confirmedUser();
    const visitor = lab.visitor({ scopes: ['aws.cognito.signin.user.admin'] });
    const tokens = await visitor.exchange(await visitor.signIn(email, PASSWORD));
    expect(tokens.id_token).toBeUndefined();
    expect((await userInfo(tokens.access_token)).status).toBe(403);
    expect((await userInfo('not.a.token')).status).toBe(401);
  });

  test('a forgotten password is replaced with the mailed code', async () => {
    const email = await confirmedUser();
    const visitor = lab.visitor();
    const reset = await visitor.submit(await visitor.open('/forgotPassword'), { username: email });
    expect(reset.url.pathname).toBe('/resetPassword');
    const wrong = await visitor.submit(reset, { code: '000000', password: 'Another-horse-1' });
    expect(pageMessage(wrong)).toContain('This code is wrong');
    const login = await visitor.submit(wrong, { code: lab.code(email), password: 'Another-horse-1' });
    expect(pageMessage(login)).toContain('Your password was changed');
    expect(
      visitor.redeemable(await visitor.submit(login, { username: email, password: 'Another-horse-1' })),
    ).toBeDefined();
  });

  test('asking to reset the password of an unknown address looks the same', async () => {
    const visitor = lab.visitor();
    const known = await confirmedUser();
    const unknown = freshEmail();
    const pages = [];
    for (const email of [known, unknown]) {
      const page = await visitor.submit(await visitor.open('/forgotPassword'), { username: email });
      pages.push([
        page.status,
        page.body
          .replaceAll(email, '')
          .replaceAll(encodeURIComponent(email), '')
          .replace(/action="[^"]*"|href="[^"]*"/g, ''),
      ]);
    }
    expect(pages[0]).toEqual(pages[1]);
  });

  test('an address that was never confirmed is confirmed on signing in', async () => {
    const email = freshEmail();
    await lab.sdk.send(new SignUpCommand({ ClientId: CLIENT_ID, Username: email, Password: PASSWORD }));
    const visitor = lab.visitor();
    const confirm = await visitor.submit(await visitor.open(), { username: email, password: PASSWORD });
    expect(confirm.url.pathname).toBe('/confirm');
    visitor.redeemable(await visitor.submit(confirm, { code: lab.code(email) }));
  });

  test('a temporary password is replaced on the way in', async () => {
    const email = await confirmedUser('Temporary-1234', false);
    const visitor = lab.visitor();
    const page = await visitor.submit(await visitor.open(), { username: email, password: 'Temporary-1234' });
    expect(page.url.pathname).toBe('/newPassword');
    const refused = await visitor.submit(page, { password: 'weak' });
    expect(pageMessage(refused)).toContain('does not meet every rule');
    visitor.redeemable(await visitor.submit(refused, { password: 'Chosen-horse-1' }));
  });

  test('where a second factor is demanded, it is set up once and asked for afterwards', async () => {
    const strict = await Lab.open({ pool: { mfa: 'ON' } });
    try {
      const email = await confirmedUser(PASSWORD, true, strict);
      const visitor = strict.visitor();
      const setup = await visitor.submit(await visitor.open(), { username: email, password: PASSWORD });
      expect(setup.url.pathname).toBe('/mfaSetup');
      const [, secret = ''] = /secret=([A-Z2-7]+)/.exec(setup.body) ?? [];
      const wrong = await visitor.submit(setup, { code: '000000' });
      expect(pageMessage(wrong)).toContain('This code is wrong');
      visitor.redeemable(await visitor.submit(wrong, { code: totpCode(secret, strict.now) }));
      strict.now += 60_000;
      const mfa = await visitor.submit(await visitor.open('/oauth2/authorize', { prompt: 'login' }), {
        username: email,
        password: PASSWORD,
      });
      expect(mfa.url.pathname).toBe('/mfa');
      visitor.redeemable(await visitor.submit(mfa, { code: totpCode(secret, strict.now) }));
    } finally {
      await strict.close();
    }
  });
});

describe('a browser that signed in', () => {
  test('goes straight through for an hour, unless the app asks to sign in again', async () => {
    const email = await confirmedUser();
    const visitor = lab.visitor();
    await visitor.signIn(email, PASSWORD);
    expect((await visitor.open()).returned?.get('code')).toBeTruthy();
    expect((await visitor.open('/oauth2/authorize', { prompt: 'none' })).returned?.get('code')).toBeTruthy();
    expect((await visitor.open('/oauth2/authorize', { prompt: 'login' })).url.pathname).toBe('/login');
    lab.now += 3_600_000;
    expect((await visitor.open()).url.pathname).toBe('/login');
    const silent = await visitor.open('/oauth2/authorize', { prompt: 'none' });
    expect(silent.returned?.get('error')).toBe('login_required');
  });

  test('is asked again once its user is disabled, and its open code is worth nothing', async () => {
    const email = await confirmedUser();
    const visitor = lab.visitor();
    const code = await visitor.signIn(email, PASSWORD);
    await lab.sdk.send(new AdminDisableUserCommand({ UserPoolId: POOL_ID, Username: email }));
    await expect(visitor.exchange(code)).rejects.toThrow('invalid_grant');
    expect((await visitor.open()).url.pathname).toBe('/login');
  });

  test('signs out to a registered address and nowhere else', async () => {
    const email = await confirmedUser();
    const visitor = lab.visitor();
    await visitor.signIn(email, PASSWORD);
    const elsewhere = await visitor.open('/logout', { logout_uri: 'http://localhost:5173/?next=evil' });
    expect(elsewhere.status).toBe(400);
    expect((await visitor.open()).returned?.get('code')).toBeTruthy();
    const out = await visitor.open('/logout', { logout_uri: 'http://localhost:5173/' });
    expect(out.url.href).toBe('http://localhost:5173/');
    expect((await visitor.open()).url.pathname).toBe('/login');
    await visitor.signIn(email, PASSWORD);
    expect((await visitor.open('/logout')).url.pathname).toBe('/login');
  });
});

describe('what an app may ask', () => {
  test.each([
    ['a path beyond the registered one', `${REDIRECT_URI}/more`],
    ['an added query', `${REDIRECT_URI}?x=1`],
    ['another case', REDIRECT_URI.toUpperCase()],
    ['another host', 'https://evil.example/callback'],
    ['a prefix', REDIRECT_URI.slice(0, -1)],
  ])('a redirect URI that differs by %s is refused without a redirect', async (_what, redirect_uri) => {
    const page = await lab.visitor().open('/oauth2/authorize', { redirect_uri });
    expect(page.status).toBe(400);
    expect(page.returned).toBeUndefined();
    expect(pageMessage(page)).toContain('not registered');
  });

  test.each([
    ['no PKCE challenge', { code_challenge: undefined }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a malformed challenge', { code_challenge: 'short' }, 'invalid_request'],
    ['a scope that the client lacks', { scope: 'openid tenantry/admin' }, 'invalid_scope'],
    ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
    ['an unknown prompt', { prompt: 'consent' }, 'invalid_request'],
  ])('%s is told to the app with its state', async (_what, changes, error) => {
    const { returned } = await lab.visitor().open('/oauth2/authorize', { ...changes, state: 'kept' });
    expect(returned?.get('error')).toBe(error);
    expect(returned?.get('state')).toBe('kept');
    expect(returned?.get('code')).toBeNull();
  });

  test('an unknown client is refused', async () => {
    expect((await lab.visitor().open('/login', { client_id: 'nobody' })).status).toBe(400);
  });
});

describe('pages', () => {
  test('a form without the token of this browser changes nothing', async () => {
    const email = freshEmail();
    const visitor = lab.visitor();
    const page = await visitor.open('/signup');
    for (const csrf of ['', 'x'.repeat(43)]) {
      const refused = await visitor.submit(page, { _csrf: csrf, username: email, password: PASSWORD });
      expect(refused.status).toBe(403);
    }
    expect(lab.mail.messages({ to: email })).toEqual([]);
  });

  test('what was typed comes back as text, never as markup', async () => {
    const visitor = lab.visitor();
    const typed = '"><script>alert(1)</script>';
    const page = await visitor.submit(await visitor.open('/signup'), { username: typed, password: PASSWORD });
    expect(page.body).not.toContain('<script');
    expect(page.body).toContain('&lt;script&gt;');
    const echoed = await lab.visitor().open('/login', { state: typed, login_hint: typed });
    expect(echoed.body).not.toContain('<script');
  });

  test('pages allow no script, no framing and no form to elsewhere', async () => {
    const { url } = await lab.visitor().open();
    const response = await fetch(url);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self' http://localhost:5173;");
    expect(response.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
  });

  test('a name that is not of this machine is not answered', async () => {
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      request(`http://127.0.0.1:${lab.hosted.port}/login`, { headers: { host: 'evil.example' } }, (response) =>
        resolve(response.statusCode),
      ).end();
    });
    expect(status).toBe(421);
  });

  test.each([
    ['?lang', { lang: 'ko' }, undefined, 'ko', '로그인'],
    ['Accept-Language', {}, 'fr;q=0.9, ko-KR;q=0.8, en;q=0.7', 'ko', '로그인'],
    ['?lang over Accept-Language', { lang: 'en' }, 'ko', 'en', 'Sign in'],
    ['nothing', {}, undefined, 'en', 'Sign in'],
  ])('the language follows %s', async (_by, changes, acceptLanguage, language, word) => {
    const { url } = await lab.visitor().open('/login', changes);
    const response = await fetch(
      url,
      acceptLanguage === undefined ? {} : { headers: { 'accept-language': acceptLanguage } },
    );
    const body = await response.text();
    expect(body).toContain(`<html lang="${language}">`);
    expect(body).toContain(word);
  });

  test('a wrong password is said once, to whoever listens', async () => {
    const visitor = lab.visitor({ language: 'ko' });
    const page = await visitor.submit(await visitor.open(), { username: freshEmail(), password: 'x' });
    expect(page.status).toBe(400);
    expect(page.body).toContain('role="alert">이메일 주소 또는 비밀번호가 올바르지 않습니다.');
  });
});
