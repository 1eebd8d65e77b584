import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunResult } from '../runner.ts';
import { settingsFor } from './mapping.ts';
import { createMappingStore } from './mapping-store.ts';
import type { PollerContext } from './poller.ts';
import { deliverInOrder } from './stream-delivery.ts';
import type { StreamRecord } from './stream-poller.ts';

const store = createMappingStore(new DatabaseSync(':memory:'), () => 0);
const source = 'arn:aws:dynamodb:us-east-1:000000000000:table/T/stream/s';

interface Plan {
  readonly count: number;
  /** How often each record fails before it succeeds; -1 for ever. */
  readonly failures: readonly number[];
  readonly bisect: boolean;
  readonly reports: boolean;
  readonly retries: number;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  count: fc.integer({ min: 0, max: 12 }),
  failures: fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: -1, max: 3 })), {
    minLength: 12,
    maxLength: 12,
  }),
  bisect: fc.boolean(),
  reports: fc.boolean(),
  retries: fc.integer({ min: 0, max: 3 }),
});

async function deliver({ count, failures, bisect, reports, retries }: Plan) {
  const left = [...failures];
  const handled: number[] = [];
  const givenUp: number[] = [];
  const checkpoints: number[] = [];
  const settings = settingsFor('stream', {
    StartingPosition: 'LATEST',
    BisectBatchOnFunctionError: bisect,
    MaximumRetryAttempts: retries,
    FunctionResponseTypes: reports ? ['ReportBatchItemFailures'] : [],
    DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:failed' } },
  });
  const result = (payload: unknown, failed = false): RunResult => ({
    payload: JSON.stringify(payload),
    requestId: 'r',
    logTail: '',
    durationMs: 0,
    ...(failed ? { functionError: 'Unhandled' as const } : {}),
  });
  const context: PollerContext = {
    mapping: {
      uuid: 'u',
      functionName: 'f',
      eventSourceArn: source,
      settings,
      lastModified: 0,
      lastProcessingResult: '',
    },
    store,
    region: 'us-east-1',
    functionArn: 'arn',
    now: () => 0,
    endpoint: () => 'http://localhost',
    timing: { idleMs: 0, retryMs: 0 },
    credentials: async () => ({ accessKeyId: '', secretAccessKey: '', sessionToken: '', expiration: new Date(0) }),
    call: async ({ body }) => {
      const { DDBStreamBatchInfo: batch } = JSON.parse((body as { MessageBody: string }).MessageBody);
      for (let n = Number(batch.startSequenceNumber); n <= Number(batch.endSequenceNumber); n += 1) givenUp.push(n);
      return {};
    },
    invoke: async (event) => {
      const numbers = (event as { Records: StreamRecord[] }).Records.map((record) =>
        Number(record.dynamodb.SequenceNumber),
      );
      for (const n of numbers) {
        const remaining = left[n] ?? 0;
        if (remaining === 0) continue;
        left[n] = remaining - 1;
        // What stands before the failure was handled, and only a partial answer says so.
        if (!reports) return result({}, true);
        handled.push(...numbers.filter((one) => one < n));
        return result({ batchItemFailures: [{ itemIdentifier: String(n) }] });
      }
      handled.push(...numbers);
      return result(null);
    },
  };
  const records = Array.from(
    { length: count },
    (_, n): StreamRecord => ({
      eventID: String(n),
      eventName: 'INSERT',
      dynamodb: { SequenceNumber: String(n), ApproximateCreationDateTime: 0 },
    }),
  );
  const reached = (sequenceNumber: string) => void checkpoints.push(Number(sequenceNumber));
  await deliverInOrder({ context, shardId: 's', records, reached, signal: new AbortController().signal });
  return { handled, givenUp, checkpoints };
}

test('every record is handled or given up, once and in order, whatever fails and however often', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async (one) => {
      const { handled, givenUp, checkpoints } = await deliver(one);
      const ascending = (numbers: readonly number[]) => numbers.every((n, i) => i === 0 || n > (numbers[i - 1] ?? 0));
      expect(ascending(handled)).toBe(true);
      expect(ascending(givenUp)).toBe(true);
      expect(ascending(checkpoints)).toBe(true);
      expect([...handled, ...givenUp].sort((a, b) => a - b)).toEqual(Array.from({ length: one.count }, (_, n) => n));
      expect(checkpoints.at(-1) ?? -1).toBe(one.count - 1);
    }),
    { numRuns: 300 },
  );
});

test('with bisection nothing is given up that could have been handled', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async (one) => {
      const { givenUp } = await deliver({ ...one, bisect: true, reports: false });
      const hopeless = (n: number) => (one.failures[n] ?? 0) === -1 || (one.failures[n] ?? 0) > one.retries;
      expect(givenUp.filter((n) => !hopeless(n))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
