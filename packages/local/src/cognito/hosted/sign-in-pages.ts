import { html } from '../../mail/html.ts';
import type { PageResponse } from '../../mail/page-server.ts';
import { sendCode } from '../account.ts';
import { advance, answerMfaSetup, answerNewPassword, answerTotp, checkPassword, openStep } from '../authentication.ts';
import { hasCode, limitExceeded } from '../errors.ts';
import type { FlowStep } from '../flow-store.ts';
import { associateSoftwareToken, verifySoftwareToken } from '../software-token.ts';
import type { User } from '../user-store.ts';
import { codeField, emailField, form, type Message, page, pageLink, passwordField, textsOf } from './pages.ts';
import { errorMessage, flowHandle, goOn, toLogin, toStep, type Visit } from './visit.ts';

const CONFIRM_LIFETIME_MS = 60 * 60_000;

const NOTICES = {
  PasswordChanged: 'noticePasswordChanged',
  Confirmed: 'noticeConfirmed',
  StartOver: 'noticeStartOver',
} as const;

function notice(visit: Visit): Message | undefined {
  const name = visit.url.searchParams.get('notice') ?? '';
  return Object.hasOwn(NOTICES, name) ? { kind: 'notice', text: NOTICES[name as keyof typeof NOTICES] } : undefined;
}

function showLogin(visit: Visit, message = notice(visit)): PageResponse {
  const texts = textsOf(visit);
  const email = visit.form.get('username') ?? visit.url.searchParams.get('login_hint') ?? '';
  const forgot = html`<a href="${pageLink(visit.url, '/forgotPassword')}">${texts.forgotLink}</a>`;
  const fields = html`${emailField(visit, email, message)}
${passwordField(visit, { label: 'password', autocomplete: 'current-password', aside: forgot, autofocus: email !== '', message })}
<button>${texts.signIn}</button>`;
  const foot =
    visit.request.pool.spec.adminCreateUserOnly === true
      ? ''
      : html`<p class="foot">${texts.noAccount} <a href="${pageLink(visit.url, '/signup')}">${texts.signUp}</a></p>`;
  return page(visit, 'signInTitle', html`${form(visit, fields)}${foot}`, { message });
}

/** The right password of an address that was never confirmed leads on to confirming it. */
async function toConfirmation(visit: Visit, username: string): Promise<PageResponse> {
  const { pool, client } = visit.request;
  const user = pool.users.find(username);
  if (user === undefined) return toLogin(visit, 'StartOver');
  await sendCode(pool, user, 'SIGN_UP').catch((error: unknown) => {
    // The last code that was sent may still be good.
    if (!hasCode(error, limitExceeded().code)) throw error;
  });
  const flow = { clientId: client.id, step: 'CONFIRM_SIGN_UP', sub: user.sub, data: {} } as const;
  return toStep(visit, 'CONFIRM_SIGN_UP', pool.flows.begin(flow, CONFIRM_LIFETIME_MS));
}

export async function loginPage(visit: Visit): Promise<PageResponse> {
  if (visit.method === 'GET') return showLogin(visit);
  const username = visit.form.get('username')?.trim() ?? '';
  try {
    const user = await checkPassword(visit.request, username, visit.form.get('password') ?? '');
    return goOn(visit, advance(visit.request, user));
  } catch (error) {
    if (hasCode(error, 'UserNotConfirmedException')) return toConfirmation(visit, username);
    return showLogin(visit, errorMessage(error));
  }
}

function showNewPassword(visit: Visit, message?: Message): PageResponse {
  const texts = textsOf(visit);
  const field = passwordField(visit, {
    label: 'newPassword',
    autocomplete: 'new-password',
    policy: visit.request.pool.spec.passwordPolicy,
    autofocus: true,
    message,
  });
  const content = html`<p class="quiet">${texts.newPasswordLead}</p>${form(visit, html`${field}<button>${texts.save}</button>`)}`;
  return page(visit, 'newPasswordTitle', content, { message });
}

function showMfa(visit: Visit, message?: Message): PageResponse {
  const texts = textsOf(visit);
  const fields = html`${codeField(visit, message)}<button>${texts.confirm}</button>`;
  const back = html`<p class="foot"><a href="${pageLink(visit.url, '/login')}">${texts.back}</a></p>`;
  return page(visit, 'mfaTitle', html`<p class="quiet">${texts.mfaLead}</p>${form(visit, fields)}${back}`, { message });
}

function showMfaSetup(visit: Visit, user: User, message?: Message): PageResponse {
  const texts = textsOf(visit);
  const secret = user.totpPending ?? associateSoftwareToken(visit.request.pool, user);
  const label = encodeURIComponent(`Tenantry:${user.attributes.email ?? user.sub}`);
  const uri = `otpauth://totp/${label}?secret=${secret}&issuer=Tenantry`;
  const key = html`<div><p class="hint">${texts.mfaKey}</p><code class="key">${secret.match(/.{1,4}/g)?.join(' ')}</code>
<p class="hint"><a href="${uri}">${texts.mfaOpen}</a></p></div>`;
  const fields = html`${codeField(visit, message)}<button>${texts.confirm}</button>`;
  const content = html`<p class="quiet">${texts.mfaSetupLead}</p>${key}${form(visit, fields)}`;
  return page(visit, 'mfaSetupTitle', content, { message });
}

/** A page of a step within a sign-in; whoever comes without the step, or too late, starts over. */
function stepPage(
  step: FlowStep,
  show: (visit: Visit, user: User, message?: Message) => PageResponse,
  submit: (visit: Visit, handle: string, user: User) => Promise<PageResponse>,
): (visit: Visit) => Promise<PageResponse> {
  const current = (visit: Visit): User | undefined => {
    try {
      return openStep(visit.request, flowHandle(visit), step).user;
    } catch (error) {
      if (hasCode(error, 'NotAuthorizedException')) return undefined;
      throw error;
    }
  };
  return async (visit) => {
    const user = current(visit);
    if (user === undefined) return toLogin(visit, 'StartOver');
    if (visit.method === 'GET') return show(visit, user);
    try {
      return await submit(visit, flowHandle(visit), user);
    } catch (error) {
      const message = errorMessage(error);
      const still = current(visit);
      return still === undefined ? toLogin(visit, 'StartOver') : show(visit, still, message);
    }
  };
}

export const newPasswordPage = stepPage(
  'NEW_PASSWORD_REQUIRED',
  (visit, _user, message) => showNewPassword(visit, message),
  async (visit, handle) =>
    goOn(visit, await answerNewPassword(visit.request, handle, visit.form.get('password') ?? '')),
);

export const mfaPage = stepPage(
  'SOFTWARE_TOKEN_MFA',
  (visit, _user, message) => showMfa(visit, message),
  async (visit, handle) => goOn(visit, answerTotp(visit.request, handle, visit.form.get('code')?.trim() ?? '')),
);

export const mfaSetupPage = stepPage('MFA_SETUP', showMfaSetup, async (visit, handle, user) => {
  verifySoftwareToken(visit.request.pool, user, visit.form.get('code')?.trim() ?? '');
  return goOn(visit, answerMfaSetup(visit.request, handle));
});
