import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  CreateStateMachineCommand,
  GetExecutionHistoryCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createStepFunctionsEngine } from './engine.ts';
import { startGateway, type TestGateway } from './testing/gateway.ts';
import { machineOf } from './testing/play.ts';
import { assumeRoleForService, clientOf, ended, functionArn, place, ROLE_ARN } from './testing/world.ts';

let dir: string;
let functions: TestGateway;
let server: ChildProcess | undefined;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'stepfunctions-'));
  functions = await startGateway();
});
afterEach(async () => {
  await kill();
  await functions.close();
  rmSync(dir, { recursive: true });
});

async function boot(): Promise<SFNClient> {
  const script = join(import.meta.dirname, 'testing/serve.ts');
  server = spawn(process.execPath, [script, dir, functions.url], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (server.stdout === null) throw new Error('The server has no output');
  const [url] = (await once(createInterface(server.stdout), 'line')) as [string];
  return clientOf(url);
}

async function kill(): Promise<void> {
  if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGKILL');
  await once(server, 'exit');
}

async function start(client: SFNClient, definition: object, input: unknown = {}): Promise<string> {
  const create = { name: 'survivor', definition: JSON.stringify(definition), roleArn: ROLE_ARN };
  const { stateMachineArn } = await client.send(new CreateStateMachineCommand(create));
  const request = { stateMachineArn, name: 'run', input: JSON.stringify(input) };
  return (await client.send(new StartExecutionCommand(request))).executionArn ?? '';
}

async function typesOf(client: SFNClient, executionArn: string): Promise<(string | undefined)[]> {
  const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  return events.map(({ type }) => type);
}

describe('after the process was killed', () => {
  test('a Wait ends at the time at which it was to end, with the variables from before it', async () => {
    const until = new Date(Date.now() + 1500);
    let client = await boot();
    const executionArn = await start(
      client,
      machineOf({
        Keep: { Type: 'Pass', Assign: { kept: '{% $states.input.x %}' }, Next: 'Wait' },
        Wait: { Type: 'Wait', Timestamp: until.toISOString(), Next: 'Show' },
        Show: { Type: 'Pass', Output: '{% $kept %}', End: true },
      }),
      { x: 42 },
    );
    await kill();
    client = await boot();
    const { output, stopDate } = await ended(client, executionArn);
    expect(output).toBe('42');
    const late = (stopDate?.getTime() ?? 0) - until.getTime();
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(5000);
    const types = await typesOf(client, executionArn);
    expect(types.filter((type) => type === 'WaitStateEntered')).toHaveLength(1);
  });

  test('a task that was being called is called again, with the same arguments, and its history says so', async () => {
    let called = (): void => undefined;
    const firstCall = new Promise<void>((resolve) => {
      called = resolve;
    });
    functions.functions.set('f', () => {
      called();
      return functions.calls.length === 1 ? new Promise(() => undefined) : 'done';
    });
    let client = await boot();
    const call = {
      Type: 'Task',
      Resource: functionArn('f'),
      Arguments: { id: '{% $uuid() %}' },
      End: true,
    };
    const executionArn = await start(client, machineOf({ Call: call }));
    await firstCall;
    await kill();
    client = await boot();
    expect(await ended(client, executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
    expect(functions.calls).toHaveLength(2);
    expect(functions.calls[1]).toEqual(functions.calls[0]);
    expect(await typesOf(client, executionArn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionFailed',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test('a task token is still good, and a Map goes on where its iterations were', async () => {
    const tokens: string[] = [];
    functions.functions.set('f', (token) => tokens.push(String(token)));
    let client = await boot();
    const each = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: 'f', Payload: '{% $states.context.Task.Token %}' },
      End: true,
    };
    const executionArn = await start(
      client,
      machineOf({
        Each: { Type: 'Map', MaxConcurrency: 2, ItemProcessor: { StartAt: 'Ask', States: { Ask: each } }, End: true },
      }),
      ['a', 'b', 'c'],
    );
    const submitted = async (): Promise<number> =>
      (await typesOf(client, executionArn)).filter((type) => type === 'TaskSubmitted').length;
    while ((await submitted()) < 2);
    await client.send(new SendTaskSuccessCommand({ taskToken: tokens[1], output: '"second"' }));
    while ((await submitted()) < 3);
    await kill();
    client = await boot();
    await client.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: '"first"' }));
    await client.send(new SendTaskSuccessCommand({ taskToken: tokens[2], output: '"third"' }));
    const { output = '' } = await ended(client, executionArn);
    expect((JSON.parse(output) as string[]).toSorted()).toEqual(['first', 'second', 'third']);
    expect(tokens).toHaveLength(3);
  });

  test('an execution goes on in the midst of its states', async () => {
    let client = await boot();
    const executionArn = await start(
      client,
      machineOf({
        Begin: { Type: 'Pass', Assign: { n: 0 }, Next: 'Count' },
        Count: { Type: 'Pass', Assign: { n: '{% $n + 1 %}' }, Next: 'Enough' },
        Enough: { Type: 'Choice', Choices: [{ Condition: '{% $n < 2000 %}', Next: 'Count' }], Default: 'Show' },
        Show: { Type: 'Succeed', Output: '{% $n %}' },
      }),
    );
    await kill();
    client = await boot();
    expect(await ended(client, executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '2000' });
  });

  test('an execution that ended stays ended, and its name taken', async () => {
    let client = await boot();
    const definition = machineOf({ A: { Type: 'Pass', End: true } });
    const executionArn = await start(client, definition);
    const before = await ended(client, executionArn);
    await kill();
    client = await boot();
    expect({ ...(await ended(client, executionArn)), $metadata: 0 }).toEqual({ ...before, $metadata: 0 });
    await expect(start(client, definition)).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });
});

test('an engine that is closed leaves a task under way to the next one, not to its Retry', async () => {
  const called = new Promise<void>((resolve) => {
    functions.functions.set('f', (_, { hungUp }) => {
      resolve();
      return functions.calls.length === 1 ? hungUp : 'done';
    });
  });
  const engines = { dir, ...place, assumeRoleForService, endpoint: () => functions.url };
  const client = clientOf(functions.url);
  let engine = await createStepFunctionsEngine(engines);
  functions.serve(engine);
  const call = { Type: 'Task', Resource: functionArn('f'), End: true };
  const executionArn = await start(client, machineOf({ Call: call }));
  await called;
  await engine.close();
  engine = await createStepFunctionsEngine(engines);
  functions.serve(engine);
  engine.start();
  expect(await ended(client, executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
  await engine.close();
});
