import { badge, emptyNote, moment, shortArn } from '../format.ts';
import { html } from '../html.ts';
import type { IndexModel } from '../index-model.ts';
import type { Page } from '../layout.ts';

/** @param notice what the last "run now" came to */
export async function schedulesPage(
  model: IndexModel,
  notice?: { readonly text: string; readonly failed: boolean },
): Promise<Page> {
  const schedules = await model.schedules();
  const body = html`
${notice === undefined ? undefined : html`<p class="${notice.failed ? 'problem' : 'notice'}" role="status">${notice.text}</p>`}
${
  schedules.length === 0
    ? emptyNote('Nothing is scheduled.')
    : html`<div class="scroll"><table>
<thead><tr><th scope="col">Schedule</th><th scope="col">When</th><th scope="col">Runs</th><th scope="col">Last</th><th scope="col">Next</th><th scope="col"><span class="visually-hidden">Action</span></th></tr></thead>
<tbody>${schedules.map(
        (
          one,
        ) => html`<tr><td>${one.name} ${one.enabled ? undefined : badge('disabled', 'plain')}</td><td><code>${one.expression}</code></td>
<td>${shortArn(one.target)}</td><td>${moment(one.lastRunAt)} ${one.lastError === undefined ? undefined : html`${badge('error', 'bad')} ${one.lastError}`}</td>
<td>${moment(one.nextRunAt)}</td>
<td><form method="post" action="/schedules/${encodeURIComponent(one.name)}/run"><button aria-label="Run ${one.name} now">Run now</button></form></td></tr>`,
      )}</tbody></table></div>`
}`;
  return { title: 'Schedules', section: '/schedules', body };
}
