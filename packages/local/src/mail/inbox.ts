import { INBOX_CSS, INBOX_SCRIPT, inboxPage, messagePage, notFoundPage } from './inbox-pages.ts';
import type { Mailbox } from './mailbox.ts';
import type { PageRequest, PageResponse } from './page-server.ts';

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** A mail's own HTML may style itself and show pictures that it carries; it reaches nothing else. */
const MAIL_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'";

function page(body: string, status = 200): PageResponse {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_POLICY },
    body,
  };
}

function asset(type: string, body: string): PageResponse {
  return { headers: { 'content-type': `${type}; charset=utf-8` }, body };
}

function json(body: object, status = 200): PageResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function listMessages(mailbox: Mailbox, parameters: URLSearchParams): PageResponse {
  const limit = parameters.get('limit');
  if (limit !== null && !/^[1-9]\d{0,2}$/.test(limit)) return json({ error: 'limit is a number from 1 to 999' }, 400);
  const to = parameters.get('to') ?? '';
  return json({ messages: mailbox.list(limit === null ? { to } : { to, limit: Number(limit) }) });
}

/** Answers one request to the inbox. Only reading is possible. */
export function handleInbox(mailbox: Mailbox, { method, url }: PageRequest): PageResponse {
  if (method !== 'GET') return { status: 405, headers: { allow: 'GET' }, body: 'The inbox can only be read.' };
  if (url.pathname === '/inbox.css') return asset('text/css', INBOX_CSS);
  if (url.pathname === '/inbox.js') return asset('text/javascript', INBOX_SCRIPT);
  if (url.pathname === '/api/messages') return listMessages(mailbox, url.searchParams);

  const search = url.searchParams.get('to') ?? '';
  const newest = mailbox.list({ limit: 1 })[0]?.id ?? '';
  if (url.pathname === '/') return page(inboxPage(mailbox.list({ to: search }), search, newest));

  const [, scope, id, part] = /^\/(messages|api\/messages)\/([\w-]{1,64})(\/html)?$/.exec(url.pathname) ?? [];
  const mail = id === undefined ? undefined : mailbox.get(id);
  if (mail === undefined)
    return scope === 'api/messages' ? json({ error: 'no such mail' }, 404) : page(notFoundPage(), 404);
  if (scope === 'api/messages') return json(mail);
  if (part === undefined) return page(messagePage(mail, mailbox.list({ to: search }), search, newest));
  return {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': MAIL_POLICY,
      'x-frame-options': 'SAMEORIGIN',
    },
    body: mail.html,
  };
}
