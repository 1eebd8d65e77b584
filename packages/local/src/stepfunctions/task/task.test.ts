import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AwsError } from '../../aws/engine.ts';
import { type FakeClock, fakeClock } from '../../scheduler/testing/fake-clock.ts';
import { FunctionFailure } from '../testing/gateway.ts';
import { machineOf } from '../testing/play.ts';
import { arnOf, assumeRoleForService, functionArn, openWorld, type World } from '../testing/world.ts';

let world: World;
let clock: FakeClock;
beforeEach(async () => {
  clock = fakeClock();
  world = await openWorld({
    now: clock.now,
    setTimer: clock.setTimer,
    assumeRoleForService: async (request) => {
      if (!request.roleArn.endsWith('role/untrusting')) return assumeRoleForService(request);
      throw new AwsError('AccessDenied', 'Not authorized to perform: sts:AssumeRole', 403);
    },
  });
});
afterEach(() => world.close());

const INVOKE = 'arn:aws:states:::lambda:invoke';

async function start(state: object, input: unknown = {}): Promise<string> {
  const stateMachineArn = world.machine(machineOf({ Call: { Type: 'Task', End: true, ...state } }), 'caller');
  const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
  return (await world.client.send(command)).executionArn ?? '';
}

async function run(state: object, input: unknown = {}) {
  const end = await world.ended(await start(state, input));
  return { ...end, result: end.output === undefined ? undefined : (JSON.parse(end.output) as unknown) };
}

describe('a function', () => {
  test('is called with the machine’s own role, and its whole answer is the result', async () => {
    world.gateway.functions.set('f', (payload) => ({ got: payload }));
    const { result } = await run(
      { Resource: INVOKE, Arguments: { FunctionName: functionArn('f'), Payload: '{% $states.input %}' } },
      [1],
    );
    expect(result).toMatchObject({ Payload: { got: [1] }, StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(world.gateway.calls).toEqual([{ target: 'f', body: [1], keyId: 'machine.states.amazonaws.com.caller' }]);
  });

  test('that is named by its ARN gives just its answer', async () => {
    world.gateway.functions.set('f', (payload) => ({ got: payload }));
    expect((await run({ Resource: functionArn('f') }, 5)).result).toEqual({ got: 5 });
  });

  test('that throws gives its error’s name to Retry and Catch', async () => {
    let calls = 0;
    world.gateway.functions.set('f', () => {
      calls += 1;
      if (calls === 1) throw new FunctionFailure('RetryableError');
      throw new FunctionFailure('ForGood', 'no way');
    });
    const running = start({
      Resource: functionArn('f'),
      Retry: [{ ErrorEquals: ['RetryableError'], IntervalSeconds: 7 }],
    });
    await clock.armed(clock.now() + 7000);
    clock.advanceTo(clock.now() + 7000);
    const { status, error, cause = '' } = await world.ended(await running);
    expect({ status, error, calls }).toEqual({ status: 'FAILED', error: 'ForGood', calls: 2 });
    expect(JSON.parse(cause)).toMatchObject({ errorMessage: 'no way', errorType: 'ForGood' });
  });

  test('that takes too long is hung up on', async () => {
    const called = new Promise<{ readonly hungUp: Promise<void> }>((resolve) => {
      world.gateway.functions.set('f', (_, call) => {
        resolve(call);
        return call.hungUp;
      });
    });
    await start({ Resource: functionArn('f'), TimeoutSeconds: 5, Retry: [{ ErrorEquals: ['States.Timeout'] }] });
    const { hungUp } = await called;
    clock.advanceTo(clock.now() + 5000);
    await hungUp;
  });

  test.each<readonly [string, AwsError]>([
    ['Lambda.ResourceNotFoundException', new AwsError('ResourceNotFoundException', 'gone', 404)],
    ['Lambda.TooManyRequestsException', new AwsError('TooManyRequestsException', 'slow down', 429)],
    ['Lambda.AWSLambdaException', new AwsError('AccessDeniedException', 'not authorized', 403)],
  ])('that cannot be called fails with %s', async (expected, refusal) => {
    world.gateway.functions.set('f', () => {
      throw refusal;
    });
    expect(await run({ Resource: functionArn('f') })).toMatchObject({
      status: 'FAILED',
      error: expected,
      cause: refusal.message,
    });
    expect(world.gateway.calls).toHaveLength(1);
  });

  test.each<readonly [unknown, string]>([
    [[], 'must be an object'],
    [{ Payload: 1 }, 'FunctionName'],
    [{ FunctionName: 'f', Colour: 'red' }, 'Colour'],
    [{ FunctionName: 'f', InvocationType: 'DryRun' }, 'InvocationType'],
  ])('with arguments %j is not called', async (Arguments, reason) => {
    const { status, cause } = await run({ Resource: INVOKE, Arguments });
    expect(status).toBe('FAILED');
    expect(cause).toContain(reason);
    expect(world.gateway.calls).toEqual([]);
  });
});

test('a role that does not trust Step Functions fails the task with States.Permissions', async () => {
  const definition = JSON.stringify(machineOf({ Call: { Type: 'Task', Resource: functionArn('f'), End: true } }));
  const stateMachineArn = arnOf('untrusted');
  world.engine.ensureMachine({
    name: 'untrusted',
    arn: stateMachineArn,
    roleArn: 'arn:aws:iam::000000000000:role/untrusting',
    definition,
  });
  const { executionArn = '' } = await world.client.send(new StartExecutionCommand({ stateMachineArn }));
  expect(await world.ended(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Permissions' });
});

describe('a service', () => {
  const refuse = (code: string) => () => {
    throw new AwsError(code, 'because');
  };

  test('is called with the arguments as they are, and its answer is the result', async () => {
    world.gateway.targets.set('DynamoDB_20120810.PutItem', () => ({ Attributes: { a: { S: 'old' } } }));
    const Arguments = { TableName: 't', Item: { pk: { S: '{% $states.input %}' } } };
    const { result } = await run({ Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItem', Arguments }, 'key');
    expect(result).toEqual({ Attributes: { a: { S: 'old' } } });
    expect(world.gateway.calls).toMatchObject([
      { body: { TableName: 't', Item: { pk: { S: 'key' } } }, keyId: 'machine.states.amazonaws.com.caller' },
    ]);
  });

  test.each([
    ['aws-sdk:dynamodb:putItem', 'ConditionalCheckFailedException', 'DynamoDb.ConditionalCheckFailedException'],
    ['dynamodb:putItem', 'ConditionalCheckFailedException', 'DynamoDB.ConditionalCheckFailedException'],
    ['dynamodb:putItem', 'AccessDeniedException', 'DynamoDB.AmazonDynamoDBException'],
    ['aws-sdk:dynamodb:putItem', 'AccessDeniedException', 'DynamoDb.DynamoDbException'],
  ])('%s that is refused with %s fails with %s', async (resource, code, error) => {
    world.gateway.targets.set('DynamoDB_20120810.PutItem', refuse(code));
    expect(await run({ Resource: `arn:aws:states:::${resource}` })).toMatchObject({
      status: 'FAILED',
      error,
      cause: 'because',
    });
  });

  test('SQS gets a body of JSON as text', async () => {
    world.gateway.targets.set('AmazonSQS.SendMessage', () => ({ MessageId: 'm' }));
    const Arguments = { QueueUrl: 'q', MessageBody: { x: '{% 1 %}' } };
    const { result } = await run({ Resource: 'arn:aws:states:::sqs:sendMessage', Arguments });
    expect(result).toEqual({ MessageId: 'm' });
    expect(world.gateway.calls).toMatchObject([{ body: { QueueUrl: 'q', MessageBody: '{"x":1}' } }]);
  });

  test('EventBridge that takes not every entry fails', async () => {
    world.gateway.targets.set('AWSEvents.PutEvents', () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'E' }] }));
    const Arguments = { Entries: [{ Source: 's', Detail: { x: 1 } }] };
    const { error } = await run({ Resource: 'arn:aws:states:::events:putEvents', Arguments });
    expect(error).toBe('EventBridge.FailedEntry');
    expect(world.gateway.calls).toMatchObject([{ body: { Entries: [{ Source: 's', Detail: '{"x":1}' }] } }]);
  });
});

describe('an execution of another machine', () => {
  const StateMachineArn = arnOf('inner');
  const sync = {
    Resource: 'arn:aws:states:::states:startExecution.sync:2',
    Arguments: { StateMachineArn, Input: { x: 1 } },
  };

  /** Lets the clock run on until the execution has ended. */
  async function watched(state: object) {
    const executionArn = await start(state);
    const end = world.ended(executionArn);
    let over = false;
    void end.finally(() => {
      over = true;
    });
    while (!over) {
      await Promise.race([end, clock.armed(clock.now() + 1)]);
      clock.advanceTo(Math.max(clock.now(), clock.nextDue() ?? 0));
    }
    return end;
  }

  test('is started and not waited for', async () => {
    world.machine(machineOf({ A: { Type: 'Wait', Seconds: 100, End: true } }), 'inner');
    const { result } = await run({
      Resource: 'arn:aws:states:::states:startExecution',
      Arguments: { StateMachineArn, Name: 'n' },
    });
    expect(result).toMatchObject({ ExecutionArn: `${StateMachineArn.replace('stateMachine', 'execution')}:n` });
  });

  test('is waited for, and its end is the result', async () => {
    world.machine(
      machineOf({ A: { Type: 'Wait', Seconds: 3, Output: { done: '{% $states.input.x %}' }, End: true } }),
      'inner',
    );
    const { output = '', status } = await watched(sync);
    expect(status).toBe('SUCCEEDED');
    expect(JSON.parse(output)).toMatchObject({ Status: 'SUCCEEDED', Input: { x: 1 }, Output: { done: 1 } });
  });

  test('that fails makes the task fail', async () => {
    world.machine(machineOf({ A: { Type: 'Fail', Error: 'Inner' } }), 'inner');
    const { error, cause = '' } = await watched(sync);
    expect(error).toBe('States.TaskFailed');
    expect(JSON.parse(cause)).toMatchObject({ Status: 'FAILED', Error: 'Inner' });
  });
});

describe('a task token', () => {
  const waiting = (more: object = {}): object => ({
    Resource: `${INVOKE}.waitForTaskToken`,
    Arguments: { FunctionName: 'f', Payload: '{% $states.context.Task.Token %}' },
    ...more,
  });
  /** Resolves with the token once the function has it; the function answers when told to. */
  function handOut(answer: Promise<void> = Promise.resolve()): Promise<string> {
    return new Promise((resolve) => {
      world.gateway.functions.set('f', async (token) => {
        resolve(String(token));
        await answer;
      });
    });
  }
  const success = (taskToken: string, output = '"called back"') =>
    world.client.send(new SendTaskSuccessCommand({ taskToken, output }));

  test('ends its task with what the caller says', async () => {
    const token = handOut();
    const executionArn = await start(waiting());
    await success(await token);
    expect(world.gateway.requires).toEqual([{ action: 'states:SendTaskSuccess', resource: arnOf('caller') }]);
    expect(await world.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '"called back"' });
  });

  test('ends its task even before the function has answered, whose answer then means nothing', async () => {
    let answer = (): void => undefined;
    const token = handOut(new Promise((resolve) => (answer = resolve)));
    const executionArn = await start(waiting());
    await success(await token);
    expect(await world.ended(executionArn)).toMatchObject({ output: '"called back"' });
    answer();
  });

  test('that ended its task early keeps the function’s answer away from the tasks after it', async () => {
    let answerFirst = (): void => undefined;
    const token = handOut(new Promise((resolve) => (answerFirst = resolve)));
    const second = new Promise<() => void>((resolve) => {
      world.gateway.functions.set('g', () => new Promise((answer) => resolve(() => answer('second'))));
    });
    const stateMachineArn = world.machine(
      machineOf({
        First: { Type: 'Task', ...waiting(), Next: 'Second' },
        Second: { Type: 'Task', Resource: functionArn('g'), End: true },
      }),
      'caller',
    );
    const { executionArn = '' } = await world.client.send(new StartExecutionCommand({ stateMachineArn }));
    await success(await token);
    const answerSecond = await second;
    answerFirst();
    await world.history(executionArn);
    answerSecond();
    expect(await world.ended(executionArn)).toMatchObject({ output: '"second"' });
    expect((await world.history(executionArn)).map(({ type }) => type)).not.toContain('TaskSubmitted');
  });

  test('fails its task with the error that the caller names', async () => {
    const token = handOut();
    const executionArn = await start(waiting({ Retry: [{ ErrorEquals: ['Other'] }] }));
    await world.client.send(new SendTaskFailureCommand({ taskToken: await token, error: 'Mine', cause: 'why' }));
    expect(await world.ended(executionArn)).toMatchObject({ status: 'FAILED', error: 'Mine', cause: 'why' });
  });

  test('works once, and only as it was given out', async () => {
    const token = await (() => {
      const given = handOut();
      return start(waiting()).then(() => given);
    })();
    const content = JSON.parse(Buffer.from(token, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...content, secret: 'guess' })).toString('base64url');
    await expect(success(forged)).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await expect(success('rubbish')).rejects.toMatchObject({ name: 'InvalidToken' });
    await expect(success(token, '{')).rejects.toMatchObject({ name: 'InvalidOutput' });
    await success(token);
    await expect(success(token)).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  test('keeps its task alive while heartbeats come, and no longer', async () => {
    const token = handOut();
    const began = clock.now();
    const executionArn = await start(waiting({ HeartbeatSeconds: 10, TimeoutSeconds: 1000 }));
    const taskToken = await token;
    for (const second of [8, 16, 24]) {
      clock.advanceTo(began + second * 1000);
      await world.client.send(new SendTaskHeartbeatCommand({ taskToken }));
    }
    await clock.armed(began + 34_000);
    clock.advanceTo(began + 34_000);
    expect(await world.ended(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' });
    await expect(world.client.send(new SendTaskHeartbeatCommand({ taskToken }))).rejects.toMatchObject({
      name: 'TaskTimedOut',
    });
  });
});
