import { badge, duration, emptyNote, moment, shortCaller } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { IndexModel } from '../index-model.ts';
import type { Page } from '../layout.ts';
import { executionTable } from './executions.ts';

/** What is running, where to open it, and what happened last. */
export async function overviewPage(model: IndexModel): Promise<Page> {
  const [links, tables, executions, functions, denied] = await Promise.all([
    model.links(),
    model.tables(),
    model.executions(5),
    model.functions(),
    model.calls({ denied: true, limit: 5 }),
  ]);
  const invocations = functions
    .flatMap(({ name, invocations: recent }) => recent.map((one) => ({ ...one, name })))
    .sort((a, b) => b.startedAt - a.startedAt);
  const items = tables.reduce((sum, table) => sum + table.itemCount, 0);
  const body = html`
<ul class="cards">${links.map(
    ({ title, url, note }) =>
      html`<li><a href="${url}"><strong>${title}</strong><span>${note}</span><code>${url}</code></a></li>`,
  )}</ul>
<dl class="figures">
${figure('Functions', functions.length, '/functions')}
${figure('Tables', tables.length, '/tables')}
${figure('Items', items, '/tables')}
${figure('Running executions', executions.filter((one) => one.status === 'RUNNING').length, '/executions')}
${figure('Denied calls', denied.length === 5 ? '5+' : denied.length, '/calls?denied=1')}
</dl>
<section aria-labelledby="recent-executions"><h2 id="recent-executions">Recent executions</h2>
${executionTable(executions)}</section>
<section aria-labelledby="recent-invocations"><h2 id="recent-invocations">Recent invocations</h2>
${invocations.length === 0 ? emptyNote('No function has run yet.') : invocationTable(invocations.slice(0, 8))}</section>
<section aria-labelledby="recent-denials"><h2 id="recent-denials">Denied calls</h2>
${
  denied.length === 0
    ? emptyNote('No call has been denied.')
    : html`<ul class="denials">${denied.map(
        (call) =>
          html`<li>${moment(call.time)} <code>${call.service}:${call.operation}</code> <span class="quiet">by</span> ${shortCaller(call.caller)}</li>`,
      )}</ul>`
}</section>`;
  return { title: 'Overview', section: '/', body, refreshMs: 3000 };
}

function figure(label: string, value: number | string, href: string): Html {
  return html`<div><dt><a href="${href}">${label}</a></dt><dd>${typeof value === 'number' ? value.toLocaleString('en') : value}</dd></div>`;
}

function invocationTable(
  invocations: readonly {
    name: string;
    requestId: string;
    startedAt: number;
    durationMs: number;
    error?: string | undefined;
  }[],
): Html {
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">Time</th><th scope="col">Function</th><th scope="col">Request</th><th scope="col" class="number">Duration</th><th scope="col">Result</th></tr></thead>
<tbody>${invocations.map(
    (one) => html`<tr><td>${moment(one.startedAt)}</td><td>${one.name}</td>
<td><a href="/logs?requestId=${one.requestId}"><code>${one.requestId.slice(0, 8)}</code></a></td>
<td class="number">${duration(one.durationMs)}</td>
<td>${one.error === undefined ? badge('ok', 'good') : html`${badge('error', 'bad')} ${one.error}`}</td></tr>`,
  )}</tbody></table></div>`;
}
