import { timingSafeEqual } from 'node:crypto';
import { AwsError } from '../../aws/engine.ts';
import type { PageResponse } from '../../mail/page-server.ts';
import type { Progress } from '../authentication.ts';
import type { FlowStep } from '../flow-store.ts';
import type { AuthorizationCodeStore } from './authorization-code-store.ts';
import { type AuthorizeRequest, withParameters } from './authorize-request.ts';
import { BROWSER_SESSION_SECONDS, type BrowserSessionStore } from './browser-session-store.ts';
import { COOKIES, cookie, expiredCookie } from './cookies.ts';
import { type Message, type PageFrame, pageLink } from './pages.ts';
import type { TextKey } from './texts.ts';

/** One request to a hosted page that an app sent the browser to. */
export interface Visit extends PageFrame {
  readonly method: string;
  readonly request: AuthorizeRequest;
  /** What was posted; empty otherwise. */
  readonly form: URLSearchParams;
  readonly cookies: ReadonlyMap<string, string>;
  readonly codes: AuthorizationCodeStore;
  readonly browserSessions: BrowserSessionStore;
  /** Where these pages are, without a trailing slash. */
  readonly hostedUiUrl: string;
}

const STEP_PATHS: Readonly<Partial<Record<FlowStep, string>>> = {
  NEW_PASSWORD_REQUIRED: '/newPassword',
  SOFTWARE_TOKEN_MFA: '/mfa',
  MFA_SETUP: '/mfaSetup',
  CONFIRM_SIGN_UP: '/confirm',
  RESET_PASSWORD: '/resetPassword',
};

/** How an error of Cognito is said to a person: by its message where one code has several meanings. */
const MESSAGES: Readonly<Record<string, TextKey>> = {
  'Incorrect username or password.': 'errorCredentials',
  'Password attempts exceeded': 'errorLocked',
  'User is disabled.': 'errorDisabled',
  'SignUp is not permitted for this user pool': 'errorClosed',
  'Temporary password has expired and must be reset by an administrator.': 'errorTemporary',
  'Username should be an email.': 'errorEmail',
  'Your software token has already been used once.': 'errorCodeUsed',
  UsernameExistsException: 'errorExists',
  InvalidPasswordException: 'errorPolicy',
  PasswordResetRequiredException: 'errorReset',
  CodeMismatchException: 'errorCode',
  EnableSoftwareTokenMFAException: 'errorCode',
  ExpiredCodeException: 'errorCodeExpired',
  LimitExceededException: 'errorLimit',
};

/** What a trigger that refused somebody said, without what the pool puts around it. */
const triggerWords = ({ code, message }: AwsError): string | undefined =>
  code === 'UserLambdaValidationException' ? /^\w+ failed with error (.+?\.)\.?$/s.exec(message)?.[1] : undefined;

/** @throws what is not an error of Cognito's: a fault of ours is never dressed up as the person's */
export function errorMessage(error: unknown): Message {
  if (!(error instanceof AwsError)) throw error;
  const said = triggerWords(error);
  if (said !== undefined) return { kind: 'error', text: { said } };
  return { kind: 'error', text: MESSAGES[error.message] ?? MESSAGES[error.code] ?? 'errorOther' };
}

export function redirect(location: string, cookies: readonly string[] = []): PageResponse {
  return { status: 302, headers: { location, ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}) } };
}

/** The cookie that carries a browser's session with one pool. */
export function sessionCookieName(poolId: string): string {
  return `${COOKIES.session}_${poolId}`;
}

/** Whether a posted form is one that these pages gave to this browser. */
export function isOwnForm(cookies: ReadonlyMap<string, string>, form: URLSearchParams): boolean {
  const expected = Buffer.from(cookies.get(COOKIES.csrf) ?? '');
  const given = Buffer.from(form.get('_csrf') ?? '');
  return expected.length > 0 && expected.length === given.length && timingSafeEqual(expected, given);
}

export function flowHandle(visit: Visit): string {
  return visit.cookies.get(COOKIES.flow) ?? '';
}

/** Goes to the page of a step, whose handle the browser keeps in a cookie. */
export function toStep(visit: Visit, step: FlowStep, handle: string): PageResponse {
  return redirect(pageLink(visit.url, STEP_PATHS[step] ?? '/login'), [cookie(COOKIES.flow, handle)]);
}

export function toLogin(visit: Visit, notice: 'PasswordChanged' | 'Confirmed' | 'StartOver'): PageResponse {
  return redirect(pageLink(visit.url, '/login', { notice }), [expiredCookie(COOKIES.flow)]);
}

/** Sends the browser back to the app with a code for a user. */
export function returnToApp(
  visit: Visit,
  sub: string,
  authTime: number,
  cookies: readonly string[] = [],
): PageResponse {
  const { pool, client, redirectUri, scopes, nonce, codeChallenge, state } = visit.request;
  const code = visit.codes.issue({
    poolId: pool.spec.id,
    clientId: client.id,
    sub,
    redirectUri,
    scopes,
    nonce,
    codeChallenge,
    authTime,
  });
  return redirect(withParameters(redirectUri, { code, state }), cookies);
}

/** The end of a sign-in: the next step, or back to the app with this browser remembered. */
export function goOn(visit: Visit, progress: Progress): PageResponse {
  if (progress.kind === 'step') return toStep(visit, progress.step, progress.handle);
  const { pool } = visit.request;
  const { sub } = progress.user;
  const authTime = Math.floor(pool.now() / 1000);
  const handle = visit.browserSessions.begin(pool.spec.id, { sub, authTime });
  return returnToApp(visit, sub, authTime, [
    cookie(sessionCookieName(pool.spec.id), handle, BROWSER_SESSION_SECONDS),
    expiredCookie(COOKIES.flow),
  ]);
}
