import { badge, duration, emptyNote, moment, shortCaller } from '../format.ts';
import { html } from '../html.ts';
import type { IndexModel } from '../index-model.ts';
import type { Page } from '../layout.ts';

export async function callsPage(model: IndexModel, denied: boolean): Promise<Page> {
  const calls = await model.calls({ denied, limit: 200 });
  const tab = (href: string, title: string, current: boolean) =>
    html`<a href="${href}"${current ? html` aria-current="true"` : undefined}>${title}</a>`;
  const body = html`
<nav class="tabs" aria-label="Which calls">${tab('/calls?denied=1', 'Denied', denied)} ${tab('/calls', 'All', !denied)}</nav>
${
  calls.length === 0
    ? emptyNote(denied ? 'No call has been denied.' : 'Nothing has called AWS yet.')
    : html`<div class="scroll"><table>
<thead><tr><th scope="col">Time</th><th scope="col">Call</th><th scope="col">Caller</th><th scope="col">Needs</th><th scope="col" class="number">Took</th><th scope="col">Decision</th></tr></thead>
<tbody>${calls.map(
        (call) => html`<tr><td>${moment(call.time)}</td><td><code>${call.service}:${call.operation}</code></td>
<td title="${call.caller}">${shortCaller(call.caller)}</td>
<td><ul class="needs">${call.requires.map(({ action, resource }) => html`<li><code>${action}</code> <code class="quiet">${resource}</code></li>`)}</ul></td>
<td class="number">${duration(call.durationMs)}</td>
<td>${call.allowed ? badge('allowed', 'good') : html`${badge('denied', 'bad')} ${call.reason}`}</td></tr>`,
      )}</tbody></table></div>`
}`;
  return { title: denied ? 'Denied calls' : 'Calls', section: '/calls', body, refreshMs: 3000 };
}
