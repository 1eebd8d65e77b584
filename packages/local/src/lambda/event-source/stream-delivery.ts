import type { RunResult } from '../runner.ts';
import { type PollerContext, pause, queueUrl, reportedFailures } from './poller.ts';
import type { StreamRecord } from './stream-poller.ts';

/** Thrown when the mapping is stopped before the batch was handled; it is then read again from the checkpoint. */
class Stopped extends Error {}

const BACKOFF_FACTOR_MAX = 100;

/**
 * Gives records of one shard to the function in order. A batch that fails is tried again, halved where the mapping says
 * so, and given up to the failure destination when its attempts or its age run out; nothing behind it goes first.
 * @param input.reached told the last sequence number handled, after each part
 */
export async function deliverInOrder(input: {
  readonly context: PollerContext;
  readonly shardId: string;
  readonly records: readonly StreamRecord[];
  readonly reached: (sequenceNumber: string) => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { context, shardId, reached, signal } = input;
  const { settings, uuid } = context.mapping;
  const maxRetries = settings.MaximumRetryAttempts ?? -1;
  const reports = settings.FunctionResponseTypes.includes('ReportBatchItemFailures');
  const parts: StreamRecord[][] = input.records.length === 0 ? [] : [[...input.records]];
  let retries = 0;

  const done = (part: readonly StreamRecord[]): void => {
    const last = part.at(-1);
    if (last !== undefined) reached(last.dynamodb.SequenceNumber);
    parts.shift();
    retries = 0;
  };

  for (let part = parts[0]; part !== undefined; part = parts[0]) {
    if (signal.aborted) throw new Stopped();
    const expired = tooOld(part, settings.MaximumRecordAgeInSeconds ?? -1, context.now());
    if (expired > 0) {
      const old = part.slice(0, expired);
      await giveUp(context, shardId, old, 'RecordAgeExceeded', retries);
      parts.splice(0, 1, old, ...(expired < part.length ? [part.slice(expired)] : []));
      done(old);
      continue;
    }
    const result = await context.invoke({ Records: part.map((record) => eventRecord(record, context)) });
    const failedAt = firstFailure(result, part, reports);
    if (failedAt === -1) {
      context.store.setResult(uuid, 'OK');
      done(part);
      continue;
    }
    // A function that was cut off by the stop did not fail.
    if (signal.aborted) throw new Stopped();
    context.store.setResult(uuid, 'PROBLEM: Function call failed');
    if (failedAt > 0) {
      const handled = part.slice(0, failedAt);
      reached(handled.at(-1)?.dynamodb.SequenceNumber ?? '');
      part = part.slice(failedAt);
      parts[0] = part;
      retries = 0;
    } else if (settings.BisectBatchOnFunctionError === true && part.length > 1) {
      const middle = Math.ceil(part.length / 2);
      parts.splice(0, 1, part.slice(0, middle), part.slice(middle));
      continue;
    }
    retries += 1;
    if (maxRetries >= 0 && retries > maxRetries) {
      await giveUp(context, shardId, part, 'RetryAttemptsExhausted', retries, result);
      done(part);
    } else {
      await pause(context.timing.retryMs * Math.min(2 ** (retries - 1), BACKOFF_FACTOR_MAX), signal);
    }
  }
}

/** The index of the first record that was not handled, or -1 when all were. */
function firstFailure(result: RunResult, part: readonly StreamRecord[], reports: boolean): number {
  if (result.functionError !== undefined) return 0;
  if (!reports) return -1;
  const failed = reportedFailures(
    result.payload,
    part.map((record) => record.dynamodb.SequenceNumber),
  );
  return failed === undefined ? 0 : part.findIndex((record) => failed.has(record.dynamodb.SequenceNumber));
}

function tooOld(part: readonly StreamRecord[], maxAgeSeconds: number, now: number): number {
  if (maxAgeSeconds < 0) return 0;
  const oldest = now / 1000 - maxAgeSeconds;
  const firstYoung = part.findIndex((record) => record.dynamodb.ApproximateCreationDateTime >= oldest);
  return firstYoung === -1 ? part.length : firstYoung;
}

function eventRecord(record: StreamRecord, context: PollerContext): object {
  const { userIdentity, ...rest } = record;
  return {
    ...rest,
    ...(userIdentity ? { userIdentity: identity(userIdentity) } : {}),
    eventSource: 'aws:dynamodb',
    awsRegion: context.region,
    eventSourceARN: context.mapping.eventSourceArn,
  };
}

/** The streams API writes these members with capitals, the event has none. */
function identity(value: unknown): object {
  const members = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(members.map(([name, member]) => [name.charAt(0).toLowerCase() + name.slice(1), member]));
}

async function giveUp(
  context: PollerContext,
  shardId: string,
  part: readonly StreamRecord[],
  condition: string,
  attempts: number,
  result?: RunResult,
): Promise<void> {
  const destination = context.mapping.settings.DestinationConfig?.OnFailure?.Destination;
  const first = part[0];
  const last = part.at(-1);
  if (destination === undefined || first === undefined || last === undefined) return;
  const arrival = (record: StreamRecord): string =>
    new Date(record.dynamodb.ApproximateCreationDateTime * 1000).toISOString();
  const document = {
    requestContext: {
      requestId: result?.requestId ?? '',
      functionArn: context.functionArn,
      condition,
      approximateInvokeCount: attempts,
    },
    ...(result === undefined
      ? {}
      : {
          responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: result.functionError ?? null },
        }),
    version: '1.0',
    timestamp: new Date(context.now()).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first.dynamodb.SequenceNumber,
      endSequenceNumber: last.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: part.length,
      streamArn: context.mapping.eventSourceArn,
    },
  };
  await context.call({
    service: 'sqs',
    target: 'AmazonSQS.SendMessage',
    body: { QueueUrl: queueUrl(destination, context.endpoint()), MessageBody: JSON.stringify(document) },
    credentials: await context.credentials(),
  });
}
