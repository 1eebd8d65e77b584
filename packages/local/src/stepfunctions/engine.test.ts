import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClock } from '../scheduler/testing/fake-clock.ts';
import { machineOf } from './testing/play.ts';
import { arnOf, openWorld, ROLE_ARN, type World } from './testing/world.ts';

const clock = fakeClock();
let world: World;
beforeAll(async () => {
  world = await openWorld({ now: clock.now, setTimer: clock.setTimer });
});
afterAll(() => world.close());

const passing = machineOf({ A: { Type: 'Pass', End: true } });
const waiting = machineOf({ A: { Type: 'Wait', Seconds: 9999, End: true } });
const executionOf = (machine: string, name: string): string =>
  `${machine.replace(':stateMachine:', ':execution:')}:${name}`;

async function start(stateMachineArn: string, more: { name?: string; input?: string } = {}): Promise<string> {
  const { executionArn = '' } = await world.client.send(new StartExecutionCommand({ stateMachineArn, ...more }));
  return executionArn;
}

describe('StartExecution', () => {
  test('gives the execution an ARN of its machine and name, and its input to the first state', async () => {
    const machine = world.machine(passing);
    const arn = await start(machine, { name: 'first', input: '{"x":1}' });
    expect(arn).toBe(executionOf(machine, 'first'));
    expect(await world.ended(arn)).toMatchObject({ status: 'SUCCEEDED', input: '{"x":1}', output: '{"x":1}' });
  });

  test('answers a repeated call with the running execution', async () => {
    const machine = world.machine(waiting);
    const arns = await Promise.all([1, 2, 3].map(() => start(machine, { name: 'same', input: '{"x":1}' })));
    expect(new Set(arns)).toEqual(new Set([executionOf(machine, 'same')]));
    const { executions } = await world.client.send(new ListExecutionsCommand({ stateMachineArn: machine }));
    expect(executions).toHaveLength(1);
  });

  test('refuses a name that another input or an ended execution has', async () => {
    const machine = world.machine(waiting);
    const arn = await start(machine, { name: 'taken', input: '1' });
    const taken = expect.objectContaining({ name: 'ExecutionAlreadyExists' });
    await expect(start(machine, { name: 'taken', input: '2' })).rejects.toEqual(taken);
    await world.client.send(new StopExecutionCommand({ executionArn: arn }));
    await expect(start(machine, { name: 'taken', input: '1' })).rejects.toEqual(taken);
  });

  test.each<readonly [string, { name?: string; input?: string }]>([
    ['InvalidName', { name: 'with space' }],
    ['InvalidName', { name: 'a/b' }],
    ['InvalidName', { name: 'x'.repeat(81) }],
    ['InvalidExecutionInput', { input: '{' }],
    ['InvalidExecutionInput', { input: JSON.stringify('x'.repeat(262_143)) }],
  ])('refuses with %s', async (name, request) => {
    await expect(start(world.machine(passing), request)).rejects.toMatchObject({ name });
  });

  test('refuses a machine that does not exist, and what is no ARN', async () => {
    await expect(start(arnOf('nobody'))).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    await expect(start('nobody')).rejects.toMatchObject({ name: 'InvalidArn' });
  });
});

describe('state machines', () => {
  const definition = JSON.stringify(passing);

  test('are created once, described, listed, and deleted', async () => {
    const create = new CreateStateMachineCommand({ name: 'made', definition, roleArn: ROLE_ARN });
    const { stateMachineArn = '' } = await world.client.send(create);
    expect(stateMachineArn).toBe(arnOf('made'));
    await world.client.send(create);
    const other = { name: 'made', definition: JSON.stringify(waiting), roleArn: ROLE_ARN };
    await expect(world.client.send(new CreateStateMachineCommand(other))).rejects.toMatchObject({
      name: 'StateMachineAlreadyExists',
    });
    expect(await world.client.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({
      name: 'made',
      status: 'ACTIVE',
      type: 'STANDARD',
      definition,
      roleArn: ROLE_ARN,
    });
    const { stateMachines = [] } = await world.client.send(new ListStateMachinesCommand({}));
    expect(stateMachines.map((machine) => machine.stateMachineArn)).toContain(stateMachineArn);
    await world.client.send(new DeleteStateMachineCommand({ stateMachineArn }));
    await expect(world.client.send(new DescribeStateMachineCommand({ stateMachineArn }))).rejects.toMatchObject({
      name: 'StateMachineDoesNotExist',
    });
  });

  test('that cannot be run are refused, and stay as they were', async () => {
    const broken = JSON.stringify(machineOf({ A: { Type: 'Tusk' } }));
    const create = { name: 'broken', definition: broken, roleArn: ROLE_ARN };
    await expect(world.client.send(new CreateStateMachineCommand(create))).rejects.toMatchObject({
      name: 'InvalidDefinition',
      message: expect.stringContaining('/States/A/Type'),
    });
    const stateMachineArn = world.machine(passing);
    const update = new UpdateStateMachineCommand({ stateMachineArn, definition: broken });
    await expect(world.client.send(update)).rejects.toMatchObject({ name: 'InvalidDefinition' });
    expect(await world.client.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({ definition });
    const checked = await world.client.send(new ValidateStateMachineDefinitionCommand({ definition: broken }));
    expect(checked).toMatchObject({ result: 'FAIL', diagnostics: [{ location: '/States/A/Type' }] });
  });

  test('of the express kind are refused', async () => {
    const create = { name: 'fast', definition, roleArn: ROLE_ARN, type: 'EXPRESS' as const };
    await expect(world.client.send(new CreateStateMachineCommand(create))).rejects.toMatchObject({
      name: 'StateMachineTypeNotSupported',
    });
  });

  test('that are updated leave running executions the definition that they began with', async () => {
    const stateMachineArn = world.machine(waiting);
    const executionArn = await start(stateMachineArn);
    await world.client.send(new UpdateStateMachineCommand({ stateMachineArn, definition }));
    const kept = await world.client.send(new DescribeStateMachineForExecutionCommand({ executionArn }));
    expect(kept.definition).toBe(JSON.stringify(waiting));
    expect(await world.ended(await start(stateMachineArn))).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('are listed in pages', async () => {
    const names: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await world.client.send(new ListStateMachinesCommand({ maxResults: 2, nextToken }));
      expect(page.stateMachines?.length).toBeLessThanOrEqual(2);
      names.push(...(page.stateMachines ?? []).map(({ name }) => name));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(names.toSorted()).toEqual(
      world.engine
        .machines()
        .map(({ name }) => name)
        .toSorted(),
    );
  });
});

describe('executions', () => {
  test('are listed the newest first, in pages, by status', async () => {
    const stateMachineArn = world.machine(waiting);
    const arns: string[] = [];
    for (const name of ['e1', 'e2', 'e3', 'e4', 'e5']) {
      // The middle three begin in one millisecond, which the pages must not fall between.
      if (name === 'e2' || name === 'e5') clock.advanceTo(clock.now() + 1);
      arns.push(await start(stateMachineArn, { name }));
    }
    await world.client.send(new StopExecutionCommand({ executionArn: arns[2] }));
    const list = async (statusFilter?: 'RUNNING' | 'ABORTED'): Promise<(string | undefined)[]> => {
      const found: (string | undefined)[] = [];
      let nextToken: string | undefined;
      do {
        const query = { stateMachineArn, maxResults: 2, nextToken, statusFilter };
        const page = await world.client.send(new ListExecutionsCommand(query));
        found.push(...(page.executions ?? []).map(({ executionArn }) => executionArn));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return found;
    };
    const all = await list();
    expect(all).toEqual(arns.toReversed());
    expect(await list('ABORTED')).toEqual([arns[2]]);
    expect(await list('RUNNING')).toEqual(all.filter((arn) => arn !== arns[2]));
  });

  test('are stopped with a reason, and stay as they ended', async () => {
    const executionArn = await start(world.machine(waiting));
    const { stopDate } = await world.client.send(new StopExecutionCommand({ executionArn, error: 'E', cause: 'why' }));
    const again = await world.client.send(new StopExecutionCommand({ executionArn, error: 'F' }));
    expect(again.stopDate).toEqual(stopDate);
    const described = await world.client.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ status: 'ABORTED', error: 'E', cause: 'why', stopDate });
    const types = (await world.history(executionArn)).map(({ type }) => type);
    expect(types).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionAborted']);
  });

  test('that do not exist are not described', async () => {
    const executionArn = executionOf(world.machine(passing), 'nobody');
    const missing = expect.objectContaining({ name: 'ExecutionDoesNotExist' });
    const { client } = world;
    await expect(client.send(new DescribeExecutionCommand({ executionArn }))).rejects.toEqual(missing);
    await expect(client.send(new GetExecutionHistoryCommand({ executionArn }))).rejects.toEqual(missing);
    await expect(client.send(new StopExecutionCommand({ executionArn }))).rejects.toEqual(missing);
  });

  test('tell their history in either direction, in pages, with or without data', async () => {
    const executionArn = await start(world.machine(passing), { input: '"secret"' });
    await world.ended(executionArn);
    const ids = async (reverseOrder: boolean): Promise<(number | undefined)[]> => {
      const found: (number | undefined)[] = [];
      let nextToken: string | undefined;
      do {
        const query = { executionArn, maxResults: 3, reverseOrder, nextToken };
        const page = await world.client.send(new GetExecutionHistoryCommand(query));
        found.push(...(page.events ?? []).map(({ id }) => id));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return found;
    };
    expect(await ids(false)).toEqual([1, 2, 3, 4]);
    expect(await ids(true)).toEqual([4, 3, 2, 1]);
    const bare = await world.client.send(new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false }));
    expect(JSON.stringify(bare.events)).not.toContain('secret');
    expect((await world.history(executionArn))[0]).toMatchObject({
      type: 'ExecutionStarted',
      timestamp: expect.any(Date),
      executionStartedEventDetails: { input: '"secret"', roleArn: ROLE_ARN },
    });
  });
});

describe('calls', () => {
  test('need the right on the machine or the execution that they name', async () => {
    const machine = world.machine(waiting, 'rights');
    const executionArn = await start(machine, { name: 'one' });
    expect(world.gateway.requires).toEqual([{ action: 'states:StartExecution', resource: machine }]);
    await world.client.send(new DescribeExecutionCommand({ executionArn }));
    expect(world.gateway.requires).toEqual([
      { action: 'states:DescribeExecution', resource: 'arn:aws:states:us-east-1:000000000000:execution:rights:one' },
    ]);
    await world.client.send(new ListExecutionsCommand({ stateMachineArn: machine }));
    expect(world.gateway.requires).toEqual([{ action: 'states:ListExecutions', resource: machine }]);
    await world.client.send(new StopExecutionCommand({ executionArn }));
    expect(world.gateway.requires).toEqual([{ action: 'states:StopExecution', resource: executionArn }]);
    await world.client.send(
      new CreateStateMachineCommand({ name: 'x', definition: JSON.stringify(passing), roleArn: ROLE_ARN }),
    );
    expect(world.gateway.requires).toEqual([
      { action: 'states:CreateStateMachine', resource: arnOf('x') },
      { action: 'iam:PassRole', resource: ROLE_ARN, context: { 'iam:PassedToService': ['states.amazonaws.com'] } },
    ]);
  });

  test.each<readonly [string, string, string]>([
    ['AWSStepFunctions.CreateActivity', '{}', 'UnknownOperationException'],
    ['Other.StartExecution', '{}', 'UnknownOperationException'],
    ['AWSStepFunctions.toString', '{}', 'UnknownOperationException'],
    ['AWSStepFunctions.StartExecution', '{', 'SerializationException'],
    ['AWSStepFunctions.StartExecution', '{"stateMachineArn":1}', 'ValidationException'],
    ['AWSStepFunctions.StartExecution', `{"stateMachineArn":"${arnOf('x')}","colour":"red"}`, 'ValidationException'],
    ['AWSStepFunctions.ListExecutions', `{"stateMachineArn":"${arnOf('rights')}","nextToken":"e30"}`, 'InvalidToken'],
  ])('%s %s are refused with %s', async (target, body, code) => {
    const response = await fetch(world.gateway.url, { method: 'POST', headers: { 'x-amz-target': target }, body });
    expect(await response.json()).toMatchObject({ __type: code });
  });
});
