import { badge, duration, emptyNote, moment, prettyJson, shortArn } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { ExecutionDetail, ExecutionStatus, ExecutionSummary, IndexModel } from '../index-model.ts';
import type { Page } from '../layout.ts';

const tones = {
  RUNNING: 'busy',
  SUCCEEDED: 'good',
  FAILED: 'bad',
  TIMED_OUT: 'bad',
  ABORTED: 'plain',
} as const satisfies Record<ExecutionStatus, string>;

const outcomeTones = { running: 'busy', succeeded: 'good', failed: 'bad', caught: 'plain', aborted: 'plain' } as const;

export async function executionsPage(model: IndexModel): Promise<Page> {
  const executions = await model.executions(100);
  return { title: 'Executions', section: '/executions', body: executionTable(executions), refreshMs: 3000 };
}

/** @returns undefined when there is no such execution. */
export async function executionPage(model: IndexModel, arn: string, now: number): Promise<Page | undefined> {
  const execution = await model.execution(arn);
  if (execution === undefined) return undefined;
  const body = html`
<dl class="facts">
<div><dt>State machine</dt><dd>${shortArn(execution.machineArn)}</dd></div>
<div><dt>Status</dt><dd>${badge(execution.status, tones[execution.status])}</dd></div>
<div><dt>Started</dt><dd>${moment(execution.startedAt)}</dd></div>
<div><dt>Took</dt><dd>${took(execution, now)}</dd></div>
<div><dt>ARN</dt><dd><code>${execution.arn}</code></dd></div>
</dl>
${execution.error === undefined ? undefined : html`<p class="problem" role="status"><strong>${execution.error}</strong> ${execution.cause}</p>`}
<section aria-labelledby="timeline"><h2 id="timeline">States</h2>${timeline(execution, now)}</section>
<section aria-labelledby="input"><h2 id="input">Input</h2><pre tabindex="0">${prettyJson(execution.input)}</pre></section>
${
  execution.output === undefined
    ? undefined
    : html`<section aria-labelledby="output"><h2 id="output">Output</h2><pre tabindex="0">${prettyJson(execution.output)}</pre></section>`
}`;
  const refreshMs = execution.status === 'RUNNING' ? 1000 : undefined;
  return { title: execution.name, section: '/executions', body, refreshMs };
}

export function executionTable(executions: readonly ExecutionSummary[]): Html {
  if (executions.length === 0) return emptyNote('No state machine has been started yet.');
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">Started</th><th scope="col">Execution</th><th scope="col">State machine</th><th scope="col" class="number">Took</th><th scope="col">Status</th></tr></thead>
<tbody>${executions.map(
    (one) => html`<tr><td>${moment(one.startedAt)}</td>
<td><a href="/executions/${encodeURIComponent(one.arn)}">${one.name}</a></td><td>${shortArn(one.machineArn)}</td>
<td class="number">${one.stoppedAt === undefined ? '…' : duration(one.stoppedAt - one.startedAt)}</td>
<td>${badge(one.status, tones[one.status])}</td></tr>`,
  )}</tbody></table></div>`;
}

function took(execution: ExecutionSummary, now: number): string {
  return duration((execution.stoppedAt ?? now) - execution.startedAt);
}

/** Bars on one time axis. They are drawn by attributes, since the page allows no inline styles. */
function timeline(execution: ExecutionDetail, now: number): Html {
  if (execution.timeline.length === 0) return emptyNote('No state has been entered yet.');
  const from = execution.startedAt;
  const total = Math.max(1, (execution.stoppedAt ?? now) - from);
  const percent = (value: number): string => `${Math.min(100, Math.max(0, (value / total) * 100)).toFixed(2)}%`;
  return html`<div class="scroll"><table class="timeline">
<thead><tr><th scope="col">State</th><th scope="col">From start to end</th><th scope="col" class="number">Took</th><th scope="col" class="number">Attempts</th><th scope="col">Outcome</th></tr></thead>
<tbody>${execution.timeline.map((state) => {
    const ended = state.endedAt ?? now;
    const width = Math.max(0.6, ((ended - state.startedAt) / total) * 100).toFixed(2);
    return html`<tr><th scope="row">${state.state} <span class="quiet">${place(state)}</span></th>
<td><svg width="100%" height="12" aria-hidden="true"><rect class="track" width="100%" height="12" rx="3"/><rect class="${outcomeTones[state.outcome]}" x="${percent(state.startedAt - from)}" width="${width}%" height="12" rx="3"/></svg></td>
<td class="number">${duration(ended - state.startedAt)}</td><td class="number">${state.attempts}</td>
<td>${badge(state.outcome, outcomeTones[state.outcome])} ${state.error}</td></tr>`;
  })}</tbody></table></div>`;
}

/** Its type, and of a state inside a Map which item it is working on. */
function place({ type, iterations }: ExecutionDetail['timeline'][number]): string {
  return [type, ...iterations.map(({ map, index }) => `${map} #${index}`)].join(' · ');
}
