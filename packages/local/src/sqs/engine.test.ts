import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, serve } from '../s3/testing/harness.ts';
import { createSqsEngine, type SqsEngine } from './engine.ts';
import type { QueueSettings } from './queue.ts';

const SECOND = 1000;
let dir: string;
let engine: SqsEngine;
let harness: Harness;
let sqs: SQSClient;
let clock = 1_700_000_000_000;
let made = 0;

const options = { accountId: '000000000000', region: 'us-east-1', now: () => clock, endpoint: () => harness.url };
const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'sqs-'));
  engine = await createSqsEngine({ dir, ...options });
  harness = await serve(engine);
  sqs = new SQSClient({
    endpoint: harness.url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});

afterAll(async () => {
  sqs.destroy();
  await harness.close();
  await engine.close();
  rmSync(dir, { recursive: true });
});

/** A queue of its own for each test. */
function queue(settings: Partial<QueueSettings> = {}) {
  made += 1;
  const name = settings.name ?? `queue-${made}${settings.fifo ? '.fifo' : ''}`;
  engine.ensureQueue({ name, arn: arnOf(name), ...settings });
  const QueueUrl = `${harness.url}/000000000000/${name}`;
  return {
    name,
    arn: arnOf(name),
    QueueUrl,
    send: (MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more })),
    receive: async (max = 10, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> =>
      (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: max, ...more }))).Messages ?? [],
    delete: ({ ReceiptHandle }: Message) => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
  };
}

const bodies = (messages: Message[]) => messages.map(({ Body }) => Body);

describe('standard queues', () => {
  test('a message is received with its attributes, and the digests satisfy the client', async () => {
    const { send, receive, arn } = queue();
    await send('hello 한국', {
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'é' },
        n: { DataType: 'Number', StringValue: '7' },
        raw: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) },
      },
    });
    expect(harness.required).toEqual([{ action: 'sqs:SendMessage', resource: arn }]);
    const [message] = await receive(1, { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] });
    expect(message).toMatchObject({
      Body: 'hello 한국',
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(clock) },
    });
    expect(message?.MessageAttributes?.raw?.BinaryValue).toEqual(new Uint8Array([0, 255]));
    // Computed by a separate implementation of the documented rule.
    expect(message?.MD5OfMessageAttributes).toBe('3f2c1913d593bb7fa8ad0f516501d777');
    expect(await receive()).toEqual([]);
  });

  test('a received message stays out of sight for exactly its visibility timeout', async () => {
    const { send, receive } = queue({ visibilityTimeout: 30 });
    await send('a');
    expect(bodies(await receive())).toEqual(['a']);
    clock += 30 * SECOND - 1;
    expect(await receive()).toEqual([]);
    clock += 1;
    const [again] = await receive(1, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(again?.Attributes?.ApproximateReceiveCount).toBe('2');
  });

  test('visibility can be extended and given up', async () => {
    const { send, receive, QueueUrl } = queue();
    await send('a');
    const [first] = await receive();
    const change = (message: Message | undefined, VisibilityTimeout: number) =>
      sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout }),
      );
    await change(first, 100);
    clock += 60 * SECOND;
    expect(await receive()).toEqual([]);
    await change(first, 0);
    const [second] = await receive();
    expect(second?.Body).toBe('a');
    await expect(change(first, 10)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    clock += 60 * SECOND;
    await expect(change(second, 10)).rejects.toMatchObject({ name: 'MessageNotInflight' });
  });

  test("an old delivery's receipt does not delete what was delivered again", async () => {
    const { send, receive, delete: remove } = queue({ visibilityTimeout: 1 });
    await send('a');
    const [first] = await receive();
    clock += SECOND;
    await receive();
    if (first) await remove(first);
    clock += SECOND;
    const [third] = await receive();
    expect(third?.Body).toBe('a');
    if (third) await remove(third);
    clock += SECOND;
    expect(await receive()).toEqual([]);
  });

  test('delayed messages appear when their delay is over, and expired ones are gone', async () => {
    const { send, receive } = queue({ retention: 60 });
    await send('later', { DelaySeconds: 10 });
    expect(await receive()).toEqual([]);
    clock += 10 * SECOND;
    expect(bodies(await receive(1, { VisibilityTimeout: 0 }))).toEqual(['later']);
    clock += 50 * SECOND;
    expect(await receive()).toEqual([]);
  });

  test('a message that was received too often goes to the dead-letter queue and wakes it', async () => {
    const dead = queue();
    const { send, receive, arn } = queue({
      visibilityTimeout: 1,
      redrive: { deadLetterTargetArn: dead.arn, maxReceiveCount: 2 },
    });
    let woken = 0;
    engine.onMessage(dead.arn, () => {
      woken += 1;
    });
    await send('poison');
    for (let time = 0; time < 2; time += 1) {
      expect(bodies(await receive())).toEqual(['poison']);
      clock += SECOND;
    }
    expect(await receive()).toEqual([]);
    expect(woken).toBe(1);
    const [letter] = await dead.receive(1, { MessageSystemAttributeNames: ['All'] });
    expect(letter).toMatchObject({ Body: 'poison', Attributes: { DeadLetterQueueSourceArn: arn } });
  });

  test('a long poll answers as soon as a message comes, and empty when its time is up', async () => {
    const { send, receive, arn } = queue();
    const waiting = receive(1, { WaitTimeSeconds: 20 });
    await new Promise<void>((resolve) => {
      const stop = engine.onMessage(arn, () => {
        stop();
        resolve();
      });
      void send('news');
    });
    expect(bodies(await waiting)).toEqual(['news']);
    const before = performance.now();
    expect(await receive(1, { WaitTimeSeconds: 1 })).toEqual([]);
    expect(performance.now() - before).toBeGreaterThan(900);
  });

  test('each of many long polls at once gets a different message', async () => {
    const { send, receive } = queue();
    const waiting = Array.from({ length: 5 }, () => receive(1, { WaitTimeSeconds: 5 }));
    for (let n = 0; n < 5; n += 1) await send(String(n));
    expect((await Promise.all(waiting)).flatMap(bodies).sort()).toEqual(['0', '1', '2', '3', '4']);
  });

  test('one bad entry of a batch does not keep the others from success', async () => {
    const { QueueUrl, receive } = queue();
    const answer = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'good', MessageBody: 'a' },
          { Id: 'bad', MessageBody: 'b', MessageDeduplicationId: 'only-for-fifo' },
        ],
      }),
    );
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(answer.Failed).toMatchObject([{ Id: 'bad', SenderFault: true, Code: 'InvalidParameterValue' }]);
    const messages = await receive();
    const deleted = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          ...messages.map(({ ReceiptHandle }, n) => ({ Id: `m${n}`, ReceiptHandle })),
          { Id: 'x', ReceiptHandle: 'nonsense' },
        ],
      }),
    );
    expect(deleted).toMatchObject({
      Successful: [{ Id: 'm0' }],
      Failed: [{ Id: 'x', Code: 'ReceiptHandleIsInvalid' }],
    });
  });

  test('what AWS refuses is refused with its code', async () => {
    const { QueueUrl, send, receive } = queue();
    await send('x'.repeat(1024 * 1024));
    await expect(send(`${'x'.repeat(1024 * 1024)}x`)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(send('\u0000')).rejects.toMatchObject({ name: 'InvalidMessageContents' });
    await expect(send('')).rejects.toMatchObject({ name: 'MissingParameter' });
    await expect(receive(11)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] }))).rejects.toMatchObject({
      name: 'EmptyBatchRequest',
    });
    const twice = [1, 2].map(() => ({ Id: 'same', MessageBody: 'a' }));
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: twice }))).rejects.toMatchObject({
      name: 'BatchEntryIdsNotDistinct',
    });
    await expect(queue({ maximumMessageSize: 1024 }).send('x'.repeat(1025))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    const long = ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(600 * 1024) }));
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: long }))).rejects.toMatchObject({
      name: 'BatchRequestTooLong',
    });
    await expect(
      sqs.send(new SendMessageCommand({ QueueUrl: `${harness.url}/000000000000/none`, MessageBody: 'a' })),
    ).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  test('queues are found, counted, listed and purged once a minute', async () => {
    const { name, QueueUrl, send, receive } = queue({ name: 'orders', delay: 0 });
    await send('a');
    await send('b');
    await send('c', { DelaySeconds: 60 });
    await receive(1);
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl).toBe(QueueUrl);
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
      VisibilityTimeout: '30',
      MaximumMessageSize: '1048576',
    });
    expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'ord' }))).QueueUrls).toEqual([QueueUrl]);
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await receive()).toEqual([]);
    await expect(sqs.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });
  });

  test('messages, receipts and counts survive a restart', async () => {
    const { name, arn, send } = queue();
    await send('kept');
    const second = await createSqsEngine({ dir, ...options });
    second.ensureQueue({ name, arn });
    expect(second.queues()).toMatchObject([{ name, visible: 1 }]);
    await second.close();
  });
});

describe('FIFO queues', () => {
  test('a repeated message within five minutes is the same message', async () => {
    const { send, receive } = queue({ fifo: true });
    const once = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
    const first = await send('a', once);
    clock += 5 * 60 * SECOND - 1;
    expect(await send('b', once)).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
    clock += 1;
    expect((await send('c', once)).MessageId).not.toBe(first.MessageId);
    expect(bodies(await receive())).toEqual(['a', 'c']);
  });

  test('a group waits for what is in flight while other groups go on', async () => {
    const {
      send,
      receive,
      delete: remove,
    } = queue({ fifo: { contentBasedDeduplication: true }, visibilityTimeout: 30 });
    for (const body of ['a1', 'a2', 'b1']) await send(body, { MessageGroupId: body.slice(0, 1) });
    const [first] = await receive(1);
    expect(first?.Body).toBe('a1');
    expect(bodies(await receive())).toEqual(['b1']);
    if (first) await remove(first);
    expect(bodies(await receive())).toEqual(['a2']);
    clock += 30 * SECOND;
    expect(bodies(await receive())).toEqual(['a2', 'b1']);
  });

  test('a message given back is not taken again past one of its group that is still in flight', async () => {
    const { send, receive, delete: remove, QueueUrl } = queue({ fifo: { contentBasedDeduplication: true } });
    for (const body of ['a1', 'a2']) await send(body, { MessageGroupId: 'a' });
    const [first, second] = await receive();
    await sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }),
    );
    expect(await receive()).toEqual([]);
    if (second) await remove(second);
    expect(bodies(await receive())).toEqual(['a1']);
  });

  test('a receipt that ran out deletes nothing', async () => {
    const {
      send,
      receive,
      delete: remove,
    } = queue({ fifo: { contentBasedDeduplication: true }, visibilityTimeout: 1 });
    await send('a', { MessageGroupId: 'g' });
    const [first] = await receive();
    clock += SECOND;
    await expect(first && remove(first)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    expect(bodies(await receive())).toEqual(['a']);
  });
});

test('under any mix of sends, receives, deletes and waiting, nothing is lost, nothing is seen twice in its timeout, groups keep order', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('send' as const), group: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ kind: fc.constant('receive' as const), max: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('delete' as const), pick: fc.nat() }),
    fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(3, 7, 11) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(step, { minLength: 5, maxLength: 30 }), async (fifo, steps) => {
      const {
        send,
        receive,
        delete: remove,
      } = queue({ visibilityTimeout: 10, fifo: fifo ? { contentBasedDeduplication: true } : undefined });
      const live = new Map<string, { group: string; order: number; hiddenUntil: number; receipt?: Message }>();
      let sent = 0;
      for (const each of steps) {
        if (each.kind === 'wait') clock += each.seconds * SECOND;
        if (each.kind === 'send') {
          sent += 1;
          await send(`m${sent}`, { MessageGroupId: each.group });
          live.set(`m${sent}`, { group: each.group, order: sent, hiddenUntil: 0 });
        }
        if (each.kind === 'receive') {
          const inFlight = new Set(
            [...live.values()].filter(({ hiddenUntil }) => hiddenUntil > clock).map(({ group }) => group),
          );
          const lastOfGroup = new Map<string, number>();
          for (const message of await receive(each.max)) {
            const known = live.get(message.Body ?? '');
            if (!known) throw new Error(`${message.Body} was deleted and came back`);
            expect(known.hiddenUntil).toBeLessThanOrEqual(clock);
            if (fifo) {
              expect(inFlight.has(known.group)).toBe(false);
              expect(known.order).toBeGreaterThan(lastOfGroup.get(known.group) ?? 0);
              const earlier = [...live.values()].filter(
                ({ group, order }) =>
                  group === known.group && order < known.order && order > (lastOfGroup.get(known.group) ?? 0),
              );
              expect(earlier).toEqual([]);
              lastOfGroup.set(known.group, known.order);
            }
            known.hiddenUntil = clock + 10 * SECOND;
            known.receipt = message;
          }
        }
        if (each.kind === 'delete') {
          const current = [...live].filter(([, { receipt, hiddenUntil }]) => receipt && hiddenUntil > clock);
          const [name, chosen] = current[each.pick % Math.max(1, current.length)] ?? [];
          if (name === undefined || !chosen?.receipt) continue;
          await remove(chosen.receipt);
          live.delete(name);
        }
      }
      clock += 60 * SECOND;
      const rest: Message[] = [];
      for (let page = await receive(); page.length > 0; page = await receive()) {
        rest.push(...page);
        if (fifo) for (const message of page) await remove(message);
      }
      expect(bodies(rest).sort()).toEqual([...live.keys()].sort());
    }),
    { numRuns: 40 },
  );
});

describe('an operation that is not done here', () => {
  test('asks for its permission on the queue before it is refused', async () => {
    const { QueueUrl, arn } = queue();
    await expect(sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: {} }))).rejects.toMatchObject({
      name: expect.stringContaining('UnsupportedOperation'),
    });
    expect(harness.required).toEqual([{ action: 'sqs:SetQueueAttributes', resource: arn }]);
    await expect(sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn }))).rejects.toThrow('does not do');
    expect(harness.required).toEqual([{ action: 'sqs:StartMessageMoveTask', resource: arn }]);
  });
});
