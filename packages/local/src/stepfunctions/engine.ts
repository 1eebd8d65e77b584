/**
 * Step Functions: standard state machines in JSONata. Everything is in `stepfunctions.db`, and executions go on after
 * the process has died: a Wait ends at its time, and a task that was being called is called again.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AssumeRoleForService, Engine } from '../aws/engine.ts';
import { clockTimers, type SetTimer } from '../scheduler/timer.ts';
import { openExecutionStore } from './execution/execution-store.ts';
import { executionOperations } from './execution-operations.ts';
import { createExecutions } from './executions.ts';
import { type ExecutionSummary, type ExecutionView, summarise, viewOf } from './inspect.ts';
import { machineOperations, newMachine } from './machine-operations.ts';
import { openMachineStore } from './machine-store.ts';
import { prepareOperation } from './operation.ts';
import { tokenOperations } from './token-operations.ts';

/** A machine that the program declares. */
export interface MachineSpec {
  readonly name: string;
  readonly arn: string;
  /** The Amazon States Language, as JSON text. */
  readonly definition: string;
  readonly roleArn: string;
}

export interface StepFunctionsEngine extends Engine {
  /** Takes up what an earlier process left; called once tasks can be, that is when the gateway listens. */
  start(): void;
  /**
   * Makes a machine, or makes it anew; executions that run keep the definition that they began with.
   * @throws {AwsError} `InvalidDefinition`
   */
  ensureMachine(spec: MachineSpec): void;
  machines(): readonly MachineSpec[];
  /** The newest first, for a page that lists them. */
  executions(limit: number): readonly ExecutionSummary[];
  /** One execution with a line per state that it was in. */
  execution(arn: string): ExecutionView | undefined;
}

export interface StepFunctionsOptions {
  readonly dir: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
  /** Shortens what state machines wait for: their Wait states, and the delays before retries; 1 unless given. Time limits stay. */
  readonly waitScale?: number;
  readonly setTimer?: SetTimer;
  readonly accountId: string;
  readonly region: string;
  readonly assumeRoleForService: AssumeRoleForService;
  /** Where tasks reach AWS; asked only when the first task is called. */
  readonly endpoint: () => string;
  readonly machines?: readonly MachineSpec[];
  /** Told of what goes wrong where nobody waits for an answer. */
  readonly report?: (error: unknown) => void;
}

const MACHINES_MAX = 10_000;

export async function createStepFunctionsEngine(options: StepFunctionsOptions): Promise<StepFunctionsEngine> {
  const { dir, now = Date.now, random = Math.random, waitScale = 1, report = console.error } = options;
  mkdirSync(dir, { recursive: true });
  const db = new DatabaseSync(join(dir, 'stepfunctions.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  const machines = openMachineStore(db);
  const store = openExecutionStore(db, now());
  const setTimer = options.setTimer ?? clockTimers(now);
  const executions = createExecutions({ ...options, store, now, random, waitScale, setTimer, report });
  const operations = {
    ...machineOperations({ ...options, machines, now }),
    ...executionOperations({ machines, store, executions }),
    ...tokenOperations(executions),
  };
  const ensureMachine = (spec: MachineSpec): void => {
    const { createdAt } = machines.find(spec.arn) ?? { createdAt: now() };
    machines.put({ ...newMachine(spec.arn, spec, now()), createdAt });
  };
  for (const spec of options.machines ?? []) ensureMachine(spec);

  return {
    services: ['states'],
    protocol: 'json',
    prepare: (request) => prepareOperation(operations, 'AWSStepFunctions', request),
    async close() {
      await executions.close();
      db.close();
    },
    start: () => executions.resume(),
    ensureMachine,
    machines: () => machines.list('', MACHINES_MAX),
    executions: (limit) => store.page({ limit }).map(summarise),
    execution: (arn) => {
      const execution = store.find(arn);
      return execution === undefined ? undefined : viewOf(execution, store);
    },
  };
}
