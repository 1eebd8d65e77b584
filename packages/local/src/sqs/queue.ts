/** What a queue is: its settings, as the infrastructure declares them. */

import { AwsError } from '../aws/engine.ts';

export interface QueueSettings {
  readonly name: string;
  /** An address under which clients know the queue, besides `<endpoint>/<account>/<name>`. */
  readonly url?: string | undefined;
  readonly arn: string;
  /** Seconds; AWS's default is 30. */
  readonly visibilityTimeout?: number | undefined;
  /** Where a message goes that was received this often without being deleted. */
  readonly redrive?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number } | undefined;
  /** Order within message groups and deduplication over five minutes. */
  readonly fifo?: { readonly contentBasedDeduplication?: boolean | undefined } | boolean | undefined;
  /** Seconds before a new message can be received. */
  readonly delay?: number | undefined;
  /** Seconds; AWS's default is 4 days. */
  readonly retention?: number | undefined;
  /** Seconds that a receive waits when it does not say. */
  readonly receiveWait?: number | undefined;
  /** Bytes of a message with its attributes; AWS's default, and most, is 1 MiB. */
  readonly maximumMessageSize?: number | undefined;
}

export interface Queue {
  readonly name: string;
  readonly url: string | undefined;
  readonly arn: string;
  /** Milliseconds, as all times of a queue. */
  readonly visibilityMs: number;
  readonly delayMs: number;
  readonly retentionMs: number;
  readonly receiveWaitMs: number;
  readonly messageBytesMax: number;
  readonly redrive: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number } | undefined;
  readonly fifo: { readonly contentBased: boolean } | undefined;
  readonly createdAt: number;
}

/** Limits that AWS sets. */
export const limits = {
  messageBytesMax: 1024 * 1024,
  visibilitySecondsMax: 43_200,
  delaySecondsMax: 900,
  waitSecondsMax: 20,
  batchMax: 10,
  retentionSecondsMin: 60,
  retentionSecondsMax: 1_209_600,
  deduplicationMs: 5 * 60_000,
  purgeIntervalMs: 60_000,
} as const;

/** @throws {Error} at start for settings that AWS would refuse */
export function readQueue(settings: QueueSettings, now: number): Queue {
  const { name, arn, redrive, fifo } = settings;
  const seconds = (value: number | undefined, absent: number, min: number, max: number, what: string) => {
    const given = value ?? absent;
    if (!Number.isInteger(given) || given < min || given > max)
      throw new Error(`queue ${name}: ${what} must be ${min} to ${max} seconds, not ${given}`);
    return given * 1000;
  };
  if (!/^[\w-]{1,75}(\.fifo)?$/.test(name)) throw new Error(`queue name not allowed: ${name}`);
  if (name.endsWith('.fifo') !== Boolean(fifo))
    throw new Error(`queue ${name}: the name of a FIFO queue, and of no other, ends in .fifo`);
  if (
    redrive &&
    (!Number.isInteger(redrive.maxReceiveCount) || redrive.maxReceiveCount < 1 || redrive.maxReceiveCount > 1000)
  ) {
    throw new Error(`queue ${name}: maxReceiveCount must be 1 to 1000`);
  }
  if (redrive && redrive.deadLetterTargetArn.endsWith('.fifo') !== Boolean(fifo))
    throw new Error(`queue ${name}: its dead-letter queue must be of the same kind`);
  const size = settings.maximumMessageSize ?? limits.messageBytesMax;
  if (!Number.isInteger(size) || size < 1024 || size > limits.messageBytesMax)
    throw new Error(`queue ${name}: maximum message size must be 1024 to ${limits.messageBytesMax} bytes`);
  return {
    name,
    url: settings.url,
    arn,
    visibilityMs: seconds(settings.visibilityTimeout, 30, 0, limits.visibilitySecondsMax, 'visibility timeout'),
    delayMs: seconds(settings.delay, 0, 0, limits.delaySecondsMax, 'delay'),
    retentionMs: seconds(
      settings.retention,
      345_600,
      limits.retentionSecondsMin,
      limits.retentionSecondsMax,
      'retention',
    ),
    receiveWaitMs: seconds(settings.receiveWait, 0, 0, limits.waitSecondsMax, 'receive wait'),
    messageBytesMax: size,
    redrive,
    fifo: fifo ? { contentBased: fifo !== true && fifo.contentBasedDeduplication === true } : undefined,
    createdAt: now,
  };
}

export function invalid(message: string, code = 'InvalidParameterValue'): AwsError {
  return new AwsError(code, message);
}
