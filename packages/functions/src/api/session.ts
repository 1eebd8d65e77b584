import { sessionCookie } from '@tenantry/core/contract/session';
import { DomainError } from '@tenantry/core/errors/domain-error';
import { createHostedLogin, type LoginTokens } from '@tenantry/core/identity/hosted-login';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { type Cookies, serverCookie } from '../middleware/cookies.ts';

const { LOGIN_URL, CLIENT_ID, SITE_URL } = readEnvironment({
  LOGIN_URL: required,
  CLIENT_ID: required,
  SITE_URL: required,
});
const login = createHostedLogin({
  loginUrl: LOGIN_URL,
  clientId: CLIENT_ID,
  redirectUri: `${SITE_URL}/auth/callback`,
});
const over = serverCookie({ ...sessionCookie, days: 0 }, '');

/** Keeps the refresh token with the browser, and gives the page the access token alone. */
function answer(cookies: Cookies, { accessToken, refreshToken, expiresIn }: LoginTokens) {
  if (refreshToken) cookies.set(serverCookie(sessionCookie, refreshToken));
  return { accessToken, expiresIn };
}

export const handler = createApi(
  'session',
  undefined,
  {
    openSession: async ({ body, cookies }) => answer(cookies, await login.redeem(body.code, body.verifier)),
    renewSession: async ({ cookies }) => {
      const refreshToken = cookies.read(sessionCookie.name);
      if (!refreshToken) throw new DomainError('unauthenticated', 'Nobody is signed in here.');
      try {
        return answer(cookies, await login.renew(refreshToken));
      } catch (error) {
        if (error instanceof DomainError && error.code === 'unauthenticated') cookies.set(over);
        throw error;
      }
    },
    closeSession: async ({ cookies }) => {
      const refreshToken = cookies.read(sessionCookie.name);
      // Whatever becomes of the revocation, this browser is signed out.
      cookies.set(over);
      if (refreshToken) await login.revoke(refreshToken);
      return undefined;
    },
  },
  { ownOrigin: new URL(SITE_URL).origin },
);
