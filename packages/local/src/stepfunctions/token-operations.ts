import * as z from 'zod';
import { AwsError } from '../aws/engine.ts';
import { machineOfExecution } from './arn.ts';
import type { Executions } from './executions.ts';
import { type Json, PAYLOAD_BYTES_MAX, parseJson } from './json.ts';
import { type OperationSpec, operation } from './operation.ts';
import { readToken } from './task-token.ts';

const taskToken = z.string().min(1).max(2048);

/** The callbacks of tasks. Each needs a right on the machine that the token names. */
export function tokenOperations(executions: Executions): Readonly<Record<string, OperationSpec>> {
  const requires =
    (action: string) =>
    ({ taskToken: token }: { readonly taskToken: string }) => [
      { action: `states:${action}`, resource: machineOfExecution(readToken(token).executionArn) },
    ];
  return {
    SendTaskSuccess: operation({
      body: z.strictObject({ taskToken, output: z.string() }),
      requires: requires('SendTaskSuccess'),
      async run({ taskToken: token, output }) {
        await executions.report(token, { kind: 'success', output: readOutput(output) });
        return {};
      },
    }),
    SendTaskFailure: operation({
      body: z.strictObject({
        taskToken,
        error: z.string().max(256).default(''),
        cause: z.string().max(32_768).default(''),
      }),
      requires: requires('SendTaskFailure'),
      async run({ taskToken: token, error, cause }) {
        await executions.report(token, { kind: 'failure', error, cause });
        return {};
      },
    }),
    SendTaskHeartbeat: operation({
      body: z.strictObject({ taskToken }),
      requires: requires('SendTaskHeartbeat'),
      async run({ taskToken: token }) {
        await executions.report(token, { kind: 'heartbeat' });
        return {};
      },
    }),
  };
}

function readOutput(output: string): Json {
  if (Buffer.byteLength(output) > PAYLOAD_BYTES_MAX) {
    throw new AwsError('InvalidOutput', `Invalid Output: over ${PAYLOAD_BYTES_MAX} bytes`);
  }
  try {
    return parseJson(output);
  } catch {
    throw new AwsError('InvalidOutput', "Invalid Output: 'it is not JSON'");
  }
}
