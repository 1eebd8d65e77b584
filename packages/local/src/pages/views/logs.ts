import type { LogLine } from '../../logs/log-line.ts';
import type { LogQuery } from '../../logs/log-store.ts';
import { badge, emptyNote, json, moment } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { IndexModel } from '../index-model.ts';
import type { Page } from '../layout.ts';

/** The filters of a log address; empty ones do not count. */
export function readLogQuery(search: URLSearchParams): LogQuery {
  const value = (name: string): string | undefined => search.get(name)?.trim().slice(0, 200) || undefined;
  return { function: value('function'), requestId: value('requestId'), tenantId: value('tenantId'), limit: 300 };
}

export function matchesLogQuery(line: LogLine, query: LogQuery): boolean {
  return (
    (query.function === undefined || line.function === query.function) &&
    (query.requestId === undefined || line.requestId === query.requestId) &&
    (query.tenantId === undefined || line.tenantId === query.tenantId)
  );
}

export async function logsPage(model: IndexModel, query: LogQuery): Promise<Page> {
  const [lines, functions] = await Promise.all([model.logs(query), model.functions()]);
  const option = (name: string): Html =>
    html`<option${name === query.function ? html` selected` : undefined}>${name}</option>`;
  const body = html`
<form class="filters" method="get" action="/logs" role="search">
<label>Function <select name="function"><option value="">All</option>${functions.map((one) => option(one.name))}</select></label>
<label>Request id <input name="requestId" value="${query.requestId}" size="36" spellcheck="false" autocomplete="off"></label>
<label>Tenant <input name="tenantId" value="${query.tenantId}" size="30" placeholder="ten_…" spellcheck="false" autocomplete="off"></label>
<button>Filter</button> <a class="clear" href="/logs">Clear</a>
<label class="follow"><input type="checkbox" id="follow" checked> Follow</label>
</form>
<ol id="log" class="log" tabindex="0" aria-label="Log lines, the newest last">${lines.map(logLine)}</ol>
${lines.length === 0 ? emptyNote('No line matches. New ones appear here as they are written.') : undefined}`;
  return { title: 'Logs', section: '/logs', body };
}

/** One line, the same on the page and in the live tail. */
export function logLine(line: LogLine): Html {
  const structured = readMessage(line.text);
  return html`<li class="${levelClass(line.level)}">${moment(line.time)} <span class="level">${badge(line.level, levelTone(line.level))}</span>
<a href="/logs?function=${encodeURIComponent(line.function)}">${line.function}</a>
<a class="quiet" href="/logs?requestId=${encodeURIComponent(line.requestId)}"><code>${line.requestId.slice(0, 8)}</code></a>
${line.tenantId === undefined ? undefined : html`<a class="quiet" href="/logs?tenantId=${encodeURIComponent(line.tenantId)}"><code>${line.tenantId}</code></a>`}
${
  structured === undefined
    ? html`<span class="text">${line.text}</span>`
    : html`<details class="entry"><summary>${structured.message}</summary><pre>${json(structured.rest)}</pre></details>`
}</li>`;
}

function readMessage(text: string): { message: string; rest: object } | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const { message, ...rest } = JSON.parse(text) as Record<string, unknown>;
    return typeof message === 'string' ? { message, rest } : undefined;
  } catch {
    return undefined;
  }
}

function levelTone(level: string) {
  if (level === 'ERROR' || level === 'CRITICAL' || level === 'FATAL') return 'bad';
  return level === 'WARN' ? 'busy' : 'plain';
}

function levelClass(level: string): string {
  return levelTone(level) === 'bad' ? 'error' : 'line';
}
