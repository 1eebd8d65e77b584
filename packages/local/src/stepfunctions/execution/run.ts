import { setImmediate } from 'node:timers/promises';
import type { SetTimer } from '../../scheduler/timer.ts';
import { parseDefinition } from '../definition/definition.ts';
import { type Json, parseJson } from '../json.ts';
import type { PerformTask } from '../task/perform.ts';
import { TaskError } from '../task/task-error.ts';
import { sameToken } from '../task-token.ts';
import type { Execution } from './execution.ts';
import type { ExecutionStore } from './execution-store.ts';
import { begin, fail, nextDue, resume, settle, stop, tick } from './interpreter.ts';
import { Journal } from './journal.ts';
import type { Context } from './scope.ts';
import { heartbeat, taskAnswered, taskFailed, taskSucceeded, type Underway, underway } from './task-state.ts';
import type { Failure } from './thread.ts';

/** Steps between two commits; after each the event loop gets its turn. */
const STEPS_PER_TURN = 25;

export interface RunOptions {
  readonly store: ExecutionStore;
  readonly now: () => number;
  readonly random: () => number;
  readonly waitScale: number;
  readonly setTimer: SetTimer;
  readonly perform: PerformTask;
  readonly newToken: (executionArn: string, threadId: number) => string;
  /** Called once the end is stored. */
  readonly ended: (arn: string) => void;
  /** Told of what cannot be stored; the execution then rests until the next process takes it up. */
  readonly report: (error: unknown) => void;
}

/** What a caller with a token says about the task. */
export type TokenReport =
  | { readonly kind: 'success'; readonly output: Json }
  | ({ readonly kind: 'failure' } & Failure)
  | { readonly kind: 'heartbeat' };

/**
 * One running execution. Whatever happens to it happens one after the other; what happened is stored before its
 * effects begin, so that a process that dies anywhere leaves nothing that was not asked for.
 */
export class Run {
  readonly #options: RunOptions;
  readonly #context: Context;
  readonly #calls = new Map<number, AbortController>();
  #tail: Promise<void> = Promise.resolve();
  #callOff: (() => void) | undefined;
  #closed = false;

  private constructor(options: RunOptions, context: Context) {
    this.#options = options;
    this.#context = context;
  }

  /** Stores a new execution and lets it run. */
  static start(execution: Execution, options: RunOptions): Run {
    const run = new Run(options, contextOf(execution, options));
    begin(run.#context);
    options.store.insert(execution, run.#context.journal.take());
    run.#later(() => undefined);
    return run;
  }

  /** Takes up an execution that an earlier process left. */
  static resume(execution: Execution, options: RunOptions): Run {
    const run = new Run(options, contextOf(execution, options, options.store.saved(execution.arn)));
    run.#later(() => resume(run.#context));
    return run;
  }

  stop(reason: { readonly error?: string; readonly cause?: string }): Promise<void> {
    return this.#post(() => stop(this.#context, reason));
  }

  /** @returns whether a task waits for this token. */
  report(threadId: number, token: string, report: TokenReport): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let known = false;
      const work = async (): Promise<void> => {
        const task = underway(this.#context, threadId);
        known = task?.phase.token !== undefined && sameToken(task.phase.token, token);
        if (task === undefined || !known) return;
        if (report.kind === 'heartbeat') heartbeat(this.#context, task);
        else if (report.kind === 'success') await taskSucceeded(this.#context, task, report.output);
        else await taskFailed(this.#context, task, report);
      };
      this.#post(work).then(() => resolve(known), reject);
    });
  }

  /** Leaves the execution as it is stored, for a later process. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#callOff?.();
    for (const call of this.#calls.values()) call.abort();
    await this.#tail;
  }

  #later(work: () => void | Promise<void>): void {
    this.#post(work).catch(this.#options.report);
  }

  /** @returns when the work and all that follows from it is stored. */
  #post(work: () => void | Promise<void>): Promise<void> {
    const posted = this.#tail.then(async () => {
      if (this.#closed || this.#context.journal.outcome !== undefined) return;
      try {
        await this.#proceed(work);
      } catch (error) {
        this.#closed = true;
        throw error;
      }
    });
    this.#tail = posted.catch(() => undefined);
    return posted;
  }

  async #proceed(work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
      while (await settle(this.#context, STEPS_PER_TURN)) {
        this.#commit();
        await setImmediate();
      }
    } catch (error) {
      if (this.#context.journal.outcome !== undefined) throw error;
      fail(this.#context, error instanceof Error ? error.message : String(error));
    }
    this.#commit();
    this.#arm();
  }

  #commit(): void {
    const { store, now, ended } = this.#options;
    const { facts, outcome } = this.#context.journal;
    const changes = this.#context.journal.take();
    store.commit(facts.arn, changes, now());
    for (const { kind, thread } of changes.effects) {
      if (kind === 'cancel') this.#cancel(thread);
      else this.#call(thread);
    }
    if (outcome !== undefined) ended(facts.arn);
  }

  #arm(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    const due = this.#context.journal.outcome === undefined ? nextDue(this.#context) : undefined;
    if (due === undefined || this.#closed) return;
    this.#callOff = this.#options.setTimer(due, () => this.#later(() => tick(this.#context)));
  }

  #cancel(threadId: number): void {
    this.#calls.get(threadId)?.abort();
    this.#calls.delete(threadId);
  }

  #call(threadId: number): void {
    const task = underway(this.#context, threadId);
    if (task === undefined) return;
    const { attempt } = task.thread;
    const { facts } = this.#context.journal;
    const controller = new AbortController();
    this.#calls.set(threadId, controller);
    const { phase, resource } = task;
    const done = (then: (task: Underway) => Promise<void>): void =>
      this.#later(async () => {
        if (this.#calls.get(threadId) === controller) this.#calls.delete(threadId);
        const current = underway(this.#context, threadId);
        // A time-out, a callback or a stop may have been first.
        if (current?.thread.attempt === attempt && current.phase.stage === phase.stage) await then(current);
      });
    void this.#options.perform({ facts, resource, phase, signal: controller.signal }).then(
      (result) =>
        done((current) =>
          phase.stage === 'calling'
            ? taskAnswered(this.#context, current, result)
            : taskSucceeded(this.#context, current, result),
        ),
      (error: unknown) => done((current) => taskFailed(this.#context, current, failureOf(error))),
    );
  }
}

function contextOf(
  execution: Execution,
  { now, random, waitScale, newToken }: RunOptions,
  saved?: ConstructorParameters<typeof Journal>[2],
): Context {
  const { arn, name, machineArn, roleArn, startedAt, deadline } = execution;
  const facts = {
    arn,
    name,
    machineArn,
    machineName: machineArn.slice(machineArn.lastIndexOf(':') + 1),
    roleArn,
    input: parseJson(execution.input),
    startedAt,
    ...(deadline === undefined ? {} : { deadline }),
  };
  return {
    definition: parseDefinition(execution.definition),
    journal: new Journal(facts, now, saved),
    sources: { now, random },
    waitScale,
    newToken: (threadId) => newToken(arn, threadId),
  };
}

function failureOf(error: unknown): Failure {
  if (error instanceof TaskError) return { error: error.code, cause: error.message };
  return { error: 'States.Runtime', cause: error instanceof Error ? error.message : String(error) };
}
