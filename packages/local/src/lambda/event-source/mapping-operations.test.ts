import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LambdaHarness, startLambda, writeFunction } from '../testing/lambda-harness.ts';

const queue = 'arn:aws:sqs:us-east-1:000000000000:jobs';
const stream = 'arn:aws:dynamodb:us-east-1:000000000000:table/Events/stream/2026-01-01T00:00:00.000';
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:work';
const write = (dir: string) =>
  ['work', 'other'].map((name) => writeFunction(dir, name, 'export const handler = async () => {}'));

let lambda: LambdaHarness;
beforeEach(async () => {
  lambda = await startLambda(write);
});
afterEach(() => lambda.close());

const create = (input: Partial<CreateEventSourceMappingCommandInput> = {}) =>
  lambda.client.send(
    new CreateEventSourceMappingCommand({ FunctionName: 'work', EventSourceArn: queue, Enabled: false, ...input }),
  );

test('a mapping can be made, read, changed, listed and deleted', async () => {
  const made = await create({ BatchSize: 5 });
  expect(made).toMatchObject({ State: 'Creating', BatchSize: 5, FunctionArn: functionArn, EventSourceArn: queue });
  const { UUID } = made;
  const got = await lambda.client.send(new GetEventSourceMappingCommand({ UUID }));
  expect(got).toMatchObject({ State: 'Disabled', BatchSize: 5, MaximumBatchingWindowInSeconds: 0 });
  expect(Date.now() - (got.LastModified?.getTime() ?? 0)).toBeLessThan(5000);
  const changed = await lambda.client.send(
    new UpdateEventSourceMappingCommand({ UUID, BatchSize: 7, FunctionName: 'other' }),
  );
  expect(changed).toMatchObject({ BatchSize: 7, FunctionArn: functionArn.replace('work', 'other') });
  await create({ EventSourceArn: stream, StartingPosition: 'LATEST' });
  const list = async (input: object) =>
    (await lambda.client.send(new ListEventSourceMappingsCommand(input))).EventSourceMappings?.map(
      (one) => one.EventSourceArn,
    );
  expect(await list({})).toEqual([queue, stream]);
  expect(await list({ FunctionName: 'work' })).toEqual([stream]);
  expect(await list({ EventSourceArn: queue })).toEqual([queue]);
  expect(await list({ MaxItems: 1 })).toEqual([queue]);
  const deleted = await lambda.client.send(new DeleteEventSourceMappingCommand({ UUID }));
  expect(deleted.State).toBe('Deleting');
  await expect(lambda.client.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('mappings are there after a restart', async () => {
  const { UUID } = await create();
  await lambda.stop();
  lambda = await startLambda(write, { dir: lambda.dir });
  expect((await lambda.client.send(new GetEventSourceMappingCommand({ UUID }))).EventSourceArn).toBe(queue);
});

test('what a mapping call needs to be allowed is as in the service authorization reference', async () => {
  const { UUID } = await create();
  await lambda.client.send(new GetEventSourceMappingCommand({ UUID }));
  await lambda.client.send(new ListEventSourceMappingsCommand({}));
  const context = { 'lambda:FunctionArn': [functionArn] };
  expect(lambda.server.required).toEqual([
    { action: 'lambda:CreateEventSourceMapping', resource: '*', context },
    {
      action: 'lambda:GetEventSourceMapping',
      resource: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${UUID}`,
      context,
    },
    { action: 'lambda:ListEventSourceMappings', resource: '*' },
  ]);
});

test('a second mapping of one source to one function is refused and names the first', async () => {
  const { UUID } = await create();
  await expect(create()).rejects.toMatchObject({
    name: 'ResourceConflictException',
    message: expect.stringContaining(UUID ?? '?'),
  });
  await create({ FunctionName: 'other' });
});

test.each<[string, Partial<CreateEventSourceMappingCommandInput>]>([
  ['an unknown member', { Queues: ['q'] }],
  ['an unknown source', { EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' }],
  ['a stream without a position', { EventSourceArn: stream }],
  ['a queue with a position', { StartingPosition: 'LATEST' }],
  ['a queue with bisection', { BisectBatchOnFunctionError: true }],
  ['a large batch without a window', { BatchSize: 11 }],
  ['a batch of nothing', { BatchSize: 0 }],
  ['an unknown filter', { FilterCriteria: { Filters: [{ Pattern: '{"a":[{"wildcard":"*"}]}' }] } }],
  [
    'a destination that is no queue',
    {
      EventSourceArn: stream,
      StartingPosition: 'LATEST',
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:us-east-1:000000000000:t' } },
    },
  ],
])('%s is refused', async (_, input) => {
  await expect(create(input)).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
});

test('a mapping to a function that does not exist is refused', async () => {
  await expect(create({ FunctionName: 'nobody' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('what the program declares replaces what it declared before, and leaves the mappings of calls alone', async () => {
  const { UUID } = await create({ FunctionName: 'other' });
  const declare = (names: string[]) =>
    lambda.engine.declareEventSourceMappings(
      names.map((name) => ({ FunctionName: 'work', EventSourceArn: `${queue}-${name}`, Enabled: false })),
    );
  const list = async () => (await lambda.client.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings ?? [];
  declare(['a', 'b']);
  const before = await list();
  declare(['b', 'c']);
  const after = await list();
  expect(after.map((one) => one.EventSourceArn)).toEqual([queue, `${queue}-b`, `${queue}-c`]);
  expect(after[0]?.UUID).toBe(UUID);
  expect(after[1]?.UUID).toBe(before[2]?.UUID);
});
