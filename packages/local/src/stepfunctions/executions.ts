/** The executions of this process: the running ones, and those that are stored. */

import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws/engine.ts';
import type { SetTimer } from '../scheduler/timer.ts';
import { executionArn, requireName } from './arn.ts';
import { parseDefinition } from './definition/definition.ts';
import type { Execution } from './execution/execution.ts';
import type { ExecutionStore } from './execution/execution-store.ts';
import { Run, type RunOptions, type TokenReport } from './execution/run.ts';
import { PAYLOAD_BYTES_MAX, parseJson } from './json.ts';
import type { Machine } from './machine-store.ts';
import { createPerformer } from './task/perform.ts';
import { makeToken, readToken } from './task-token.ts';

export interface Executions {
  /**
   * Starts an execution, or finds the one that a repeated call has started.
   * @throws {AwsError} `ExecutionAlreadyExists`, `InvalidExecutionInput`, `InvalidName`
   */
  start(machine: Machine, request: { readonly name?: string | undefined; readonly input: string }): Execution;
  /** Stops a running execution; one that has ended stays as it is. @returns when it ended. */
  stop(arn: string, reason: { readonly error?: string; readonly cause?: string }): Promise<number>;
  /** @throws {AwsError} `TaskTimedOut`, `InvalidToken` */
  report(token: string, report: TokenReport): Promise<void>;
  /** Takes up what an earlier process left. */
  resume(): void;
  close(): Promise<void>;
}

export function createExecutions(
  options: Parameters<typeof createPerformer>[0] & {
    readonly store: ExecutionStore;
    readonly random: () => number;
    readonly waitScale: number;
    readonly setTimer: SetTimer;
    readonly report: (error: unknown) => void;
  },
): Executions {
  const { store, now, random, waitScale, setTimer, report } = options;
  const performer = createPerformer(options);
  const runs = new Map<string, Run>();
  const runOptions: RunOptions = {
    store,
    now,
    random,
    waitScale,
    setTimer,
    report,
    perform: performer.perform,
    newToken: makeToken,
    ended: (arn) => void runs.delete(arn),
  };

  return {
    start(machine, { name = randomUUID(), input }) {
      const arn = executionArn(machine.arn, requireName(name));
      requireInput(input);
      const existing = store.find(arn);
      if (existing !== undefined) {
        if (existing.status === 'RUNNING' && existing.input === input) return existing;
        throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
      }
      const startedAt = now();
      const { TimeoutSeconds: timeout } = parseDefinition(machine.definition);
      const execution: Execution = {
        arn,
        name,
        machineArn: machine.arn,
        roleArn: machine.roleArn,
        definition: machine.definition,
        input,
        status: 'RUNNING',
        startedAt,
        ...(timeout === undefined ? {} : { deadline: startedAt + timeout * 1000 }),
      };
      runs.set(arn, Run.start(execution, runOptions));
      return execution;
    },
    async stop(arn, reason) {
      await runs.get(arn)?.stop(reason);
      const stoppedAt = store.find(arn)?.stoppedAt;
      if (stoppedAt === undefined) throw new AwsError('InternalFailure', 'The execution could not be stopped.', 500);
      return stoppedAt;
    },
    async report(token, said) {
      const { executionArn: arn, threadId } = readToken(token);
      if (await runs.get(arn)?.report(threadId, token, said)) return;
      throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
    },
    resume() {
      for (const execution of store.running()) {
        if (!runs.has(execution.arn)) runs.set(execution.arn, Run.resume(execution, runOptions));
      }
    },
    async close() {
      await Promise.all([...runs.values()].map((run) => run.close()));
      performer.close();
    },
  };
}

function requireInput(input: string): void {
  if (Buffer.byteLength(input) > PAYLOAD_BYTES_MAX) {
    throw new AwsError(
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: over ${PAYLOAD_BYTES_MAX} bytes`,
    );
  }
  try {
    parseJson(input);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it is not JSON';
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${reason}'`);
  }
}
