import { mark } from '@tenantry/core/brand/palette';
import { Html, html } from '../../mail/html.ts';
import type { PageResponse } from '../../mail/page-server.ts';
import type { PasswordPolicy } from '../pool-spec.ts';
import { type Language, TEXTS, type TextKey, type Texts } from './texts.ts';

const brandMark = new Html(mark);

/** What every page needs to know of the request. */
export interface PageFrame {
  readonly language: Language;
  /** The path and query of the page itself. */
  readonly url: URL;
  readonly csrf: string;
  /** Origins or schemes to which a form may lead. */
  readonly formTargets: readonly string[];
  readonly inboxUrl: string | undefined;
}

/** What a page says on top: something that went wrong, or something that went well. */
export interface Message {
  readonly kind: 'error' | 'notice';
  /** A text of these pages, or what a function of the pool's owner said. */
  readonly text: TextKey | { readonly said: string };
}

export function textsOf({ language }: PageFrame): Texts {
  return TEXTS[language];
}

/** A link to another hosted page that carries the app's request along. */
export function pageLink(url: URL, path: string, changes: Readonly<Record<string, string | undefined>> = {}): string {
  const query = new URLSearchParams(url.search);
  query.delete('notice');
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) query.delete(name);
    else query.set(name, value);
  }
  const search = query.toString();
  return search === '' ? path : `${path}?${search}`;
}

function languageLinks({ url, language }: PageFrame): Html {
  const link = (code: Language, name: string) =>
    html`<a href="${pageLink(url, url.pathname, { lang: code })}" lang="${code}" hreflang="${code}"${
      code === language ? html` aria-current="true"` : ''
    }>${name}</a>`;
  return html`<footer>${link('en', 'English')} · ${link('ko', '한국어')}</footer>`;
}

/** A whole page around its content. */
export function page(
  frame: PageFrame,
  title: TextKey,
  content: Html,
  options: { readonly message?: Message | undefined; readonly status?: number } = {},
): PageResponse {
  const texts = textsOf(frame);
  const { message, status = message?.kind === 'error' ? 400 : 200 } = options;
  const body = html`<!doctype html>
<html lang="${frame.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${message?.kind === 'error' ? html`⚠ ` : ''}${texts[title]}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/hosted.css">
</head>
<body>
<main>
<div class="brand"><span class="mark" aria-hidden="true">${brandMark}</span>Tenantry</div>
<div class="card">
<h1>${texts[title]}</h1>
${
  message === undefined
    ? ''
    : html`<p class="message ${message.kind}" id="message" role="${message.kind === 'error' ? 'alert' : 'status'}">${typeof message.text === 'string' ? texts[message.text] : message.text.said}</p>`
}
${content}
</div>
</main>
${languageLinks(frame)}
</body>
</html>
`;
  const targets = ["'self'", ...frame.formTargets].join(' ');
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'self'; img-src data:; form-action ${targets}; frame-ancestors 'none'; base-uri 'none'`,
    },
    body: body.markup,
  };
}

/** A form that posts to the page that it is on. */
export function form(frame: PageFrame, content: Html): Html {
  return html`<form method="post" action="${pageLink(frame.url, frame.url.pathname)}">
<input type="hidden" name="_csrf" value="${frame.csrf}">
${content}
</form>`;
}

function invalid(message: Message | undefined): Html | string {
  return message?.kind === 'error' ? html` aria-invalid="true" aria-describedby="message"` : '';
}

export function emailField(frame: PageFrame, value: string, message?: Message): Html {
  return html`<div><label for="username">${textsOf(frame).email}</label>
<input id="username" name="username" type="email" autocomplete="username" inputmode="email" required maxlength="128" value="${value}"${value === '' ? html` autofocus` : ''}${invalid(message)}></div>`;
}

export interface PasswordField {
  readonly label: 'password' | 'newPassword';
  readonly autocomplete: 'current-password' | 'new-password';
  readonly aside?: Html;
  readonly policy?: PasswordPolicy;
  readonly autofocus?: boolean;
  readonly message?: Message | undefined;
}

export function passwordField(frame: PageFrame, field: PasswordField): Html {
  const label = html`<label for="password">${textsOf(frame)[field.label]}</label>`;
  return html`<div>${field.aside === undefined ? label : html`<div class="row">${label}${field.aside}</div>`}
<input id="password" name="password" type="password" autocomplete="${field.autocomplete}" required maxlength="256"${field.autofocus === true ? html` autofocus` : ''}${invalid(field.message)}></div>
${field.policy === undefined ? '' : policyHint(frame, field.policy)}`;
}

export function codeField(frame: PageFrame, message?: Message): Html {
  return html`<div><label for="code">${textsOf(frame).code}</label>
<input class="code" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" maxlength="6" required autofocus${invalid(message)}></div>`;
}

function policyHint(frame: PageFrame, policy: PasswordPolicy): Html {
  const texts = textsOf(frame);
  const rules = [
    texts.policyLength.replace('{n}', String(policy.minimumLength)),
    policy.requireLowercase ? texts.policyLowercase : '',
    policy.requireUppercase ? texts.policyUppercase : '',
    policy.requireNumbers ? texts.policyNumbers : '',
    policy.requireSymbols ? texts.policySymbols : '',
  ].filter((rule) => rule !== '');
  return html`<div class="hint">${texts.policyLead}<ul>${rules.map((rule) => html`<li>${rule}</li>`)}</ul></div>`;
}

/** Where mail goes on this machine, for pages that ask for a code. */
export function inboxHint(frame: PageFrame, email: string): Html | undefined {
  if (frame.inboxUrl === undefined) return undefined;
  const address = email === '' ? frame.inboxUrl : `${frame.inboxUrl}/?to=${encodeURIComponent(email)}`;
  return html`<p class="inbox"><a href="${address}" target="_blank" rel="noopener">${textsOf(frame).inbox}</a></p>`;
}
