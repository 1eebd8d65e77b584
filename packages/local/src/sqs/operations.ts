/** What each SQS operation needs and does. */

import { AwsError, type Caller } from '../aws/engine.ts';
import { checkBatch, type Input, type inputs } from './input.ts';
import { invalid, limits, type Queue } from './queue.ts';
import { showMessage } from './receive.ts';
import { messageBytes, send } from './send.ts';
import type { MessageStore, ReceiptState } from './store.ts';
import type { Wakes } from './wake.ts';

export interface SqsContext {
  readonly store: MessageStore;
  readonly wakes: Wakes;
  readonly accountId: string;
  readonly region: string;
  now(): number;
  isClosed(): boolean;
  queues(): readonly Queue[];
  urlOf(queue: Queue): string;
  /** By queue ARN, since a queue may be purged once a minute. */
  readonly purgedAt: Map<string, number>;
}

export interface Handled {
  readonly action: string;
  readonly resource: string;
  run(caller: Caller): Promise<object> | object;
}

/** The queue that an address means. That it exists is told only to those who may ask, so that is checked when it runs. */
function locate(context: SqsContext, url: string): { arn: string; find: () => Queue } {
  const [, account = '', name = ''] = url.match(/\/(\d{12})\/([\w.-]{1,80})$/) ?? [];
  const known = context.queues().find((queue) => queue.url === url);
  const arn = known?.arn ?? `arn:aws:sqs:${context.region}:${account}:${name}`;
  const find = () => {
    const queue = context.queues().find((candidate) => candidate.arn === arn);
    if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  };
  return { arn, find };
}

function onQueue(
  context: SqsContext,
  url: string,
  action: string,
  run: (queue: Queue, caller: Caller) => Promise<object> | object,
): Handled {
  const { arn, find } = locate(context, url);
  return { action, resource: arn, run: (caller) => run(find(), caller) };
}

function readReceipt(handle: string): string {
  const receipt = Buffer.from(handle, 'base64').toString();
  if (!/^\d{1,15}\.[\w-]{22}$/.test(receipt))
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle.slice(0, 80)}" is not a valid receipt handle.`,
    );
  return receipt;
}

/** Wakes now for what is visible, and makes an appointment for what is not yet. */
function announce({ wakes, store, now }: SqsContext, queue: Queue, visible: boolean): void {
  const next = store.nextVisibleAt(queue, now());
  wakes.appoint(queue.arn, next === undefined ? undefined : next - now());
  if (visible) wakes.fire(queue.arn);
}

function deleteMessage(context: SqsContext, queue: Queue, handle: string): void {
  const state = context.store.delete(queue, readReceipt(handle), context.now());
  if (queue.fifo && (state === 'expired' || state === 'stale')) {
    throw invalid('Value for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.');
  }
  // The group's next message may be received now.
  if (queue.fifo) context.wakes.fire(queue.arn);
}

const visibilityErrors: Readonly<Record<ReceiptState, [code: string, message: string] | undefined>> = {
  current: undefined,
  stale: [
    'InvalidParameterValue',
    'Value for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.',
  ],
  expired: ['MessageNotInflight', 'The specified message is not in flight.'],
  gone: [
    'InvalidParameterValue',
    'Value for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.',
  ],
};

function changeVisibility(context: SqsContext, queue: Queue, handle: string, seconds: number): void {
  const state = context.store.changeVisibility(queue, readReceipt(handle), seconds * 1000, context.now());
  const error = visibilityErrors[state];
  if (error) throw new AwsError(...error);
  announce(context, queue, seconds === 0);
}

/** Runs each entry by itself: one that fails does not keep the others from success. */
function batch<E extends { readonly Id: string }>(entries: readonly E[], run: (entry: E) => object): object {
  checkBatch(entries);
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}

async function receive(context: SqsContext, queue: Queue, input: Input<'ReceiveMessage'>): Promise<object> {
  const { store, wakes } = context;
  const visibilityMs = input.VisibilityTimeout === undefined ? queue.visibilityMs : input.VisibilityTimeout * 1000;
  const waitMs = input.WaitTimeSeconds === undefined ? queue.receiveWaitMs : input.WaitTimeSeconds * 1000;
  const deadLetters = context.queues().find(({ arn }) => arn === queue.redrive?.deadLetterTargetArn);
  const attempt = () => {
    const { messages, moved } = store.receive(
      queue,
      input.MaxNumberOfMessages,
      visibilityMs,
      context.now(),
      deadLetters,
    );
    if (moved > 0 && deadLetters) wakes.fire(deadLetters.arn);
    if (messages.length > 0) announce(context, queue, false);
    return messages;
  };
  let messages = attempt();
  if (messages.length === 0 && waitMs > 0) {
    announce(context, queue, false);
    messages = await new Promise((resolve, reject) => {
      const finish = (received: typeof messages) => {
        clearTimeout(timer);
        stop();
        resolve(received);
      };
      const timer = setTimeout(() => finish([]), waitMs);
      const stop = wakes.on(queue.arn, () => {
        try {
          const received = context.isClosed() ? [] : attempt();
          if (received.length > 0 || context.isClosed()) finish(received);
        } catch (error) {
          stop();
          clearTimeout(timer);
          reject(error);
        }
      });
    });
  }
  return messages.length === 0
    ? {}
    : { Messages: messages.map((message) => showMessage(message, queue.fifo !== undefined, input)) };
}

function attributesOf(context: SqsContext, queue: Queue): Record<string, string | undefined> {
  const { visible, inFlight, delayed } = context.store.counts(queue, context.now());
  const seconds = (ms: number) => String(ms / 1000);
  const created = String(Math.floor(queue.createdAt / 1000));
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: created,
    LastModifiedTimestamp: created,
    VisibilityTimeout: seconds(queue.visibilityMs),
    MaximumMessageSize: String(queue.messageBytesMax),
    MessageRetentionPeriod: seconds(queue.retentionMs),
    DelaySeconds: seconds(queue.delayMs),
    ReceiveMessageWaitTimeSeconds: seconds(queue.receiveWaitMs),
    SqsManagedSseEnabled: 'true',
    RedrivePolicy: queue.redrive && JSON.stringify(queue.redrive),
    FifoQueue: queue.fifo && 'true',
    ContentBasedDeduplication: queue.fifo && String(queue.fifo.contentBased),
  };
}

function getAttributes(context: SqsContext, queue: Queue, names: readonly string[]): object {
  const all = Object.entries(attributesOf(context, queue));
  const unknown = names.find((name) => name !== 'All' && !all.some(([known]) => known === name));
  if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  return {
    Attributes: Object.fromEntries(
      all.filter(([name, value]) => value !== undefined && (names.includes('All') || names.includes(name))),
    ),
  };
}

function purge(context: SqsContext, queue: Queue): object {
  const last = context.purgedAt.get(queue.arn);
  if (last !== undefined && context.now() - last < limits.purgeIntervalMs) {
    throw new AwsError(
      'PurgeQueueInProgress',
      `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
      403,
    );
  }
  context.purgedAt.set(queue.arn, context.now());
  context.store.purge(queue);
  return {};
}

function listQueues(
  context: SqsContext,
  { QueueNamePrefix = '', MaxResults = 1000, NextToken }: Input<'ListQueues'>,
): object {
  const after = NextToken === undefined ? '' : Buffer.from(NextToken, 'base64url').toString();
  const rest = context
    .queues()
    .filter(({ name }) => name.startsWith(QueueNamePrefix) && name > after)
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  const page = rest.slice(0, MaxResults);
  const last = page.at(-1);
  return {
    QueueUrls: page.map(context.urlOf),
    ...(rest.length > page.length && last ? { NextToken: Buffer.from(last.name).toString('base64url') } : {}),
  };
}

type Handlers = { readonly [Name in keyof typeof inputs]: (context: SqsContext, input: Input<Name>) => Handled };

const handlers: Handlers = {
  SendMessage: (context, { QueueUrl, ...fields }) =>
    onQueue(context, QueueUrl, 'SendMessage', (queue, caller) => {
      const answer = send(context.store, queue, fields, caller.arn, context.now());
      announce(context, queue, true);
      return answer;
    }),
  SendMessageBatch: (context, { QueueUrl, Entries }) =>
    onQueue(context, QueueUrl, 'SendMessage', (queue, caller) => {
      const bytes = Entries.reduce((sum, entry) => sum + messageBytes(entry), 0);
      if (bytes > limits.messageBytesMax)
        throw new AwsError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${limits.messageBytesMax} bytes. You have sent ${bytes} bytes.`,
        );
      const answer = batch(Entries, ({ Id: _, ...fields }) =>
        send(context.store, queue, fields, caller.arn, context.now()),
      );
      announce(context, queue, true);
      return answer;
    }),
  ReceiveMessage: (context, input) =>
    onQueue(context, input.QueueUrl, 'ReceiveMessage', (queue) => receive(context, queue, input)),
  DeleteMessage: (context, { QueueUrl, ReceiptHandle }) =>
    onQueue(context, QueueUrl, 'DeleteMessage', (queue) => {
      deleteMessage(context, queue, ReceiptHandle);
      return {};
    }),
  DeleteMessageBatch: (context, { QueueUrl, Entries }) =>
    onQueue(context, QueueUrl, 'DeleteMessage', (queue) =>
      batch(Entries, ({ ReceiptHandle }) => {
        deleteMessage(context, queue, ReceiptHandle);
        return {};
      }),
    ),
  ChangeMessageVisibility: (context, { QueueUrl, ReceiptHandle, VisibilityTimeout }) =>
    onQueue(context, QueueUrl, 'ChangeMessageVisibility', (queue) => {
      changeVisibility(context, queue, ReceiptHandle, VisibilityTimeout);
      return {};
    }),
  ChangeMessageVisibilityBatch: (context, { QueueUrl, Entries }) =>
    onQueue(context, QueueUrl, 'ChangeMessageVisibility', (queue) =>
      batch(Entries, ({ ReceiptHandle, VisibilityTimeout }) => {
        changeVisibility(context, queue, ReceiptHandle, VisibilityTimeout);
        return {};
      }),
    ),
  GetQueueUrl: (context, { QueueName, QueueOwnerAWSAccountId = context.accountId }) => {
    const url = `/${QueueOwnerAWSAccountId}/${QueueName}`;
    return onQueue(context, url, 'GetQueueUrl', (queue) => ({ QueueUrl: context.urlOf(queue) }));
  },
  GetQueueAttributes: (context, { QueueUrl, AttributeNames }) =>
    onQueue(context, QueueUrl, 'GetQueueAttributes', (queue) => getAttributes(context, queue, AttributeNames)),
  PurgeQueue: (context, { QueueUrl }) => onQueue(context, QueueUrl, 'PurgeQueue', (queue) => purge(context, queue)),
  ListQueues: (context, input) => ({ action: 'ListQueues', resource: '*', run: () => listQueues(context, input) }),
};

/** By name, for input that was read by the schema of the same name. */
export const operations = handlers as {
  readonly [Name in keyof Handlers]: (context: SqsContext, input: unknown) => Handled;
};
