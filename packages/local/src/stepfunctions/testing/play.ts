import { parseDefinition } from '../definition/definition.ts';
import type { HistoryEvent } from '../execution/history.ts';
import { begin, nextDue, settle, tick } from '../execution/interpreter.ts';
import { Journal, type Outcome } from '../execution/journal.ts';
import type { Context } from '../execution/scope.ts';
import { taskAnswered, taskFailed, underway } from '../execution/task-state.ts';
import type { Failure } from '../execution/thread.ts';
import type { Json } from '../json.ts';

const START = Date.parse('2026-01-05T09:00:00Z');
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:played';

/** A call as the script sees it. `at` is milliseconds after the start. */
export interface PlayedCall {
  readonly state: string;
  readonly arguments: Json;
  readonly at: number;
}

/** What a task does: answers, or fails, after a while; or never ends. */
export type PlayedAnswer = { readonly afterMs?: number } & (
  | { readonly value: Json }
  | { readonly failure: Failure }
  | { readonly never: true }
);

export interface Played {
  /** Undefined when the execution waits for something that never comes. */
  readonly outcome: Outcome | undefined;
  readonly events: readonly HistoryEvent[];
  readonly calls: readonly PlayedCall[];
  /** Milliseconds from start to end. */
  readonly tookMs: number;
}

/** Runs an execution on a clock of its own, where waiting takes no time. */
export async function play(
  definition: object,
  options: {
    readonly input?: Json;
    readonly random?: () => number;
    /** How long after the time that is due the process wakes up, as after a laptop's sleep. */
    readonly lateMs?: number;
    readonly answer?: (call: PlayedCall, nth: number) => PlayedAnswer;
  } = {},
): Promise<Played> {
  let now = START;
  const { input = {}, random = () => 0.5, lateMs = 0, answer = (): PlayedAnswer => ({ value: null }) } = options;
  const facts = {
    arn: `${MACHINE.replace('stateMachine', 'execution')}:run`,
    name: 'run',
    machineArn: MACHINE,
    machineName: 'played',
    roleArn: 'arn:aws:iam::000000000000:role/machine',
    input,
    startedAt: START,
  };
  const parsed = parseDefinition(JSON.stringify(definition));
  const deadline = parsed.TimeoutSeconds === undefined ? {} : { deadline: START + parsed.TimeoutSeconds * 1000 };
  const clock = () => now;
  const journal = new Journal({ ...facts, ...deadline }, clock);
  const ctx: Context = {
    definition: parsed,
    journal,
    sources: { now: clock, random },
    waitScale: 1,
    newToken: (id) => `token-${id}`,
  };
  const events: HistoryEvent[] = [];
  const calls: PlayedCall[] = [];
  let pending: {
    readonly at: number;
    readonly thread: number;
    readonly attempt: number;
    readonly said: PlayedAnswer;
  }[] = [];
  let outcome: Outcome | undefined;

  const proceed = async (): Promise<void> => {
    while (await settle(ctx, 25));
    const changes = journal.take();
    events.push(...changes.events);
    outcome = changes.outcome;
    for (const { kind, thread } of changes.effects) {
      const task = underway(ctx, thread);
      if (kind === 'cancel' || task === undefined) continue;
      const call = { state: task.thread.state, arguments: task.phase.arguments, at: now - START };
      calls.push(call);
      const said = answer(call, calls.length);
      pending.push({ at: now + (said.afterMs ?? 0), thread, attempt: task.thread.attempt, said });
    }
  };

  begin(ctx);
  await proceed();
  while (outcome === undefined) {
    const due = nextDue(ctx) ?? Number.POSITIVE_INFINITY;
    pending.sort((one, other) => one.at - other.at);
    const [first, ...rest] = pending;
    const task = first === undefined ? undefined : underway(ctx, first.thread);
    if (first !== undefined && first.at <= due) {
      now = Math.max(now, first.at);
      pending = rest;
      if (task?.thread.attempt !== first.attempt || 'never' in first.said) continue;
      if ('value' in first.said) await taskAnswered(ctx, task, first.said.value);
      else await taskFailed(ctx, task, first.said.failure);
    } else if (Number.isFinite(due)) {
      now = due + lateMs;
      await tick(ctx);
    } else {
      break;
    }
    await proceed();
  }
  return { outcome, events, calls, tookMs: now - START };
}

/** A machine of these states that begins with the first. */
export function machineOf(states: Readonly<Record<string, object>>, more: object = {}): object {
  return { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...more };
}

/** A task that calls the function `f`. */
export const task = (more: object = {}): object => ({
  Type: 'Task',
  Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  ...('Next' in more ? {} : { End: true }),
  ...more,
});
