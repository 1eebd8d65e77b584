import { randomBytes as cryptoRandomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { html } from '../../mail/html.ts';
import type { PageRequest, PageResponse } from '../../mail/page-server.ts';
import type { UserPools } from '../user-pool.ts';
import { answerWellKnown } from '../well-known.ts';
import { confirmPage, forgotPasswordPage, resetPasswordPage, signUpPage } from './account-pages.ts';
import { AuthorizationCodeStore } from './authorization-code-store.ts';
import { type AuthorizeRequest, parseAuthorizeRequest, withParameters } from './authorize-request.ts';
import { BrowserSessionStore } from './browser-session-store.ts';
import { COOKIES, cookie, expiredCookie, parseCookies } from './cookies.ts';
import { FEDERATION_PATH, leaveForProvider, returnFromProvider, SAML_PATH } from './federation.ts';
import { answerOAuth } from './oauth-endpoints.ts';
import { type PageFrame, page, pageLink, textsOf } from './pages.ts';
import { loginPage, mfaPage, mfaSetupPage, newPasswordPage } from './sign-in-pages.ts';
import { HOSTED_CSS } from './styles.ts';
import { chooseLanguage, type TextKey } from './texts.ts';
import { isOwnForm, redirect, returnToApp, sessionCookieName, type Visit } from './visit.ts';

export interface HostedUiOptions {
  readonly inboxUrl?: string;
  readonly hostedUiUrl?: string;
  readonly now?: () => number;
  readonly randomBytes?: (size: number) => Buffer;
}

const REFUSALS = { client: 'refusedClient', redirectUri: 'refusedRedirectUri', repeated: 'refusedRepeated' } as const;

function refused(frame: PageFrame, reason: TextKey, status = 400): PageResponse {
  const texts = textsOf(frame);
  const content = html`<p class="message error" role="alert">${texts[reason]}</p><p class="quiet">${texts.refusedLead}</p>`;
  return page(frame, 'errorTitle', content, { status });
}

/** `/oauth2/authorize`: a browser that signed in lately goes straight back, another one to the sign-in page. */
async function authorize(visit: Visit): Promise<PageResponse> {
  const { pool, prompt, redirectUri, state, identityProvider } = visit.request;
  if (identityProvider !== undefined) return leaveForProvider(visit, identityProvider);
  const handle = visit.cookies.get(sessionCookieName(pool.spec.id));
  const session = handle === undefined ? undefined : visit.browserSessions.get(pool.spec.id, handle);
  const user = session === undefined ? undefined : pool.users.find(session.sub);
  if (session !== undefined && user?.enabled === true && prompt !== 'login') {
    return returnToApp(visit, session.sub, session.authTime);
  }
  if (prompt === 'none') return redirect(withParameters(redirectUri, { error: 'login_required', state }));
  return redirect(pageLink(visit.url, '/login'));
}

const PAGES: Readonly<Record<string, (visit: Visit) => Promise<PageResponse>>> = {
  '/oauth2/authorize': authorize,
  '/login': loginPage,
  '/signup': signUpPage,
  '/confirm': confirmPage,
  '/forgotPassword': forgotPasswordPage,
  '/resetPassword': resetPasswordPage,
  '/newPassword': newPasswordPage,
  '/mfa': mfaPage,
  '/mfaSetup': mfaSetupPage,
};

/** What a form's `form-action` must name, since browsers hold redirects after a form to it as well. */
function formTarget({ redirectUri }: AuthorizeRequest): string {
  const { origin, protocol } = new URL(redirectUri);
  return origin === 'null' ? protocol : origin;
}

/**
 * The hosted pages and OAuth endpoints of every pool, as one request handler. Pages carry the app's own request in their
 * query, and it is checked again at every step.
 */
export function createHostedUi(
  database: DatabaseSync,
  pools: UserPools,
  options: HostedUiOptions,
): (request: PageRequest) => Promise<PageResponse> {
  const { now = Date.now, randomBytes = cryptoRandomBytes, inboxUrl } = options;
  const codes = new AuthorizationCodeStore(database, now, randomBytes);
  const browserSessions = new BrowserSessionStore(database, now, randomBytes);

  const frameOf = (request: PageRequest, cookies: ReadonlyMap<string, string>): PageFrame => ({
    language: chooseLanguage(request.url.searchParams.get('lang'), request.headers['accept-language']),
    url: request.url,
    csrf: cookies.get(COOKIES.csrf) ?? randomBytes(32).toString('base64url'),
    formTargets: [],
    inboxUrl,
  });

  /** Signs this browser out and sends it where the app wants, or to the sign-in page. */
  const logout = (frame: PageFrame, request: PageRequest, cookies: ReadonlyMap<string, string>): PageResponse => {
    const query = request.url.searchParams;
    const found = pools
      .all()
      .flatMap((pool) => pool.spec.clients.map((client) => ({ pool, client })))
      .find(({ client }) => client.id === query.get('client_id'));
    if (found === undefined) return refused(frame, 'refusedClient');
    const target = query.get('logout_uri');
    if (target !== null && !found.client.logoutUrls.includes(target)) return refused(frame, 'refusedLogout');
    const name = sessionCookieName(found.pool.spec.id);
    browserSessions.end(cookies.get(name) ?? '');
    const location = target ?? pageLink(request.url, '/login', { logout_uri: undefined });
    return redirect(location, [expiredCookie(name), expiredCookie(COOKIES.flow)]);
  };

  const visitOf = (
    frame: PageFrame,
    { method }: Pick<PageRequest, 'method'>,
    cookies: ReadonlyMap<string, string>,
    request: AuthorizeRequest,
  ): Visit => ({
    ...frame,
    formTargets: [formTarget(request)],
    method,
    request,
    form: new URLSearchParams(),
    cookies,
    codes,
    browserSessions,
    hostedUiUrl: options.hostedUiUrl ?? frame.url.origin,
  });

  /** The way back from an identity provider, to the request that led there. */
  const fromProvider = async (
    frame: PageFrame,
    request: PageRequest,
    cookies: ReadonlyMap<string, string>,
  ): Promise<PageResponse> => {
    const answer = await returnFromProvider(pools, { request, cookies }, (original) =>
      visitOf({ ...frame, url: original.url }, request, cookies, original.request),
    );
    return answer ?? refused(frame, 'refusedRepeated');
  };

  const visitPage = async (
    frame: PageFrame,
    request: PageRequest,
    cookies: ReadonlyMap<string, string>,
    answer: (visit: Visit) => Promise<PageResponse>,
  ): Promise<PageResponse> => {
    const parsed = parseAuthorizeRequest(pools, request.url.searchParams);
    if (parsed.kind === 'refused') return refused(frame, REFUSALS[parsed.reason]);
    if (parsed.kind === 'redirect') return redirect(parsed.location);
    const form = request.method === 'POST' ? new URLSearchParams(request.body) : new URLSearchParams();
    if (request.method === 'POST' && !isOwnForm(cookies, form)) return refused(frame, 'errorForm', 403);
    return answer({ ...visitOf(frame, request, cookies, parsed.request), form });
  };

  const route = async (
    frame: PageFrame,
    request: PageRequest,
    cookies: ReadonlyMap<string, string>,
  ): Promise<PageResponse> => {
    const path = request.url.pathname;
    if (path === '/hosted.css') return { headers: { 'content-type': 'text/css; charset=utf-8' }, body: HOSTED_CSS };
    if (path === '/logout' && request.method === 'GET') return logout(frame, request, cookies);
    if (path === FEDERATION_PATH && request.method === 'GET') return fromProvider(frame, request, cookies);
    if (path === SAML_PATH && request.method === 'POST') return fromProvider(frame, request, cookies);
    const answer = Object.hasOwn(PAGES, path) ? PAGES[path] : undefined;
    if (answer === undefined) return refused(frame, 'refusedNotFound', 404);
    if (request.method !== 'GET' && (request.method !== 'POST' || path === '/oauth2/authorize')) {
      return { status: 405, headers: { allow: path === '/oauth2/authorize' ? 'GET' : 'GET, POST' } };
    }
    return visitPage(frame, request, cookies, answer);
  };

  return async (request) => {
    const machine =
      answerWellKnown(pools, options.hostedUiUrl ?? request.url.origin, request.url.pathname) ??
      (await answerOAuth({ pools, codes }, request));
    if (machine !== undefined) return machine;
    const cookies = parseCookies(request.headers.cookie);
    const frame = frameOf(request, cookies);
    const response = await route(frame, request, cookies);
    if (cookies.has(COOKIES.csrf) || !response.headers?.['content-type']?.includes('text/html')) return response;
    return { ...response, headers: { ...response.headers, 'set-cookie': cookie(COOKIES.csrf, frame.csrf) } };
  };
}
