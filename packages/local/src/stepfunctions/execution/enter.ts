/** What each type of state does when it is entered, or entered again for a retry. */

import type { ChoiceState, FailState, State, WaitState } from '../definition/schema.ts';
import { EvaluationError, evaluateField } from '../expression/evaluate.ts';
import type { Json } from '../json.ts';
import { exitState, failState, failThread, guarded } from './finish.ts';
import { beginMap, beginParallel } from './join.ts';
import { type Context, scopeOf } from './scope.ts';
import { beginTask } from './task-state.ts';
import { stateOf } from './thread.ts';

const SECONDS_MAX = 99_999_999;
const TIMESTAMP_PATTERN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

export async function enterState(ctx: Context, id: number): Promise<void> {
  const { journal, sources } = ctx;
  const thread = journal.change(id, { enteredAt: sources.now(), retries: [] });
  const state = stateOf(ctx.definition, thread);
  journal.emit(id, `${state.Type}StateEntered`, {
    name: thread.state,
    input: JSON.stringify(thread.input),
    inputDetails: { truncated: false },
  });
  await guarded(ctx, id, () => begin(ctx, id, state));
}

/** Runs a state again whose back-off is over. */
export async function retryState(ctx: Context, id: number): Promise<void> {
  await guarded(ctx, id, () => begin(ctx, id, stateOf(ctx.definition, ctx.journal.get(id))));
}

/** Ends a Wait whose time has come. */
export async function endWait(ctx: Context, id: number): Promise<void> {
  const state = stateOf(ctx.definition, ctx.journal.get(id));
  if (state.Type === 'Wait') await guarded(ctx, id, () => passOn(ctx, id, state));
}

async function begin(ctx: Context, id: number, state: State): Promise<void> {
  switch (state.Type) {
    case 'Pass':
    case 'Succeed':
      return passOn(ctx, id, state);
    case 'Fail':
      return fail(ctx, id, state);
    case 'Choice':
      return choose(ctx, id, state);
    case 'Wait':
      return wait(ctx, id, state);
    case 'Task':
      return beginTask(ctx, id, state);
    case 'Map':
      return beginMap(ctx, id, state);
    case 'Parallel':
      return beginParallel(ctx, id, state);
  }
}

/** Leaves a state that does nothing with its input but what `Output` and `Assign` say. */
function passOn(ctx: Context, id: number, state: State & { Type: 'Pass' | 'Succeed' | 'Wait' }): Promise<void> {
  return exitState(ctx, id, state.Type, {
    assign: state.Type === 'Succeed' ? undefined : state.Assign,
    output: state.Output,
    fallback: ctx.journal.get(id).input,
    next: state.Type === 'Succeed' ? undefined : state.Next,
  });
}

async function fail(ctx: Context, id: number, state: FailState): Promise<void> {
  const scope = scopeOf(ctx, ctx.journal.get(id));
  const text = async (field: 'Error' | 'Cause'): Promise<string> => {
    const value = await evaluateField(state[field] ?? '', field, scope, ctx.sources);
    if (typeof value !== 'string') throw new EvaluationError(`${field} must be a string.`, field);
    return value;
  };
  failThread(ctx, id, { error: await text('Error'), cause: await text('Cause') });
}

async function choose(ctx: Context, id: number, state: ChoiceState): Promise<void> {
  const { input } = ctx.journal.get(id);
  const scope = scopeOf(ctx, ctx.journal.get(id));
  for (const [index, rule] of state.Choices.entries()) {
    const field = `Choices/${index}/Condition`;
    const holds = await evaluateField(rule.Condition, field, scope, ctx.sources);
    if (typeof holds !== 'boolean') throw new EvaluationError('Condition must be true or false.', field);
    if (!holds) continue;
    const { Assign: assign, Output: output, Next: next } = rule;
    return exitState(ctx, id, 'Choice', { assign, output, at: `Choices/${index}/`, fallback: input, next });
  }
  if (state.Default === undefined) {
    return failState(ctx, id, {
      error: 'States.NoChoiceMatched',
      cause: 'No choice matched, and there is no Default.',
    });
  }
  const { Assign: assign, Output: output, Default: next } = state;
  return exitState(ctx, id, 'Choice', { assign, output, fallback: input, next });
}

async function wait(ctx: Context, id: number, state: WaitState): Promise<void> {
  const { journal, sources } = ctx;
  const scope = scopeOf(ctx, journal.get(id));
  const now = sources.now();
  const waitMs =
    state.Seconds === undefined
      ? timestamp(await evaluateField(state.Timestamp ?? null, 'Timestamp', scope, sources)) - now
      : seconds(await evaluateField(state.Seconds, 'Seconds', scope, sources)) * 1000;
  journal.change(id, { phase: { kind: 'wait', due: now + waitMs * ctx.waitScale } });
}

function seconds(value: Json): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= SECONDS_MAX) return value;
  throw new EvaluationError(`Seconds must be a whole number from 0 to ${SECONDS_MAX}.`, 'Seconds');
}

function timestamp(value: Json): number {
  const time = typeof value === 'string' && TIMESTAMP_PATTERN.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw new EvaluationError('Timestamp must be an RFC 3339 time.', 'Timestamp');
  return time;
}
