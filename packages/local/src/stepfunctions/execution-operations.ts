import * as z from 'zod';
import { AwsError } from '../aws/engine.ts';
import { requireExecutionArn, requireMachineArn } from './arn.ts';
import type { Execution } from './execution/execution.ts';
import type { ExecutionStore } from './execution/execution-store.ts';
import { toWire } from './execution/history.ts';
import type { Executions } from './executions.ts';
import { requireMachine } from './machine-operations.ts';
import type { MachineStore } from './machine-store.ts';
import { type OperationSpec, operation } from './operation.ts';
import { pageSize, readCursor, writeCursor } from './paging.ts';

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
const byArn = z.strictObject({
  executionArn: z.string(),
  includedData: z.enum(['ALL_DATA', 'METADATA_ONLY']).optional(),
});

export function executionOperations(options: {
  readonly machines: MachineStore;
  readonly store: ExecutionStore;
  readonly executions: Executions;
}): Readonly<Record<string, OperationSpec>> {
  const { machines, store, executions } = options;
  return {
    StartExecution: operation({
      body: z.strictObject({
        stateMachineArn: z.string(),
        name: z.string().optional(),
        input: z.string().default('{}'),
        traceHeader: z.string().max(256).optional(),
      }),
      requires: (body) => [{ action: 'states:StartExecution', resource: requireMachineArn(body.stateMachineArn) }],
      run({ stateMachineArn, name, input }) {
        const { arn, startedAt } = executions.start(requireMachine(machines, stateMachineArn), { name, input });
        return { executionArn: arn, startDate: startedAt / 1000 };
      },
    }),
    DescribeExecution: operation({
      body: byArn,
      requires: (body) => [{ action: 'states:DescribeExecution', resource: requireExecutionArn(body.executionArn) }],
      run: ({ executionArn, includedData }) => {
        const execution = requireExecution(store, executionArn);
        return describe(execution, includedData !== 'METADATA_ONLY');
      },
    }),
    DescribeStateMachineForExecution: operation({
      body: byArn,
      requires: (body) => [
        { action: 'states:DescribeStateMachineForExecution', resource: requireExecutionArn(body.executionArn) },
      ],
      run({ executionArn }) {
        const { machineArn, definition, roleArn, startedAt } = requireExecution(store, executionArn);
        return {
          stateMachineArn: machineArn,
          name: machineArn.slice(machineArn.lastIndexOf(':') + 1),
          definition,
          roleArn,
          updateDate: startedAt / 1000,
        };
      },
    }),
    ListExecutions: operation({
      body: z.strictObject({
        stateMachineArn: z.string(),
        statusFilter: z.enum(statuses).optional(),
        maxResults: pageSize,
        nextToken: z.string().optional(),
      }),
      requires: (body) => [{ action: 'states:ListExecutions', resource: requireMachineArn(body.stateMachineArn) }],
      run({ stateMachineArn, statusFilter, maxResults, nextToken }) {
        requireMachine(machines, stateMachineArn);
        const after = readCursor(nextToken, z.strictObject({ startedAt: z.number(), arn: z.string() }));
        const found = store.page({
          machineArn: stateMachineArn,
          limit: maxResults + 1,
          ...(statusFilter === undefined ? {} : { status: statusFilter }),
          ...(after === undefined ? {} : { after }),
        });
        const shown = found.slice(0, maxResults);
        const last = shown.at(-1);
        const more = found.length > maxResults && last !== undefined;
        return {
          executions: shown.map(summary),
          ...(more ? { nextToken: writeCursor({ startedAt: last.startedAt, arn: last.arn }) } : {}),
        };
      },
    }),
    GetExecutionHistory: operation({
      body: z.strictObject({
        executionArn: z.string(),
        maxResults: pageSize,
        reverseOrder: z.boolean().default(false),
        nextToken: z.string().optional(),
        includeExecutionData: z.boolean().default(true),
      }),
      requires: (body) => [{ action: 'states:GetExecutionHistory', resource: requireExecutionArn(body.executionArn) }],
      run({ executionArn, maxResults, reverseOrder, nextToken, includeExecutionData }) {
        requireExecution(store, executionArn);
        const after = readCursor(nextToken, z.number());
        const found = store.events(executionArn, {
          limit: maxResults + 1,
          reverse: reverseOrder,
          ...(after === undefined ? {} : { after }),
        });
        const shown = found.slice(0, maxResults);
        return {
          events: shown.map((event) => toWire(event, includeExecutionData)),
          ...(found.length > maxResults ? { nextToken: writeCursor(shown.at(-1)?.id) } : {}),
        };
      },
    }),
    StopExecution: operation({
      body: z.strictObject({
        executionArn: z.string(),
        error: z.string().max(256).optional(),
        cause: z.string().max(32_768).optional(),
      }),
      requires: (body) => [{ action: 'states:StopExecution', resource: requireExecutionArn(body.executionArn) }],
      async run({ executionArn, error, cause }) {
        requireExecution(store, executionArn);
        const reason = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
        return { stopDate: (await executions.stop(executionArn, reason)) / 1000 };
      },
    }),
  };
}

function requireExecution(store: ExecutionStore, arn: string): Execution {
  const execution = store.find(arn);
  if (execution !== undefined) return execution;
  throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
}

function summary({ arn, machineArn, name, status, startedAt, stoppedAt }: Execution): object {
  return {
    executionArn: arn,
    stateMachineArn: machineArn,
    name,
    status,
    startDate: startedAt / 1000,
    ...(stoppedAt === undefined ? {} : { stopDate: stoppedAt / 1000 }),
    redriveCount: 0,
  };
}

function describe(execution: Execution, includeData: boolean): object {
  const { input, output, error, cause } = execution;
  return {
    ...summary(execution),
    ...(includeData ? { input, output, error, cause } : { error }),
    inputDetails: { included: includeData },
    ...(output === undefined ? {} : { outputDetails: { included: includeData } }),
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason: 'Executions are not redriven here',
  };
}
