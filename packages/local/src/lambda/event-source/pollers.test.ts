import {
  CreateEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, expect, test } from 'vitest';
import type { AwsRequest } from '../../aws/engine.ts';
import { type LambdaHarness, startLambda, writeFunction } from '../testing/lambda-harness.ts';

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:jobs';
const streamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/Events/stream/2026-01-01T00:00:00.000';
const timing = { idleMs: 20, retryMs: 5 };

let lambda: LambdaHarness;
afterEach(() => lambda.close());

interface SourceCall {
  readonly MaxNumberOfMessages: number;
  readonly Entries: readonly { readonly ReceiptHandle: string }[];
  readonly MessageBody: string;
  readonly ShardIteratorType: string;
  readonly SequenceNumber: string;
  readonly ShardIterator: string;
  readonly Limit: number;
}

/** A queue and a stream just good enough to be read, which note what they were asked and by whom. */
function createSources() {
  const messages: { id: string; body: string; inFlight: boolean }[] = [];
  const sent: string[] = [];
  const records: string[] = [];
  const calls: string[] = [];
  const tokens = new Set<string>();
  const operations: Record<string, (body: SourceCall) => object> = {
    ReceiveMessage: ({ MaxNumberOfMessages }) => ({
      Messages: messages
        .filter((message) => !message.inFlight)
        .slice(0, MaxNumberOfMessages)
        .map((message) => {
          message.inFlight = true;
          return {
            MessageId: message.id,
            ReceiptHandle: `receipt-${message.id}`,
            Body: message.body,
            MD5OfBody: 'md5',
            Attributes: { ApproximateReceiveCount: '1' },
            MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
          };
        }),
    }),
    DeleteMessageBatch: ({ Entries }) => {
      for (const { ReceiptHandle } of Entries) {
        const index = messages.findIndex((message) => `receipt-${message.id}` === ReceiptHandle);
        if (index >= 0) messages.splice(index, 1);
      }
      return { Successful: [], Failed: [] };
    },
    SendMessage: ({ MessageBody }) => {
      sent.push(MessageBody);
      return {};
    },
    DescribeStream: () => ({ StreamDescription: { Shards: [{ ShardId: 'shard-1' }] } }),
    GetShardIterator: ({ ShardIteratorType, SequenceNumber }) => {
      const at = { TRIM_HORIZON: 0, LATEST: records.length, AFTER_SEQUENCE_NUMBER: Number(SequenceNumber) }[
        ShardIteratorType
      ];
      return { ShardIterator: String(at) };
    },
    GetRecords: ({ ShardIterator, Limit }) => {
      const from = Number(ShardIterator);
      const found = records.slice(from, from + Limit).map((id, index) => ({
        eventID: id,
        eventName: 'INSERT',
        eventVersion: '1.1',
        userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' },
        dynamodb: {
          SequenceNumber: String(from + index + 1),
          ApproximateCreationDateTime: Math.floor(Date.now() / 1000),
          Keys: { pk: { S: id } },
        },
      }));
      return { Records: found, NextShardIterator: String(from + found.length) };
    },
  };
  return {
    messages,
    sent,
    records,
    calls,
    tokens,
    async others(request: AwsRequest) {
      const operation = request.headers['x-amz-target']?.split('.')[1] ?? '';
      calls.push(operation);
      tokens.add(request.headers['x-amz-security-token'] ?? '');
      const answer = operations[operation];
      if (answer === undefined) throw new Error(`Not expected: ${operation}`);
      return answer(JSON.parse(request.body.toString()));
    },
  };
}

const bodies = () => lambda.lines.map((line) => line.text);
const map = (input: object) =>
  lambda.client.send(new CreateEventSourceMappingCommand({ FunctionName: 'work', EventSourceArn: queueArn, ...input }));
const put = (sources: ReturnType<typeof createSources>, ...all: string[]) => {
  for (const body of all) sources.messages.push({ id: `m-${body}`, body, inFlight: false });
};

async function start(code: string, sources = createSources(), dir?: string) {
  lambda = await startLambda((folder) => [writeFunction(folder, 'work', code)], {
    others: sources.others,
    timing,
    ...(dir === undefined ? {} : { dir }),
  });
  return sources;
}

const logsBodies =
  'export const handler = async ({ Records }) => console.log(Records.map((r) => r.body ?? r.eventID).join())';

test('messages reach the function as SQS events and are deleted, by calls of the function’s own role', async () => {
  const sources = await start('export const handler = async (event) => console.log(JSON.stringify(event))');
  put(sources, 'a', 'b');
  const { UUID } = await map({});
  await expect.poll(() => sources.messages).toEqual([]);
  const [text = ''] = bodies();
  expect(JSON.parse(text).Records[0]).toEqual({
    messageId: 'm-a',
    receiptHandle: 'receipt-m-a',
    body: 'a',
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: { kind: { stringValue: 'x', stringListValues: [], binaryListValues: [], dataType: 'String' } },
    md5OfBody: 'md5',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: 'us-east-1',
  });
  expect([...sources.tokens]).toEqual(['token of arn:aws:iam::000000000000:role/work-role']);
  await expect
    .poll(async () => (await lambda.client.send(new GetEventSourceMappingCommand({ UUID }))).LastProcessingResult)
    .toBe('OK');
});

test('messages stay in the queue when the function fails', async () => {
  const sources = await start(`export const handler = async () => { throw new Error('no') }`);
  put(sources, 'a');
  const { UUID } = await map({});
  await expect
    .poll(async () => (await lambda.client.send(new GetEventSourceMappingCommand({ UUID }))).LastProcessingResult)
    .toBe('PROBLEM: Function call failed');
  expect(sources.messages).toHaveLength(1);
});

test('of a batch that was handled in part only the failures stay', async () => {
  const sources = await start(
    `export const handler = async ({ Records }) => ({ batchItemFailures: Records.filter((r) => r.body === 'bad').map((r) => ({ itemIdentifier: r.messageId })) })`,
  );
  put(sources, 'a', 'bad', 'c');
  await map({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
  await expect.poll(() => sources.messages.map((message) => message.body)).toEqual(['bad']);
});

test('messages that the filter does not take are deleted unseen', async () => {
  const sources = await start(logsBodies);
  put(sources, '{"n":1}', '{"n":2}', 'text');
  await map({ FilterCriteria: { Filters: [{ Pattern: '{"body":{"n":[2]}}' }] } });
  await expect.poll(() => sources.messages).toEqual([]);
  expect(bodies()).toEqual(['{"n":2}']);
});

test('a mapping that is switched off reads no more, and reads again when it is switched on', async () => {
  const sources = await start(logsBodies);
  const { UUID } = await map({});
  await lambda.client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  await lambda.stop();
  const before = sources.calls.length;
  const { dir } = lambda;
  await start(logsBodies, sources, dir);
  put(sources, 'a');
  await lambda.client.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 2 }));
  expect(sources.calls.length).toBe(before);
  await lambda.client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  await expect.poll(() => sources.messages).toEqual([]);
});

test('a stream is read from its start in order and goes on after a restart where it was', async () => {
  const sources = await start(logsBodies);
  sources.records.push('1', '2', '3');
  await map({ EventSourceArn: streamArn, StartingPosition: 'TRIM_HORIZON', BatchSize: 2 });
  await expect.poll(bodies).toEqual(['1,2', '3']);
  const { dir } = lambda;
  await lambda.stop();
  sources.records.push('4');
  await start(logsBodies, sources, dir);
  await expect.poll(bodies).toEqual(['4']);
});

test('a stream read from its newest record on loses nothing that comes after the first look', async () => {
  const sources = await start(logsBodies);
  sources.records.push('old');
  await map({ EventSourceArn: streamArn, StartingPosition: 'LATEST' });
  await expect.poll(() => sources.calls.includes('GetRecords')).toBe(true);
  sources.records.push('new');
  lambda.engine.wake(streamArn);
  await expect.poll(bodies).toEqual(['new']);
});

test('a stream record reaches the function with the identity spelt as in events', async () => {
  const sources = await start('export const handler = async ({ Records }) => console.log(JSON.stringify(Records[0]))');
  sources.records.push('1');
  await map({ EventSourceArn: streamArn, StartingPosition: 'TRIM_HORIZON' });
  await expect.poll(() => bodies().length).toBe(1);
  expect(JSON.parse(bodies()[0] ?? '')).toMatchObject({
    eventID: '1',
    eventSource: 'aws:dynamodb',
    eventSourceARN: streamArn,
    awsRegion: 'us-east-1',
    userIdentity: { principalId: 'dynamodb.amazonaws.com', type: 'Service' },
  });
});

test('a stream record that keeps failing goes to the failure queue, and what is behind it goes on', async () => {
  const sources = await start(
    `export const handler = async ({ Records }) => {
       if (Records.some((r) => r.eventID === 'bad')) throw new Error('no');
       console.log(Records.map((r) => r.eventID).join());
     }`,
  );
  sources.records.push('1', '2', 'bad', '4');
  await map({
    EventSourceArn: streamArn,
    StartingPosition: 'TRIM_HORIZON',
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 1,
    DestinationConfig: { OnFailure: { Destination: `${queueArn}-failed` } },
  });
  const done = () => bodies().filter((text) => /^[124,]+$/.test(text));
  await expect.poll(done).toEqual(['1,2', '4']);
  expect(sources.sent.map((text) => JSON.parse(text))).toEqual([
    expect.objectContaining({
      version: '1.0',
      requestContext: expect.objectContaining({ condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 }),
      DDBStreamBatchInfo: expect.objectContaining({
        shardId: 'shard-1',
        startSequenceNumber: '3',
        endSequenceNumber: '3',
        batchSize: 1,
      }),
    }),
  ]);
});

test('a source that cannot be read is said so on the mapping', async () => {
  const sources = createSources();
  lambda = await startLambda((folder) => [writeFunction(folder, 'work', logsBodies)], {
    timing,
    others: async () => {
      throw new Error('denied');
    },
  });
  put(sources, 'a');
  const { UUID } = await map({});
  await expect
    .poll(async () => (await lambda.client.send(new GetEventSourceMappingCommand({ UUID }))).LastProcessingResult)
    .toMatch(/^PROBLEM: .*denied/);
});
