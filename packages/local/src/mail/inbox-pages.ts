import { type Html, html } from './html.ts';
import type { ReceivedMail } from './mailbox.ts';
import { THEME_CSS } from './theme.ts';

export const INBOX_CSS = `${THEME_CSS}
header { background: var(--surface); border-bottom: 1px solid var(--line); }
header .bar { max-width: 72rem; margin: 0 auto; padding: 0.875rem 1.25rem; display: flex; flex-wrap: wrap; gap: 0.75rem 1.5rem; align-items: center; }
header a.name { color: inherit; text-decoration: none; font-weight: 700; font-size: 1.125rem; }
.empty h2 { font-size: 1.25rem; }
main > h1 { margin-bottom: -0.25rem; }
form.search { display: flex; gap: 0.5rem; flex: 1 1 18rem; max-width: 28rem; margin-left: auto; }
main { max-width: 72rem; margin: 0 auto; padding: 1.25rem; display: grid; gap: 1.25rem; }
@media (min-width: 60rem) { main.split { grid-template-columns: 22rem minmax(0, 1fr); align-items: start; } }
@media (max-width: 59.99rem) { main.split nav { display: none; } }
ol.mails { list-style: none; margin: 0; padding: 0; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
ol.mails li + li { border-top: 1px solid var(--line); }
ol.mails a { display: block; padding: 0.75rem 1rem; color: inherit; text-decoration: none; }
ol.mails a:hover, ol.mails a[aria-current='page'] { background: var(--accent-soft); }
ol.mails a:focus-visible { outline-offset: -3px; }
ol.mails .top { display: flex; justify-content: space-between; gap: 1rem; font-size: 0.875rem; }
ol.mails time { white-space: nowrap; }
ol.mails .subject { font-weight: 600; overflow-wrap: anywhere; }
ol.mails .to { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: 1.25rem 1.5rem; }
.empty { max-width: 38rem; margin: 0 auto; padding: 2rem 1.5rem; text-align: center; display: grid; gap: 0.75rem; justify-items: center; }
.empty .mark { font-size: 2.5rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.25rem 1rem; margin: 0.75rem 0 0; font-size: 0.875rem; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
.part { margin-top: 1.25rem; } .part h2 { font-size: 0.875rem; color: var(--quiet); margin-bottom: 0.5rem; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; background: var(--ground); border-radius: 8px; padding: 1rem; }
iframe { display: block; width: 100%; height: 18rem; border: 1px solid var(--line); border-radius: 8px; background: #fff; }
`;

/** Reloads the list when a mail arrived, unless the reader is typing. */
export const INBOX_SCRIPT = `
const newest = document.documentElement.dataset.newest;
setInterval(async () => {
  if (document.hidden || document.activeElement instanceof HTMLInputElement) return;
  const answer = await fetch('/api/messages?limit=1').catch(() => undefined);
  const id = answer?.ok ? (await answer.json()).messages[0]?.id ?? '' : newest;
  if (id !== newest) location.reload();
}, 2000);
`;

function moment(time: string): Html {
  return html`<time datetime="${time}">${time.slice(0, 10)} ${time.slice(11, 16)} UTC</time>`;
}

function layout(title: string, search: string, newest: string, main: Html): string {
  return html`<!doctype html>
<html lang="en" data-newest="${newest}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/inbox.css">
<script src="/inbox.js" defer></script>
</head>
<body>
<header><div class="bar">
<a class="name" href="/">Tenantry local inbox</a>
<form class="search" method="get" action="/" role="search">
<label class="visually-hidden" for="to">Recipient</label>
<input id="to" name="to" type="search" value="${search}" placeholder="Find by recipient" autocomplete="off">
<button>Find</button>
</form>
</div></header>
${main}
</body>
</html>
`.markup;
}

function list(mails: readonly ReceivedMail[], search: string, current?: string): Html {
  const suffix = search === '' ? '' : `?to=${encodeURIComponent(search)}`;
  return html`<ol class="mails">${mails.map(
    (mail) => html`<li><a href="/messages/${mail.id}${suffix}"${mail.id === current ? html` aria-current="page"` : ''}>
<span class="top quiet"><span class="to">${mail.to.join(', ')}</span>${moment(mail.receivedAt)}</span>
<span class="subject">${mail.subject === '' ? '(no subject)' : mail.subject}</span>
</a></li>`,
  )}</ol>`;
}

function empty(search: string): Html {
  if (search !== '') {
    return html`<div class="card empty"><h2>No mail to “${search}”</h2>
<p class="quiet">The search looks at recipients only. <a href="/">Show every mail</a></p></div>`;
  }
  return html`<div class="card empty"><div class="mark" aria-hidden="true">✉</div><h2>No mail yet</h2>
<p class="quiet">Nothing leaves this machine: every mail that the product or its sign-up pages send arrives here instead.
Create an account on the hosted sign-up page, and its six-digit code appears in this list by itself.</p>
<p class="quiet">Tests read the same mails from <code>GET /api/messages?to=someone@example.com</code>.</p></div>`;
}

/** The list of mails, newest first. */
export function inboxPage(mails: readonly ReceivedMail[], search: string, newest: string): string {
  const main = mails.length === 0 ? empty(search) : list(mails, search);
  return layout('Tenantry local inbox', search, newest, html`<main><h1>Inbox</h1>${main}</main>`);
}

/** One mail beside the list. Its HTML is shown in a frame without scripts, forms or an origin. */
export function messagePage(
  mail: ReceivedMail,
  mails: readonly ReceivedMail[],
  search: string,
  newest: string,
): string {
  const article = html`<article class="card">
<h1>${mail.subject === '' ? '(no subject)' : mail.subject}</h1>
<dl><dt>To</dt><dd>${mail.to.join(', ')}</dd><dt>From</dt><dd>${mail.from}</dd><dt>Received</dt><dd>${moment(mail.receivedAt)}</dd>${Object.entries(mail.headers).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
${
  mail.html === ''
    ? ''
    : html`<section class="part"><h2>HTML</h2><iframe sandbox title="HTML of the mail" src="/messages/${mail.id}/html"></iframe></section>`
}
${mail.text === '' ? '' : html`<section class="part"><h2>Text</h2><pre>${mail.text}</pre></section>`}
</article>`;
  return layout(
    `${mail.subject} · Tenantry local inbox`,
    search,
    newest,
    html`<main class="split"><nav aria-label="Mails">${list(mails, search, mail.id)}</nav>${article}</main>`,
  );
}

export function notFoundPage(): string {
  return layout(
    'Not found · Tenantry local inbox',
    '',
    '',
    html`<main><div class="card empty"><h1>This mail is not here</h1><p class="quiet">It may have been forgotten by a fresh start. <a href="/">Back to the inbox</a></p></div></main>`,
  );
}
