import { badge, duration, emptyNote, moment, shortArn } from '../format.ts';
import { html } from '../html.ts';
import type { IndexModel } from '../index-model.ts';
import type { Page } from '../layout.ts';

const SHOWN = 8;

export async function functionsPage(model: IndexModel): Promise<Page> {
  const functions = await model.functions();
  const body =
    functions.length === 0
      ? emptyNote('There are no functions.')
      : html`<ul class="stack">${functions.map(
          (one) => html`<li><details>
<summary><strong>${one.name}</strong> <span class="quiet">${one.memoryMb} MB · ${one.timeoutSeconds} s</span>
${summary(one.invocations)}</summary>
<p>Role <code>${shortArn(one.roleArn)}</code> · <a href="/logs?function=${encodeURIComponent(one.name)}">Logs</a></p>
${
  one.invocations.length === 0
    ? emptyNote('Not invoked yet.')
    : html`<div class="scroll"><table><thead><tr><th scope="col">Time</th><th scope="col">Request</th><th scope="col" class="number">Duration</th><th scope="col" class="number">Init</th><th scope="col">Result</th></tr></thead>
<tbody>${one.invocations.slice(0, SHOWN).map(
        (run) => html`<tr><td>${moment(run.startedAt)}</td>
<td><a href="/logs?requestId=${run.requestId}"><code>${run.requestId}</code></a></td>
<td class="number">${duration(run.durationMs)}</td><td class="number">${run.initMs === undefined ? '' : duration(run.initMs)}</td>
<td>${run.error === undefined ? badge('ok', 'good') : html`${badge('error', 'bad')} ${run.error}`}</td></tr>`,
      )}</tbody></table></div>`
}</details></li>`,
        )}</ul>`;
  return { title: 'Functions', section: '/functions', body };
}

function summary(invocations: readonly { readonly error?: string | undefined }[]) {
  if (invocations.length === 0) return undefined;
  const failed = invocations.filter((run) => run.error !== undefined).length;
  const runs = html`<span class="quiet">${invocations.length} recent</span>`;
  return failed === 0 ? runs : html`${runs} ${badge(`${failed} failed`, 'bad')}`;
}
