import type { Api, TokenSource } from '../api/client.ts';
import { ApiError } from '../api/error.ts';
import { challengeOf, randomText } from './pkce.ts';

/** A sign-in that was begun in this tab. */
interface Pending {
  readonly state: string;
  readonly verifier: string;
  readonly returnTo: string;
}

const PENDING = 'tenantry.sign-in';
/** Says that somebody is signed in in this browser, so that nobody else asks for a session that is not there. It opens nothing. */
const SIGNED_IN = 'tenantry.signed-in';
/** A token is renewed when less than this is left of it. */
const RENEW_BEFORE_MS = 60_000;

/** The session of this browser, as one tab sees it. */
export interface Session extends TokenSource {
  /** Whether somebody is signed in in this browser. */
  readonly signedIn: () => boolean;
  /** Leaves for the hosted pages. */
  start(page: 'login' | 'signup', returnTo?: string): Promise<void>;
  /** Ends what `start` began. @returns where to go next @throws {Error} when the return is not the one that was begun */
  finish(parameters: URLSearchParams): Promise<string>;
  /** Leaves for the hosted pages to end the session there too. */
  end(): Promise<void>;
  /** Another tab changed what the browser keeps. @param key of it; null when everything went */
  changedElsewhere(key: string | null): void;
}

/** The part of a browser's storage that is needed. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * The access token is kept in memory, and nowhere else. What makes a new one after a reload is the refresh token, which is in a cookie
 * that no script can read and that goes to the session function alone.
 */
export function createSession(options: {
  readonly loginUrl: string;
  readonly clientId: string;
  readonly origin: string;
  /** Calls the session function. */
  readonly api: Api;
  /** Kept as long as the tab: a sign-in that was begun in it. */
  readonly tab: Store;
  /** Shared by all tabs. */
  readonly browser: Store;
  readonly leave: (url: string) => void;
}): Session {
  const { loginUrl, clientId, origin, api, tab, browser, leave } = options;
  let access: { readonly token: string; readonly expiresAt: number } | undefined;
  let renewing: Promise<string | undefined> | undefined;
  /** The page is being left; what still runs must not begin another sign-in. */
  let leaving = false;
  const leaveFor = (url: string): void => {
    leaving = true;
    leave(url);
  };
  const signedIn = () => browser.getItem(SIGNED_IN) !== null;
  const forget = (): void => {
    access = undefined;
    browser.removeItem(SIGNED_IN);
  };
  const keep = ({ accessToken, expiresIn }: { accessToken: string; expiresIn: number }): string => {
    access = { token: accessToken, expiresAt: Date.now() + expiresIn * 1000 };
    browser.setItem(SIGNED_IN, '1');
    return accessToken;
  };

  const renew = (): Promise<string | undefined> => {
    renewing ??= (async () => {
      if (!signedIn()) return undefined;
      try {
        return keep(await api('renewSession', {}));
      } catch (error) {
        // What did not answer says nothing about the session.
        if (!(error instanceof ApiError) || error.status !== 401) throw error;
        // The session is over; whoever asks is sent to sign in again.
        forget();
        return undefined;
      }
    })().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };

  return {
    signedIn,
    token: async () => (access && access.expiresAt - RENEW_BEFORE_MS > Date.now() ? access.token : renew()),
    renew,
    async start(page, returnTo = '/') {
      if (leaving) return;
      const pending: Pending = { state: randomText(16), verifier: randomText(32), returnTo };
      tab.setItem(PENDING, JSON.stringify(pending));
      const url = new URL(page === 'signup' ? '/signup' : '/oauth2/authorize', loginUrl);
      url.search = new URLSearchParams({
        client_id: clientId,
        response_type: 'code',
        redirect_uri: `${origin}/auth/callback`,
        scope: 'openid email profile',
        state: pending.state,
        code_challenge: await challengeOf(pending.verifier),
        code_challenge_method: 'S256',
      }).toString();
      leaveFor(url.href);
    },
    async finish(parameters) {
      const stored = tab.getItem(PENDING);
      tab.removeItem(PENDING);
      // The tab's own storage: nothing but `start` writes there.
      const pending: Pending | undefined = stored ? JSON.parse(stored) : undefined;
      const code = parameters.get('code');
      if (!pending || !code || parameters.get('state') !== pending.state) {
        throw new Error(parameters.get('error_description') ?? 'This sign-in was not begun in this tab.');
      }
      keep(await api('openSession', { body: { code, verifier: pending.verifier } }));
      return pending.returnTo;
    },
    async end() {
      leaving = true;
      forget();
      // Signing out goes on at the hosted pages, whatever became of the session here.
      await api('closeSession', {}).catch(() => undefined);
      leaveFor(`${loginUrl}/logout?${new URLSearchParams({ client_id: clientId, logout_uri: `${origin}/` })}`);
    },
    changedElsewhere(key) {
      if ((key !== null && key !== SIGNED_IN) || signedIn() || leaving || !access) return;
      access = undefined;
      leaveFor(`${origin}/`);
    },
  };
}
