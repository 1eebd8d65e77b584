/** How states end: with an output, or with an error that is retried, caught or passed on. */

import type { StateType } from '../definition/schema.ts';
import { EvaluationError, evaluateField, limited } from '../expression/evaluate.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Journal } from './journal.ts';
import { catcherFor, nextRetry } from './retry.ts';
import { type Context, type Extras, scopeOf } from './scope.ts';
import { type Failure, stateOf, type Thread } from './thread.ts';

const CAUSE_LENGTH_MAX = 32_768;

/** Where a state goes on, and with what. */
export interface Exit {
  readonly assign: JsonObject | undefined;
  readonly output: Json | undefined;
  /** In front of the fields' names in an error, such as `Catch/0/`. */
  readonly at?: string;
  readonly extras?: Extras;
  /** The output when none is written. */
  readonly fallback: Json;
  /** Absent at the end of the workflow. */
  readonly next: string | undefined;
}

/**
 * Evaluates `Output` and `Assign`, both against the values that the state was entered with, and goes on.
 * @throws {EvaluationError}
 */
export async function exitState(ctx: Context, id: number, type: StateType, exit: Exit): Promise<void> {
  const { journal, sources } = ctx;
  const thread = journal.get(id);
  const { at = '', assign, fallback, next } = exit;
  const scope = scopeOf(ctx, thread, exit.extras);
  const output =
    exit.output === undefined
      ? limited(fallback, 'Output')
      : await evaluateField(exit.output, `${at}Output`, scope, sources);
  const assigned = assign === undefined ? {} : await evaluateField(assign, `${at}Assign`, scope, sources);
  const variables = isObject(assigned) ? assigned : {};
  journal.emit(id, exitEvent(type), {
    name: thread.state,
    output: JSON.stringify(output),
    outputDetails: { truncated: false },
    ...(assign === undefined ? {} : { assignedVariables: texts(variables) }),
  });
  const changed = { variables: { ...thread.variables, ...variables } };
  if (next === undefined) {
    journal.change(id, changed);
    finishThread(ctx, id, output);
  } else {
    journal.change(id, { ...changed, state: next, input: output, phase: { kind: 'next' } });
    journal.wake(id);
  }
}

/** Retries, catches, or ends the thread. */
export async function failState(ctx: Context, id: number, failure: Failure): Promise<void> {
  const { journal, sources } = ctx;
  const thread = journal.get(id);
  const state = stateOf(ctx.definition, thread);
  if (state.Type !== 'Task' && state.Type !== 'Map' && state.Type !== 'Parallel') {
    failThread(ctx, id, failure);
    return;
  }
  const retry = nextRetry(state.Retry ?? [], failure.error, thread.retries, sources.random);
  if (retry !== undefined) {
    const due = sources.now() + retry.delayMs * ctx.waitScale;
    journal.change(id, { retries: retry.used, phase: { kind: 'backoff', due } });
    return;
  }
  const caught = catcherFor(state.Catch ?? [], failure.error);
  if (caught === undefined) {
    failThread(ctx, id, failure);
    return;
  }
  const errorOutput = { Error: failure.error, Cause: failure.cause };
  try {
    await exitState(ctx, id, state.Type, {
      assign: caught.catcher.Assign,
      output: caught.catcher.Output,
      at: `Catch/${caught.index}/`,
      extras: { errorOutput },
      fallback: errorOutput,
      next: caught.catcher.Next,
    });
  } catch (error) {
    // The way out is broken: nothing could catch it but the same catchers, so the workflow fails.
    failThread(ctx, id, evaluationFailure(ctx, id, error));
  }
}

/** Runs a step of a state; an expression that fails in it is the state's error. */
export async function guarded(ctx: Context, id: number, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    await failState(ctx, id, evaluationFailure(ctx, id, error));
  }
}

/** @throws the error itself when it is not an evaluation's. */
function evaluationFailure({ journal }: Context, id: number, error: unknown): Failure {
  if (!(error instanceof EvaluationError)) throw error;
  const failure = { error: error.error, cause: error.message };
  if (error.error === 'States.QueryEvaluationError') {
    journal.emit(id, 'EvaluationFailed', { ...failure, location: error.location, state: journal.get(id).state });
  }
  return failure;
}

/** Ends a workflow well. */
function finishThread({ journal }: Context, id: number, output: Json): void {
  const thread = journal.get(id);
  if (thread.parent === undefined) {
    const details = { output: JSON.stringify(output), outputDetails: { truncated: false } };
    journal.end({ status: 'SUCCEEDED', output }, thread, 'ExecutionSucceeded', details);
    return;
  }
  if (thread.item !== undefined) journal.emit(id, 'MapIterationSucceeded', iterationOf(journal, thread));
  journal.change(id, { phase: { kind: 'done', output } });
  journal.wake(thread.parent.thread);
}

/** Ends a workflow with an error that nothing in it caught. */
export function failThread({ journal }: Context, id: number, { error, cause }: Failure): void {
  const failure = { error, cause: cause.slice(0, CAUSE_LENGTH_MAX) };
  const thread = journal.get(id);
  if (thread.parent === undefined) {
    journal.end({ status: 'FAILED', ...failure }, thread, 'ExecutionFailed', failure);
    return;
  }
  if (thread.item !== undefined) journal.emit(id, 'MapIterationFailed', iterationOf(journal, thread));
  journal.change(id, { phase: { kind: 'failed', failure } });
  journal.wake(thread.parent.thread);
}

/** How events of a Map's iterations name it: the Map and the index. */
export function iterationOf(journal: Journal, { parent }: Thread): JsonObject {
  if (parent === undefined) throw new Error('Only iterations have a parent');
  return { name: journal.get(parent.thread).state, index: parent.index };
}

function exitEvent(type: StateType) {
  if (type === 'Fail') throw new Error('A Fail state has no exit');
  return `${type}StateExited` as const;
}

function texts(variables: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, JSON.stringify(value)]));
}
