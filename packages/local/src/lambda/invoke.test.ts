import { GetFunctionCommand, InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LambdaHarness, startLambda, writeFunction } from './testing/lambda-harness.ts';

let lambda: LambdaHarness;

beforeAll(async () => {
  process.env.LEAKED_FROM_PARENT = 'yes';
  lambda = await startLambda(
    (dir) => [
      writeFunction(dir, 'echo', 'export const handler = async (event) => ({ event })'),
      writeFunction(dir, 'env', 'export const handler = async () => process.env', { environment: { TABLE: 'Events' } }),
      writeFunction(
        dir,
        'context',
        `export const handler = async (event, context) => ({ ...context, remaining: context.getRemainingTimeInMillis() })`,
      ),
      writeFunction(dir, 'fails', `export const handler = async () => { throw new RangeError('too far') }`),
      writeFunction(dir, 'slow', 'export const handler = () => new Promise((r) => setTimeout(r, 60000))', {
        timeoutSeconds: 0.2,
      }),
      writeFunction(dir, 'spins', 'export const handler = () => { for (;;); }', { timeoutSeconds: 0.2 }),
      writeFunction(
        dir,
        'hoards',
        'const kept = []; export const handler = () => { for (;;) kept.push(new Array(1e5).fill({})) }',
      ),
      writeFunction(dir, 'exits', 'export const handler = () => process.exit(3)'),
      writeFunction(
        dir,
        'rejects',
        `export const handler = () => { Promise.reject(new Error('lost')); return new Promise(() => {}) }`,
      ),
      writeFunction(dir, 'huge', `export const handler = async () => 'x'.repeat(7e6)`),
      writeFunction(dir, 'broken', 'export const handler = (', {}),
      writeFunction(dir, 'missing', 'export const other = 1', {}),
      writeFunction(dir, 'callback', 'export const handler = (event, context, callback) => callback(null, 1)'),
      writeFunction(dir, 'counts', 'let n = 0; export const handler = async () => ++n'),
      writeFunction(
        dir,
        'overlaps',
        `let running = 0; export const handler = async () => { running++; await new Promise((r) => setTimeout(r, 50)); return running-- }`,
      ),
      writeFunction(
        dir,
        'logs',
        `export const handler = async (event) => {
           console.log('hello %s', event.name); console.error('bad\\nworse');
           process.stdout.write(JSON.stringify({ level: 'warn', tenantId: 'ten_1' }) + '\\n');
         }`,
      ),
    ],
    { limits: { perFunction: 2, total: 4, waitMs: 3000 } },
  );
});

afterAll(() => lambda.close());

async function invoke(name: string, payload: unknown = {}) {
  const answer = await lambda.client.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload) }));
  return { ...answer, payload: JSON.parse(answer.Payload?.transformToString() ?? 'null') };
}

test('a function gets the event and its answer comes back', async () => {
  const answer = await invoke('echo', { a: [1, 'ü'] });
  expect(answer.payload).toEqual({ event: { a: [1, 'ü'] } });
  expect(answer.StatusCode).toBe(200);
  expect(answer.ExecutedVersion).toBe('$LATEST');
  expect(answer.FunctionError).toBeUndefined();
});

test('a function sees its own environment and role, and nothing of the process around it', async () => {
  const { payload } = await invoke('env');
  expect(payload).toMatchObject({
    TABLE: 'Events',
    AWS_LAMBDA_FUNCTION_NAME: 'env',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: lambda.server.url,
    AWS_SESSION_TOKEN: 'token of arn:aws:iam::000000000000:role/env-role',
  });
  expect(payload).not.toHaveProperty('LEAKED_FROM_PARENT');
  expect(payload).not.toHaveProperty('HOME');
});

test('the context has the members that Lambda gives', async () => {
  const { payload } = await invoke('context');
  expect(payload).toMatchObject({
    functionName: 'context',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:context',
    functionVersion: '$LATEST',
    memoryLimitInMB: '128',
    callbackWaitsForEmptyEventLoop: true,
  });
  expect(payload.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(payload.remaining).toBeGreaterThan(3000);
  expect(payload.remaining).toBeLessThanOrEqual(5000);
});

test.each([
  ['fails', 'RangeError', 'too far'],
  ['slow', 'Sandbox.Timedout', 'Task timed out after 0.20 seconds'],
  ['spins', 'Sandbox.Timedout', 'Task timed out after 0.20 seconds'],
  ['hoards', 'Runtime.OutOfMemory', 'signal: killed'],
  ['exits', 'Runtime.ExitError', 'exit status 3'],
  ['rejects', 'Runtime.UnhandledPromiseRejection', 'lost'],
  ['huge', 'Function.ResponseSizeTooLarge', '6291456'],
  ['broken', 'Runtime.UserCodeSyntaxError', ''],
  ['missing', 'Runtime.HandlerNotFound', 'handler is undefined or not exported'],
  ['callback', 'Runtime.CallbackHandlerDeprecated', 'promise'],
])("%s ends as %s, in Lambda's error shape", async (name, errorType, message) => {
  const { payload, FunctionError } = await invoke(name);
  expect(FunctionError).toBe('Unhandled');
  expect(payload.errorType).toBe(errorType);
  expect(payload.errorMessage).toContain(message);
});

test('an environment stays warm between invocations and is replaced after a failure of the runtime', async () => {
  expect((await invoke('counts')).payload).toBe(1);
  expect((await invoke('counts')).payload).toBe(2);
  await invoke('exits');
  expect((await invoke('exits')).payload.errorType).toBe('Runtime.ExitError');
});

test('an environment runs one invocation at a time, however many come', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => invoke('overlaps')));
  expect(answers.map((answer) => answer.payload)).toEqual(Array(8).fill(1));
});

test('console lines carry their request and their level', async () => {
  await invoke('logs', { name: 'Ann' });
  const { requestId } = lambda.engine.recentInvocations('logs')[0] ?? {};
  expect(lambda.lines.filter((line) => line.function === 'logs')).toEqual([
    { function: 'logs', requestId, level: 'INFO', text: 'hello Ann' },
    { function: 'logs', requestId, level: 'ERROR', text: 'bad' },
    { function: 'logs', requestId, level: 'ERROR', text: 'worse' },
    { function: 'logs', requestId, level: 'INFO', text: '{"level":"warn","tenantId":"ten_1"}' },
  ]);
});

test('the log tail comes back when asked for', async () => {
  const command = new InvokeCommand({ FunctionName: 'logs', Payload: '{"name":"Bo"}', LogType: 'Tail' });
  const { LogResult } = await lambda.client.send(command);
  expect(Buffer.from(LogResult ?? '', 'base64').toString()).toContain('hello Bo');
});

test.each([
  'echo',
  'arn:aws:lambda:us-east-1:000000000000:function:echo',
  '000000000000:function:echo',
  'echo:$LATEST',
])('a function is found by %s, and the permission is on its ARN', async (name) => {
  expect((await invoke(name)).payload).toEqual({ event: {} });
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:echo';
  const resource = name.endsWith('$LATEST') ? `${arn}:$LATEST` : arn;
  expect(lambda.server.required.at(-1)).toEqual({ action: 'lambda:InvokeFunction', resource });
});

test('what cannot be invoked is refused as Lambda refuses it', async () => {
  await expect(invoke('nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(invoke('echo:v2')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(invoke('arn:aws:lambda:us-east-1:111111111111:function:echo')).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
  });
  await expect(invoke('echo', 'x'.repeat(6 * 1024 * 1024))).rejects.toMatchObject({ name: 'RequestTooLargeException' });
  const notJson = new InvokeCommand({ FunctionName: 'echo', Payload: '{' });
  await expect(lambda.client.send(notJson)).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
});

test('a dry run runs nothing', async () => {
  const before = lambda.engine.recentInvocations().length;
  const answer = await lambda.client.send(new InvokeCommand({ FunctionName: 'echo', InvocationType: 'DryRun' }));
  expect(answer.StatusCode).toBe(204);
  expect(lambda.engine.recentInvocations()).toHaveLength(before);
});

test('functions can be looked up and listed', async () => {
  const { Configuration } = await lambda.client.send(new GetFunctionCommand({ FunctionName: 'env' }));
  expect(Configuration).toMatchObject({ FunctionName: 'env', MemorySize: 128, State: 'Active', Timeout: 5 });
  const { Functions } = await lambda.client.send(new ListFunctionsCommand({}));
  expect(Functions?.map((one) => one.FunctionName)).toContain('echo');
});
