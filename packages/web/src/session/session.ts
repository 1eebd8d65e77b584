import { ssoLinked } from '@tenantry/core/contract/sso-linked';
import type { Api, TokenSource } from '../api/client.ts';
import { ApiError } from '../api/error.ts';
import { challengeOf, randomText } from './pkce.ts';

/** A sign-in that was begun in this tab. */
interface Pending {
  readonly state: string;
  readonly verifier: string;
  readonly returnTo: string;
  /** Of a company, where the sign-in is not by a password. */
  readonly provider?: string;
  /** Set for the second attempt, after the first has linked the provider to a user. */
  readonly again?: boolean;
}

const PENDING = 'tenantry.sign-in';
/** Says that somebody is signed in in this browser, so that nobody else asks for a session that is not there. It opens nothing. */
const SIGNED_IN = 'tenantry.signed-in';
/** The provider that signed somebody in last in this browser; empty for a password. */
const WAY = 'tenantry.sign-in-way';
/** A token is renewed when less than this is left of it. */
const RENEW_BEFORE_MS = 60_000;

/** What a trigger of the user pool said, without what the pool puts around it; undefined for what the pool says itself. */
const triggerWords = (description: string): string | undefined =>
  /^\w+ failed with error (.+?\.)\.?$/.exec(description)?.[1];

/** The session of this browser, as one tab sees it. */
export interface Session extends TokenSource {
  /** Whether somebody is signed in in this browser. */
  readonly signedIn: () => boolean;
  /** Leaves for the hosted sign-up, or for the way of signing in that this browser took last; for the page that asks where it took none. */
  start(page: 'login' | 'signup', returnTo?: string): Promise<void>;
  /** Leaves for the page that asks who signs in. */
  ask(returnTo: string): void;
  /** Leaves for a company's provider, or for the sign-in by password. @param email filled in there */
  startBy(provider: string | null, options: { readonly returnTo: string; readonly email?: string }): Promise<void>;
  /** Ends what `start` began. @returns where to go next; undefined when the browser is on its way already @throws {Error} when the return is not the one that was begun */
  finish(parameters: URLSearchParams): Promise<string | undefined>;
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
  /** The session ended since the way that began it is not allowed any more, which the page that asks who signs in says. */
  let refused = false;
  /** Somebody signs out here. */
  let ending = false;
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
        const renewed = await api('renewSession', {});
        // Whoever signs out meanwhile stays signed out.
        return ending ? undefined : keep(renewed);
      } catch (error) {
        // What did not answer says nothing about the session.
        if (!(error instanceof ApiError) || (error.status !== 401 && error.status !== 403)) throw error;
        // The session is over; whoever asks is sent to sign in again, and by another way when this one is not allowed any more.
        forget();
        if (error.status === 403) {
          refused = true;
          browser.removeItem(WAY);
        }
        return undefined;
      }
    })().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };

  const leaveForHosted = async (
    path: '/signup' | '/oauth2/authorize',
    pending: Omit<Pending, 'state' | 'verifier'>,
    email = '',
  ): Promise<void> => {
    if (leaving) return;
    const { state, verifier } = { state: randomText(16), verifier: randomText(32) };
    tab.setItem(PENDING, JSON.stringify({ ...pending, state, verifier } satisfies Pending));
    const url = new URL(path, loginUrl);
    url.search = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: `${origin}/auth/callback`,
      scope: 'openid email profile',
      state,
      code_challenge: await challengeOf(verifier),
      code_challenge_method: 'S256',
      ...(pending.provider ? { identity_provider: pending.provider } : {}),
      ...(email ? { login_hint: email } : {}),
    }).toString();
    leaveFor(url.href);
  };
  const ask = (returnTo: string): void => {
    const said = { to: returnTo, ...(refused ? { ended: '' } : {}) };
    if (!leaving) leaveFor(`${origin}/sign-in?${new URLSearchParams(said)}`);
  };

  return {
    signedIn,
    token: async () => (access && access.expiresAt - RENEW_BEFORE_MS > Date.now() ? access.token : renew()),
    renew,
    ask,
    async start(page, returnTo = '/') {
      if (page === 'signup') return leaveForHosted('/signup', { returnTo });
      const way = browser.getItem(WAY);
      // Whoever is new here may be of a company that has a sign-in of its own.
      if (way === null) return ask(returnTo);
      return leaveForHosted('/oauth2/authorize', { returnTo, ...(way ? { provider: way } : {}) });
    },
    startBy: (provider, { returnTo, email }) =>
      leaveForHosted('/oauth2/authorize', { returnTo, ...(provider ? { provider } : {}) }, email),
    async finish(parameters) {
      const stored = tab.getItem(PENDING);
      tab.removeItem(PENDING);
      // The tab's own storage: nothing but `start` writes there.
      const pending: Pending | undefined = stored ? JSON.parse(stored) : undefined;
      const code = parameters.get('code');
      const refusal = parameters.get('error_description');
      if (!pending || parameters.get('state') !== pending.state || !(code || refusal)) {
        throw new Error('This sign-in was not begun in this tab.');
      }
      if (refusal?.includes(ssoLinked) && pending.provider && !pending.again) {
        const { returnTo, provider } = pending;
        await leaveForHosted('/oauth2/authorize', { returnTo, provider, again: true });
        return undefined;
      }
      if (!code) {
        // A way that leads nowhere is not taken by itself again.
        browser.removeItem(WAY);
        const said = triggerWords(refusal ?? '');
        if (!said && pending.provider && parameters.get('error') === 'invalid_request') {
          // The user pool has this provider no longer.
          refused = true;
          ask(pending.returnTo);
          return undefined;
        }
        throw new Error(said ?? refusal ?? '');
      }
      keep(await api('openSession', { body: { code, verifier: pending.verifier } }));
      browser.setItem(WAY, pending.provider ?? '');
      return pending.returnTo;
    },
    async end() {
      leaving = true;
      ending = true;
      forget();
      // A renewal that is under way would put its cookie in the place of the one that is taken away.
      await renewing?.catch(() => undefined);
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
