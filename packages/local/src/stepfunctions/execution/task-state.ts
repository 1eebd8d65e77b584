/** The life of a task: called, answered, waited for by token or by execution, timed out, interrupted. */

import { parseResource, type TaskResource } from '../definition/resource.ts';
import type { TaskState } from '../definition/schema.ts';
import { EvaluationError, evaluateField, limited } from '../expression/evaluate.ts';
import type { Json, JsonObject } from '../json.ts';
import { exitState, failState, guarded } from './finish.ts';
import { type Context, type Extras, scopeOf } from './scope.ts';
import { type Failure, stateOf, type TaskPhase, type Thread } from './thread.ts';

const SECONDS_MAX = 99_999_999;

/** A thread whose task is under way. */
export interface Underway {
  readonly thread: Thread;
  readonly phase: TaskPhase;
  readonly state: TaskState;
  readonly resource: TaskResource;
}

/** @returns undefined when the thread is gone or its task is over. */
export function underway(ctx: Context, id: number): Underway | undefined {
  const thread = ctx.journal.find(id);
  if (thread?.phase.kind !== 'task') return undefined;
  const state = stateOf(ctx.definition, thread);
  if (state.Type !== 'Task') return undefined;
  return { thread, phase: thread.phase, state, resource: resourceOf(state) };
}

/**
 * Calls a task for the first time or again.
 * @throws {EvaluationError}
 */
export async function beginTask(ctx: Context, id: number, state: TaskState): Promise<void> {
  const { journal, sources } = ctx;
  const thread = journal.get(id);
  const resource = resourceOf(state);
  const token = resource.pattern === 'token' ? ctx.newToken(id) : undefined;
  const extras: Extras = token === undefined ? {} : { token };
  const scope = scopeOf(ctx, thread, extras);
  const given =
    state.Arguments === undefined ? thread.input : await evaluateField(state.Arguments, 'Arguments', scope, sources);
  const seconds = async (field: 'TimeoutSeconds' | 'HeartbeatSeconds'): Promise<number | undefined> => {
    const template = state[field];
    return template === undefined
      ? undefined
      : wholeSeconds(await evaluateField(template, field, scope, sources), field);
  };
  const timeout = await seconds('TimeoutSeconds');
  const heartbeat = await seconds('HeartbeatSeconds');
  call(ctx, id, resource, {
    arguments: given,
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
    ...(heartbeat === undefined ? {} : { heartbeatMs: heartbeat * 1000 }),
    ...(token === undefined ? {} : { token }),
  });
}

/** Calls a task again whose call was cut off when the process ended: with the same arguments, and the same token. */
export function repeatTask(ctx: Context, { thread, phase, resource }: Underway): void {
  emitTask(ctx, thread.id, resource, 'Failed', {
    error: 'States.TaskFailed',
    cause: 'The local cloud stopped while the task ran. It runs again.',
  });
  call(ctx, thread.id, resource, phase);
}

type Call = Pick<TaskPhase, 'arguments' | 'timeoutMs' | 'heartbeatMs' | 'token'>;

function call(ctx: Context, id: number, resource: TaskResource, asked: Call): void {
  const { journal, sources } = ctx;
  const { timeoutMs, heartbeatMs } = asked;
  const input = JSON.stringify(asked.arguments);
  const timeout = timeoutMs === undefined ? {} : { timeoutInSeconds: timeoutMs / 1000 };
  const heartbeat = heartbeatMs === undefined ? {} : { heartbeatInSeconds: heartbeatMs / 1000 };
  const scheduled: JsonObject =
    resource.kind === 'function'
      ? { resource: resource.functionArn, input, inputDetails: { truncated: false }, ...timeout }
      : { region: regionOf(journal.facts.arn), parameters: input, ...timeout, ...heartbeat };
  emitTask(ctx, id, resource, 'Scheduled', scheduled);
  emitTask(ctx, id, resource, 'Started', {});
  const now = sources.now();
  const phase: TaskPhase = {
    ...asked,
    kind: 'task',
    stage: 'calling',
    ...(timeoutMs === undefined ? {} : { deadline: now + timeoutMs }),
    ...(heartbeatMs === undefined ? {} : { heartbeatDue: now + heartbeatMs }),
  };
  journal.change(id, { attempt: journal.get(id).attempt + 1, phase });
  journal.effect('call', id);
}

/** The service has answered. */
export async function taskAnswered(ctx: Context, task: Underway, answer: Json): Promise<void> {
  const { thread, phase, resource } = task;
  if (resource.pattern === 'request') return taskSucceeded(ctx, task, answer);
  emitTask(ctx, thread.id, resource, 'Submitted', outputOf(answer));
  if (resource.pattern === 'token') {
    ctx.journal.change(thread.id, { phase: { ...phase, stage: 'awaitingToken' } });
    return;
  }
  const executionArn = String((answer as JsonObject).ExecutionArn);
  ctx.journal.change(thread.id, { phase: { ...phase, stage: 'awaitingExecution', executionArn } });
  ctx.journal.effect('call', thread.id);
}

/** The task is done: answered, called back, or its execution ended well. */
export function taskSucceeded(ctx: Context, { thread, state, resource }: Underway, result: Json): Promise<void> {
  return guarded(ctx, thread.id, async () => {
    limited(result, 'the result');
    emitTask(ctx, thread.id, resource, 'Succeeded', outputOf(result));
    await exitState(ctx, thread.id, 'Task', {
      assign: state.Assign,
      output: state.Output,
      extras: { result },
      fallback: result,
      next: state.Next,
    });
  });
}

export async function taskFailed(ctx: Context, { thread, phase, resource }: Underway, failure: Failure): Promise<void> {
  const submitting = resource.pattern !== 'request' && phase.stage === 'calling';
  emitTask(ctx, thread.id, resource, submitting ? 'SubmitFailed' : 'Failed', { ...failure });
  await failState(ctx, thread.id, failure);
}

/** Ends a task whose time is up. */
export async function taskTimedOut(ctx: Context, { thread, phase, resource }: Underway): Promise<void> {
  const heartbeat = phase.heartbeatDue !== undefined && phase.heartbeatDue < (phase.deadline ?? Infinity);
  const failure = heartbeat
    ? { error: 'States.HeartbeatTimeout', cause: 'No heartbeat came in time.' }
    : { error: 'States.Timeout', cause: 'The task did not end within its TimeoutSeconds.' };
  emitTask(ctx, thread.id, resource, 'TimedOut', failure);
  ctx.journal.effect('cancel', thread.id);
  await failState(ctx, thread.id, failure);
}

/** A heartbeat has come: the next one is due later. */
export function heartbeat(ctx: Context, { thread, phase }: Underway): void {
  if (phase.heartbeatMs === undefined) return;
  const heartbeatDue = ctx.sources.now() + phase.heartbeatMs;
  ctx.journal.change(thread.id, { phase: { ...phase, heartbeatDue } });
}

type TaskEvent = 'Scheduled' | 'Started' | 'Succeeded' | 'Failed' | 'TimedOut' | 'Submitted' | 'SubmitFailed';

/** Tasks that name a function have events of their own kind. */
function emitTask(ctx: Context, id: number, resource: TaskResource, event: TaskEvent, details: JsonObject): void {
  if (resource.kind === 'function' && event !== 'Submitted' && event !== 'SubmitFailed') {
    ctx.journal.emit(id, `LambdaFunction${event}`, event === 'Started' ? undefined : details);
    return;
  }
  const named =
    resource.kind === 'service'
      ? { resourceType: resource.resourceType, resource: resource.resource }
      : { resourceType: 'lambda', resource: resource.pattern === 'token' ? 'invoke.waitForTaskToken' : 'invoke' };
  ctx.journal.emit(id, `Task${event}`, { ...named, ...details });
}

function outputOf(value: Json): JsonObject {
  return { output: JSON.stringify(value), outputDetails: { truncated: false } };
}

/** Definitions are checked before they are stored, so a resource that cannot be read is a fault of ours. */
function resourceOf(state: TaskState): TaskResource {
  const resource = parseResource(state.Resource);
  if (resource === undefined) throw new Error(`The resource ${state.Resource} cannot be called here`);
  return resource;
}

function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

function wholeSeconds(value: Json, field: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= SECONDS_MAX) return value;
  throw new EvaluationError(`${field} must be a whole number from 1 to ${SECONDS_MAX}.`, field);
}
