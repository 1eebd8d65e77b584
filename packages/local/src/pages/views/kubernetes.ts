import { badge, emptyNote, moment } from '../format.ts';
import { html } from '../html.ts';
import type { IndexModel } from '../index-model.ts';
import type { Page } from '../layout.ts';

/** @returns undefined when there is no cluster. */
export async function kubernetesPage(model: IndexModel): Promise<Page | undefined> {
  const namespaces = await model.kubernetes?.();
  if (namespaces === undefined) return undefined;
  const body =
    namespaces.length === 0
      ? emptyNote('No tenant has a silo yet.')
      : html`${namespaces.map(
          ({
            name,
            tenantId,
            pods,
          }) => html`<section aria-labelledby="ns-${name}"><h2 id="ns-${name}">${name} ${tenantId === undefined ? undefined : html`<code class="aside">${tenantId}</code>`}</h2>
${
  pods.length === 0
    ? emptyNote('No pods.')
    : html`<div class="scroll"><table><thead><tr><th scope="col">Pod</th><th scope="col">Phase</th><th scope="col">Ready</th><th scope="col" class="number">Restarts</th><th scope="col">Started</th></tr></thead>
<tbody>${pods.map(
        (
          pod,
        ) => html`<tr><td>${pod.name}</td><td>${pod.phase}</td><td>${pod.ready ? badge('ready', 'good') : badge('not ready', 'busy')}</td>
<td class="number">${pod.restarts}</td><td>${moment(pod.startedAt)}</td></tr>`,
      )}</tbody></table></div>`
}</section>`,
        )}`;
  return { title: 'Kubernetes', section: '/kubernetes', body, refreshMs: 3000 };
}
