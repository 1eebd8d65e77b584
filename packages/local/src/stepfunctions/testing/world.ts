/** A Step Functions engine behind a gateway, with a real client. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { AssumeRoleForService } from '../../aws/engine.ts';
import { createStepFunctionsEngine, type StepFunctionsEngine, type StepFunctionsOptions } from '../engine.ts';
import { startGateway, type TestGateway } from './gateway.ts';

export const ROLE_ARN = 'arn:aws:iam::000000000000:role/machine';
export const place = { accountId: '000000000000', region: 'us-east-1' };

/** Credentials whose key id says whose they are. */
export const assumeRoleForService: AssumeRoleForService = async ({ roleArn, servicePrincipal, sessionName }) => ({
  accessKeyId: [roleArn.split('/').at(-1), servicePrincipal, sessionName].join('.'),
  secretAccessKey: 'secret',
  sessionToken: 'token',
  expiration: new Date(Date.now() + 3_600_000),
});

export const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
export const arnOf = (name: string): string => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;

export interface World {
  readonly gateway: TestGateway;
  readonly engine: StepFunctionsEngine;
  readonly client: SFNClient;
  /** Makes a machine of a definition. @returns its ARN. */
  machine(definition: object, name?: string): string;
  /** Resolves once the execution has ended. */
  ended(executionArn: string): Promise<DescribeExecutionOutput>;
  history(executionArn: string): Promise<HistoryEvent[]>;
  close(): Promise<void>;
}

export async function openWorld(options: Partial<StepFunctionsOptions> = {}): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'stepfunctions-'));
  const gateway = await startGateway();
  const engine = await createStepFunctionsEngine({
    dir,
    ...place,
    assumeRoleForService,
    endpoint: () => gateway.url,
    ...options,
  });
  gateway.serve(engine);
  engine.start();
  const client = clientOf(gateway.url);
  let made = 0;
  return {
    gateway,
    engine,
    client,
    machine(definition, name = `machine-${++made}`) {
      engine.ensureMachine({ name, arn: arnOf(name), roleArn: ROLE_ARN, definition: JSON.stringify(definition) });
      return arnOf(name);
    },
    ended: (executionArn) => ended(client, executionArn),
    async history(executionArn) {
      const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
      return events;
    },
    async close() {
      client.destroy();
      await engine.close();
      await gateway.close();
      rmSync(dir, { recursive: true });
    },
  };
}

export function clientOf(endpoint: string): SFNClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new SFNClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
}

export async function ended(client: SFNClient, executionArn: string): Promise<DescribeExecutionOutput> {
  for (;;) {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== 'RUNNING') return execution;
  }
}
