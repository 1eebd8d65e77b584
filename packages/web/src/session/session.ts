import { z } from 'zod';
import type { TokenSource } from '../api/client.ts';
import { challengeOf, randomText } from './pkce.ts';

const tokensSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  expires_in: z.number(),
});

const pendingSchema = z.object({ state: z.string(), verifier: z.string(), returnTo: z.string() });

const PENDING = 'tenantry.sign-in';
const REFRESH = 'tenantry.refresh';
/** A token is renewed when less than this is left of it. */
const RENEW_BEFORE_MS = 60_000;

/** The session of this tab. */
export interface Session extends TokenSource {
  /** Whether somebody is, or was in this tab, signed in. */
  readonly signedIn: () => boolean;
  /** Leaves for the hosted pages. */
  start(page: 'login' | 'signup', returnTo?: string): Promise<void>;
  /** Ends what `start` began. @returns where to go next @throws {Error} when the return is not the one that was begun */
  finish(parameters: URLSearchParams): Promise<string>;
  /** Leaves for the hosted pages to end the session there too. */
  end(): Promise<void>;
}

/**
 * The access token is kept in memory. The refresh token is kept in the tab's session storage, so that a reload keeps the
 * session; it ends with the tab.
 */
export function createSession(options: {
  readonly loginUrl: string;
  readonly clientId: string;
  readonly origin: string;
  readonly storage: Storage;
  readonly leave: (url: string) => void;
}): Session {
  const { loginUrl, clientId, origin, storage, leave } = options;
  const redirectUri = `${origin}/auth/callback`;
  let access: { readonly token: string; readonly expiresAt: number } | undefined;
  let renewing: Promise<string | undefined> | undefined;
  /** The page is being left; what still runs must not begin another sign-in. */
  let leaving = false;
  const leaveFor = (url: string): void => {
    leaving = true;
    leave(url);
  };

  const exchange = async (parameters: Record<string, string>): Promise<string> => {
    const response = await fetch(`${loginUrl}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: clientId, ...parameters }),
    });
    if (!response.ok) throw new Error(`The sign-in was refused (${response.status}).`);
    const tokens = tokensSchema.parse(await response.json());
    access = { token: tokens.access_token, expiresAt: Date.now() + tokens.expires_in * 1000 };
    if (tokens.refresh_token) storage.setItem(REFRESH, tokens.refresh_token);
    return tokens.access_token;
  };

  const renew = (): Promise<string | undefined> => {
    renewing ??= (async () => {
      const refreshToken = storage.getItem(REFRESH);
      if (!refreshToken) return undefined;
      try {
        return await exchange({ grant_type: 'refresh_token', refresh_token: refreshToken });
      } catch {
        // The session is over; whoever asks is sent to sign in again.
        access = undefined;
        storage.removeItem(REFRESH);
        return undefined;
      }
    })().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };

  return {
    signedIn: () => access !== undefined || storage.getItem(REFRESH) !== null,
    token: async () => (access && access.expiresAt - RENEW_BEFORE_MS > Date.now() ? access.token : renew()),
    renew,
    async start(page, returnTo = '/') {
      if (leaving) return;
      const pending = { state: randomText(16), verifier: randomText(32), returnTo };
      storage.setItem(PENDING, JSON.stringify(pending));
      const url = new URL(page === 'signup' ? '/signup' : '/oauth2/authorize', loginUrl);
      url.search = new URLSearchParams({
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state: pending.state,
        code_challenge: await challengeOf(pending.verifier),
        code_challenge_method: 'S256',
      }).toString();
      leaveFor(url.href);
    },
    async finish(parameters) {
      const stored = storage.getItem(PENDING);
      storage.removeItem(PENDING);
      const pending = pendingSchema.safeParse(stored ? JSON.parse(stored) : undefined);
      const code = parameters.get('code');
      if (!pending.success || !code || parameters.get('state') !== pending.data.state) {
        throw new Error(parameters.get('error_description') ?? 'This sign-in was not begun in this tab.');
      }
      await exchange({
        grant_type: 'authorization_code',
        code,
        code_verifier: pending.data.verifier,
        redirect_uri: redirectUri,
      });
      return pending.data.returnTo;
    },
    async end() {
      leaving = true;
      const refreshToken = storage.getItem(REFRESH);
      access = undefined;
      storage.removeItem(REFRESH);
      if (refreshToken) {
        // Signing out must not fail because the token was over already.
        await fetch(`${loginUrl}/oauth2/revoke`, {
          method: 'POST',
          body: new URLSearchParams({ token: refreshToken, client_id: clientId }),
        }).catch(() => undefined);
      }
      leaveFor(`${loginUrl}/logout?${new URLSearchParams({ client_id: clientId, logout_uri: `${origin}/` })}`);
    },
  };
}
