/** Moves an execution on, as far as it goes by itself; what it waits for is told to it. */

import { endWait, enterState, retryState } from './enter.ts';
import { EVENTS_MAX } from './history.ts';
import { progressJoin } from './join.ts';
import type { Context } from './scope.ts';
import { repeatTask, taskTimedOut, underway } from './task-state.ts';
import type { Phase } from './thread.ts';

/** Makes the first thread of a new execution. */
export function begin({ definition, journal, sources }: Context): void {
  const { input, roleArn } = journal.facts;
  journal.emitStart({ input: JSON.stringify(input), inputDetails: { truncated: false }, roleArn });
  const root = journal.spawn({
    path: [],
    state: definition.StartAt,
    input,
    variables: {},
    lastEventId: 0,
    enteredAt: sources.now(),
    retries: [],
    attempt: 0,
    phase: { kind: 'next' },
  });
  journal.wake(root.id);
}

/** Takes up an execution that was stored by an earlier process. */
export function resume(ctx: Context): void {
  for (const { id, phase } of ctx.journal.threads()) {
    if (phase.kind === 'next' || phase.kind === 'join') ctx.journal.wake(id);
    const task = underway(ctx, id);
    if (task?.phase.stage === 'calling') repeatTask(ctx, task);
    if (task?.phase.stage === 'awaitingExecution') ctx.journal.effect('call', id);
  }
}

/**
 * Runs every thread until it waits for something.
 * @param budget how many steps to take at most, so that a long chain of states does not hold up everything else
 * @returns whether there is more to do.
 */
export async function settle(ctx: Context, budget: number): Promise<boolean> {
  const { journal } = ctx;
  for (let steps = 0; steps < budget; steps += 1) {
    if (journal.outcome !== undefined) return false;
    const thread = journal.takeReady();
    if (thread === undefined) return false;
    if (journal.eventCount >= EVENTS_MAX - 10) {
      fail(ctx, `The history has reached its maximum of ${EVENTS_MAX} events.`);
    } else if (thread.phase.kind === 'next') {
      await enterState(ctx, thread.id);
    } else if (thread.phase.kind === 'join') {
      await progressJoin(ctx, thread.id, thread.phase);
    }
  }
  return journal.outcome === undefined;
}

/** When something is due next, in milliseconds since the epoch. */
export function nextDue({ journal }: Context): number | undefined {
  const times = journal.threads().map(({ phase }) => dueOf(phase));
  const due = Math.min(journal.facts.deadline ?? Number.POSITIVE_INFINITY, ...times);
  return Number.isFinite(due) ? due : undefined;
}

/** Does what is due by now, the earliest first. */
export async function tick(ctx: Context): Promise<void> {
  const { journal, sources } = ctx;
  const now = sources.now();
  const { deadline } = journal.facts;
  const due = journal
    .threads()
    .map(({ id, phase }) => ({ id, at: dueOf(phase) }))
    .filter(({ at }) => at <= now)
    .sort((one, other) => one.at - other.at);
  for (const { id, at } of due) {
    if (deadline !== undefined && deadline <= at) break;
    // An earlier one may have ended the execution, or a Map with this thread in it.
    const thread = journal.outcome === undefined ? journal.find(id) : undefined;
    if (thread === undefined || dueOf(thread.phase) > now) continue;
    await fire(ctx, id, thread.phase);
  }
  if (journal.outcome === undefined && deadline !== undefined && deadline <= now) {
    journal.end({ status: 'TIMED_OUT' }, undefined, 'ExecutionTimedOut', {});
  }
}

/** Ends an execution from outside. */
export function stop({ journal }: Context, reason: { readonly error?: string; readonly cause?: string }): void {
  journal.end({ status: 'ABORTED', ...reason }, undefined, 'ExecutionAborted', reason);
}

/** Ends an execution that cannot go on. */
export function fail({ journal }: Context, cause: string): void {
  const failure = { error: 'States.Runtime', cause };
  journal.end({ status: 'FAILED', ...failure }, undefined, 'ExecutionFailed', failure);
}

async function fire(ctx: Context, id: number, phase: Phase): Promise<void> {
  if (phase.kind === 'wait') return endWait(ctx, id);
  if (phase.kind === 'backoff') return retryState(ctx, id);
  const task = underway(ctx, id);
  if (task !== undefined) await taskTimedOut(ctx, task);
}

function dueOf(phase: Phase): number {
  if (phase.kind === 'wait' || phase.kind === 'backoff') return phase.due;
  if (phase.kind !== 'task') return Number.POSITIVE_INFINITY;
  return Math.min(phase.deadline ?? Number.POSITIVE_INFINITY, phase.heartbeatDue ?? Number.POSITIVE_INFINITY);
}
