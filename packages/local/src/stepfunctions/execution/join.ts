/** Map and Parallel: children begun in order, as many at once as allowed, and joined in order. */

import type { MapState, ParallelState } from '../definition/schema.ts';
import { EvaluationError, evaluateField } from '../expression/evaluate.ts';
import type { Json } from '../json.ts';
import { exitState, failState, guarded, iterationOf } from './finish.ts';
import { type Context, scopeOf } from './scope.ts';
import { type JoinPhase, stateOf, type Thread, workflowOf } from './thread.ts';

/** Inline Maps run this many iterations at once when `MaxConcurrency` is 0 or absent, as AWS does. */
const CONCURRENCY_MAX = 40;

/** @throws {EvaluationError} */
export async function beginMap(ctx: Context, id: number, state: MapState): Promise<void> {
  const { journal, sources } = ctx;
  const thread = journal.get(id);
  const scope = scopeOf(ctx, thread);
  const items = state.Items === undefined ? thread.input : await evaluateField(state.Items, 'Items', scope, sources);
  if (!Array.isArray(items)) throw new EvaluationError('Items must be an array.', 'Items');
  const limit =
    state.MaxConcurrency === undefined
      ? 0
      : await evaluateField(state.MaxConcurrency, 'MaxConcurrency', scope, sources);
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 0) {
    throw new EvaluationError('MaxConcurrency must be a whole number from 0.', 'MaxConcurrency');
  }
  const inputs: Json[] = [];
  for (const [Index, Value] of items.entries()) {
    const inner = scopeOf(ctx, thread, { item: { Index, Value } });
    inputs.push(
      state.ItemSelector === undefined
        ? Value
        : await evaluateField(state.ItemSelector, 'ItemSelector', inner, sources),
    );
  }
  journal.emit(id, 'MapStateStarted', { length: items.length });
  const concurrency = limit === 0 ? CONCURRENCY_MAX : Math.min(limit, CONCURRENCY_MAX);
  join(ctx, id, { kind: 'join', inputs, items, started: 0, concurrency });
}

/** @throws {EvaluationError} */
export async function beginParallel(ctx: Context, id: number, state: ParallelState): Promise<void> {
  const { journal, sources } = ctx;
  const thread = journal.get(id);
  const input =
    state.Arguments === undefined
      ? thread.input
      : await evaluateField(state.Arguments, 'Arguments', scopeOf(ctx, thread), sources);
  journal.emit(id, 'ParallelStateStarted');
  const inputs = state.Branches.map(() => input);
  join(ctx, id, { kind: 'join', inputs, started: 0, concurrency: inputs.length });
}

function join({ journal }: Context, id: number, phase: JoinPhase): void {
  journal.change(id, { phase });
  journal.wake(id);
}

/** Goes on after a child has ended, or before the first has begun. */
export async function progressJoin(ctx: Context, id: number, phase: JoinPhase): Promise<void> {
  const { journal } = ctx;
  const children = journal.childrenOf(id);
  const failed = children.find((child) => child.phase.kind === 'failed');
  if (failed?.phase.kind === 'failed') {
    await failJoin(ctx, id, failed, failed.phase.failure);
    return;
  }
  const active = children.filter((child) => child.phase.kind !== 'done').length;
  const count = Math.min(phase.concurrency - active, phase.inputs.length - phase.started);
  for (let index = phase.started; index < phase.started + count; index += 1) beginChild(ctx, id, phase, index);
  if (count > 0) journal.change(id, { phase: { ...phase, started: phase.started + count } });
  else if (active === 0) await completeJoin(ctx, id, children);
}

function beginChild({ journal, sources, definition }: Context, id: number, phase: JoinPhase, index: number): void {
  const parent = journal.get(id);
  const value = phase.items?.[index];
  const path = [...parent.path, { state: parent.state, ...(phase.items === undefined ? { branch: index } : {}) }];
  const child = journal.spawn({
    parent: { thread: id, index },
    path,
    ...(value === undefined ? {} : { item: { Index: index, Value: value } }),
    state: workflowOf(definition, path).StartAt,
    input: phase.inputs[index] ?? null,
    variables: {},
    lastEventId: parent.lastEventId,
    enteredAt: sources.now(),
    retries: [],
    attempt: 0,
    phase: { kind: 'next' },
  });
  if (value !== undefined) journal.emit(child.id, 'MapIterationStarted', iterationOf(journal, child));
  journal.wake(child.id);
}

async function completeJoin(ctx: Context, id: number, children: readonly Thread[]): Promise<void> {
  const { journal } = ctx;
  // Children are in the order in which they began, which is that of the items or branches.
  const results = children.flatMap(({ phase }) => (phase.kind === 'done' ? [phase.output] : []));
  const state = compositeOf(ctx, id);
  const lastEventId = Math.max(journal.get(id).lastEventId, ...children.map((child) => child.lastEventId));
  for (const child of children) journal.drop(child.id);
  journal.change(id, { lastEventId });
  journal.emit(id, `${state.Type}StateSucceeded`);
  await guarded(ctx, id, () =>
    exitState(ctx, id, state.Type, {
      assign: state.Assign,
      output: state.Output,
      extras: { result: results },
      fallback: results,
      next: state.Next,
    }),
  );
}

/** One child's error is the whole state's; the others are stopped where they are. */
async function failJoin(ctx: Context, id: number, failed: Thread, failure: { error: string; cause: string }) {
  const { journal } = ctx;
  const state = compositeOf(ctx, id);
  for (const child of journal.childrenOf(id)) {
    if (child.phase.kind !== 'done' && child.id !== failed.id) abort(ctx, child.id);
    journal.drop(child.id);
  }
  journal.change(id, { lastEventId: failed.lastEventId });
  journal.emit(id, `${state.Type}StateFailed`);
  await failState(ctx, id, failure);
}

/** Records what was stopped, the innermost first. */
function abort(ctx: Context, id: number): void {
  const { journal } = ctx;
  for (const child of journal.childrenOf(id)) if (child.phase.kind !== 'done') abort(ctx, child.id);
  const thread = journal.get(id);
  const { Type: type } = stateOf(ctx.definition, thread);
  const entered = thread.phase.kind !== 'next' && thread.phase.kind !== 'failed';
  if (entered && (type === 'Task' || type === 'Wait' || type === 'Map' || type === 'Parallel')) {
    journal.emit(id, `${type}StateAborted`);
  }
  if (thread.item !== undefined) journal.emit(id, 'MapIterationAborted', iterationOf(journal, thread));
}

function compositeOf(ctx: Context, id: number): MapState | ParallelState {
  const state = stateOf(ctx.definition, ctx.journal.get(id));
  if (state.Type !== 'Map' && state.Type !== 'Parallel') throw new Error(`A ${state.Type} state has no children`);
  return state;
}
