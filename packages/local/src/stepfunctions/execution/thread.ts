import type { Definition, State, Workflow } from '../definition/schema.ts';
import type { Json, JsonObject } from '../json.ts';

/** Where in a definition a workflow is: a state and, for a Parallel, the branch. */
export interface WorkflowStep {
  readonly state: string;
  readonly branch?: number;
}

/**
 * One line of control. The execution itself has one; each branch of a Parallel and each iteration of a Map adds one
 * with variables of its own.
 */
export interface Thread {
  readonly id: number;
  /** Who waits for it, and which of its children this is. */
  readonly parent?: { readonly thread: number; readonly index: number };
  readonly path: readonly WorkflowStep[];
  readonly item?: { readonly Index: number; readonly Value: Json };
  readonly state: string;
  readonly input: Json;
  readonly variables: JsonObject;
  readonly lastEventId: number;
  /** Milliseconds since the epoch. */
  readonly enteredAt: number;
  /** How often each retrier of the state was used. */
  readonly retries: readonly number[];
  /** Counts the calls of tasks, so that an answer to an earlier one is known as such. */
  readonly attempt: number;
  readonly phase: Phase;
}

/** What a thread is about to do or waits for. Times are milliseconds since the epoch. */
export type Phase =
  | { readonly kind: 'next' }
  | TaskPhase
  | { readonly kind: 'backoff'; readonly due: number }
  | { readonly kind: 'wait'; readonly due: number }
  | JoinPhase
  | { readonly kind: 'done'; readonly output: Json }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface TaskPhase {
  readonly kind: 'task';
  readonly stage: 'calling' | 'awaitingToken' | 'awaitingExecution';
  readonly arguments: Json;
  readonly timeoutMs?: number;
  readonly deadline?: number;
  readonly token?: string;
  readonly heartbeatMs?: number;
  readonly heartbeatDue?: number;
  /** The execution that the task started, when it waits for its end. */
  readonly executionArn?: string;
}

export interface JoinPhase {
  readonly kind: 'join';
  /** One input per child. */
  readonly inputs: readonly Json[];
  /** What each iteration of a Map was made from; absent in a Parallel. */
  readonly items?: readonly Json[];
  readonly started: number;
  readonly concurrency: number;
}

export interface Failure {
  readonly error: string;
  readonly cause: string;
}

/** The workflow that a thread runs. */
export function workflowOf(definition: Definition, path: readonly WorkflowStep[]): Workflow {
  let workflow: Workflow = definition;
  for (const { state: name, branch } of path) {
    const state = stateIn(workflow, name);
    const inner = state.Type === 'Map' ? state.ItemProcessor : undefined;
    const next = state.Type === 'Parallel' ? state.Branches[branch ?? -1] : inner;
    if (next === undefined) throw new Error(`State "${name}" has no such branch`);
    workflow = next;
  }
  return workflow;
}

export function stateOf(definition: Definition, thread: Thread): State {
  return stateIn(workflowOf(definition, thread.path), thread.state);
}

function stateIn(workflow: Workflow, name: string): State {
  const state = Object.hasOwn(workflow.States, name) ? workflow.States[name] : undefined;
  if (state === undefined) throw new Error(`There is no state "${name}"`);
  return state;
}
