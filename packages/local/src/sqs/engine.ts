/** SQS on SQLite: standard and FIFO queues, visibility, long polling, redrive to dead-letter queues. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError, type AwsRequest, type Engine, type Operation } from '../aws/engine.ts';
import { inputs, readInput } from './input.ts';
import { type Handled, operations, type SqsContext } from './operations.ts';
import { type Queue, type QueueSettings, readQueue } from './queue.ts';
import { openStore, type QueueCounts } from './store.ts';
import { unsupported } from './unsupported.ts';
import { createWakes } from './wake.ts';

export interface SqsOptions {
  /** Where `sqs.db` lives. */
  readonly dir: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly accountId: string;
  readonly region: string;
  /** The base of queue addresses, known once the gateway listens: `http://127.0.0.1:4566`. */
  readonly endpoint: () => string;
}

export interface QueueView extends QueueCounts {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
}

export interface SqsEngine extends Engine {
  /** Declares a queue; its messages of earlier runs are still there. @throws {Error} for settings that AWS would refuse */
  ensureQueue(settings: QueueSettings): void;
  /**
   * Calls back whenever the queue may have something to receive: after a send, a delay, or a visibility timeout. The
   * callback takes messages by `ReceiveMessage` like everybody else.
   * @returns a function that ends it
   */
  onMessage(queueArn: string, callback: () => void): () => void;
  queues(): readonly QueueView[];
}

export async function createSqsEngine({
  dir,
  now = Date.now,
  accountId,
  region,
  endpoint,
}: SqsOptions): Promise<SqsEngine> {
  await mkdir(dir, { recursive: true });
  const queues = new Map<string, Queue>();
  const store = openStore(join(dir, 'sqs.db'));
  const wakes = createWakes();
  let closed = false;
  const context: SqsContext = {
    store,
    wakes,
    accountId,
    region,
    now,
    isClosed: () => closed,
    queues: () => [...queues.values()],
    urlOf: (queue) => `${endpoint()}/${accountId}/${queue.name}`,
    purgedAt: new Map(),
  };
  return {
    services: ['sqs'],
    protocol: 'json',
    prepare: (request) => prepare(context, request),
    async close() {
      closed = true;
      wakes.close();
      store.close();
    },
    ensureQueue(settings) {
      const queue = readQueue(settings, now());
      queues.set(queue.arn, queue);
      const next = store.nextVisibleAt(queue, now());
      wakes.appoint(queue.arn, next === undefined ? undefined : next - now());
    },
    onMessage(queueArn, callback) {
      if (!queues.has(queueArn)) throw new Error(`no such queue: ${queueArn}`);
      return wakes.on(queueArn, callback);
    },
    queues: () =>
      [...queues.values()].map((queue) => ({
        name: queue.name,
        arn: queue.arn,
        url: context.urlOf(queue),
        ...store.counts(queue, now()),
      })),
  };
}

function prepare(context: SqsContext, request: AwsRequest): Operation {
  const target = request.headers['x-amz-target'] ?? '';
  const name = target.startsWith('AmazonSQS.') ? target.slice('AmazonSQS.'.length) : '';
  const handle = Object.hasOwn(operations, name) ? operations[name as keyof typeof operations] : undefined;
  const schema = Object.hasOwn(inputs, name) ? inputs[name as keyof typeof inputs] : undefined;
  if (!handle || !schema) return unsupported(context, name, readJson(request.body));
  const { action, resource, run }: Handled = handle(context, readInput(schema, readJson(request.body)));
  return {
    name,
    requires: [{ action: `sqs:${action}`, resource }],
    run: async (caller) => ({ body: await run(caller) }),
  };
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON.');
  }
}
