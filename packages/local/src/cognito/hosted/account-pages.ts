import { html } from '../../mail/html.ts';
import type { PageResponse } from '../../mail/page-server.ts';
import { confirmForgotPassword, confirmSignUp, forgotPassword, resendConfirmation, signUp } from '../account.ts';
import { admit, advance } from '../authentication.ts';
import { hasCode } from '../errors.ts';
import {
  codeField,
  emailField,
  form,
  inboxHint,
  type Message,
  page,
  pageLink,
  passwordField,
  textsOf,
} from './pages.ts';
import { errorMessage, flowHandle, goOn, toLogin, toStep, type Visit } from './visit.ts';

const FLOW_LIFETIME_MS = 60 * 60_000;

function showSignUp(visit: Visit, message?: Message): PageResponse {
  const texts = textsOf(visit);
  const { passwordPolicy: policy } = visit.request.pool.spec;
  const fields = html`${emailField(visit, visit.form.get('username') ?? '', message)}
${passwordField(visit, { label: 'password', autocomplete: 'new-password', policy, message })}
<button>${texts.signUp}</button>`;
  const foot = html`<p class="foot">${texts.haveAccount} <a href="${pageLink(visit.url, '/login')}">${texts.signIn}</a></p>`;
  return page(visit, 'signUpTitle', html`${form(visit, fields)}${foot}`, { message });
}

export async function signUpPage(visit: Visit): Promise<PageResponse> {
  if (visit.method === 'GET') return showSignUp(visit);
  const { pool, client } = visit.request;
  try {
    const username = visit.form.get('username')?.trim() ?? '';
    const user = await signUp(visit.request, username, visit.form.get('password') ?? '');
    const flow = { clientId: client.id, step: 'CONFIRM_SIGN_UP', sub: user.sub, data: {} } as const;
    return toStep(visit, 'CONFIRM_SIGN_UP', pool.flows.begin(flow, FLOW_LIFETIME_MS));
  } catch (error) {
    return showSignUp(visit, errorMessage(error));
  }
}

/** Who is confirming: known from the sign-up or sign-in just before, in this browser and with the right password. */
function confirmingUser(visit: Visit) {
  const flow = visit.request.pool.flows.get(flowHandle(visit));
  if (flow?.step !== 'CONFIRM_SIGN_UP' || flow.clientId !== visit.request.client.id) return undefined;
  return visit.request.pool.users.find(flow.sub);
}

function showConfirm(visit: Visit, message?: Message): PageResponse {
  const texts = textsOf(visit);
  const user = confirmingUser(visit);
  const email = user?.attributes.email ?? '';
  const lead =
    user === undefined
      ? html`<p class="quiet">${texts.confirmLeadUnknown}</p>`
      : html`<p class="quiet">${texts.confirmLead} <strong>${email}</strong></p>`;
  const who = user === undefined ? emailField(visit, visit.form.get('username') ?? '') : '';
  const fields = html`${who}${codeField(visit, message)}<button>${texts.confirm}</button>`;
  const again =
    user === undefined
      ? ''
      : html`<div class="foot">${form(visit, html`<input type="hidden" name="action" value="resend"><button class="link">${texts.resend}</button>`)}</div>`;
  const content = html`${lead}${inboxHint(visit, email)}${form(visit, fields)}${again}`;
  return page(visit, 'confirmTitle', content, { message });
}

export async function confirmPage(visit: Visit): Promise<PageResponse> {
  if (visit.method === 'GET') return showConfirm(visit);
  const known = confirmingUser(visit);
  const username = known?.sub ?? visit.form.get('username')?.trim() ?? '';
  try {
    if (visit.form.get('action') === 'resend') {
      await resendConfirmation(visit.request, username);
      return showConfirm(visit, { kind: 'notice', text: 'noticeCodeSent' });
    }
    const user = confirmSignUp(visit.request, username, visit.form.get('code')?.trim() ?? '');
    if (known === undefined) return toLogin(visit, 'Confirmed');
    visit.request.pool.flows.end(flowHandle(visit));
    return goOn(visit, advance(visit.request, admit(visit.request.pool, user)));
  } catch (error) {
    return showConfirm(visit, errorMessage(error));
  }
}

function showForgot(visit: Visit, message?: Message): PageResponse {
  const texts = textsOf(visit);
  const fields = html`${emailField(visit, visit.form.get('username') ?? '', message)}<button>${texts.send}</button>`;
  const back = html`<p class="foot"><a href="${pageLink(visit.url, '/login')}">${texts.back}</a></p>`;
  return page(visit, 'forgotTitle', html`<p class="quiet">${texts.forgotLead}</p>${form(visit, fields)}${back}`, {
    message,
  });
}

export async function forgotPasswordPage(visit: Visit): Promise<PageResponse> {
  if (visit.method === 'GET') return showForgot(visit);
  const { pool, client } = visit.request;
  const username = visit.form.get('username')?.trim() ?? '';
  try {
    await forgotPassword(visit.request, username);
  } catch (error) {
    const message = errorMessage(error);
    // Whether an account is there, and in which state, is not told here; only that asking too often is refused.
    if (hasCode(error, 'LimitExceededException')) return showForgot(visit, message);
  }
  const flow = { clientId: client.id, step: 'RESET_PASSWORD', sub: '', data: { username } } as const;
  return toStep(visit, 'RESET_PASSWORD', pool.flows.begin(flow, FLOW_LIFETIME_MS));
}

function showReset(visit: Visit, username: string, message?: Message): PageResponse {
  const texts = textsOf(visit);
  const { passwordPolicy: policy } = visit.request.pool.spec;
  const fields = html`${codeField(visit, message)}
${passwordField(visit, { label: 'newPassword', autocomplete: 'new-password', policy, message })}
<button>${texts.save}</button>`;
  const content = html`<p class="quiet">${texts.resetLead} <strong>${username}</strong></p>
${inboxHint(visit, username)}${form(visit, fields)}
<p class="foot"><a href="${pageLink(visit.url, '/forgotPassword')}">${texts.resend}</a></p>`;
  return page(visit, 'resetTitle', content, { message });
}

export async function resetPasswordPage(visit: Visit): Promise<PageResponse> {
  const flow = visit.request.pool.flows.get(flowHandle(visit));
  const username = flow?.step === 'RESET_PASSWORD' ? flow.data.username : undefined;
  if (username === undefined) return toLogin(visit, 'StartOver');
  if (visit.method === 'GET') return showReset(visit, username);
  try {
    const code = visit.form.get('code')?.trim() ?? '';
    await confirmForgotPassword(visit.request, username, code, visit.form.get('password') ?? '');
    visit.request.pool.flows.end(flowHandle(visit));
    return toLogin(visit, 'PasswordChanged');
  } catch (error) {
    return showReset(visit, username, errorMessage(error));
  }
}
