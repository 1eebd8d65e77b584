/** The shapes of SQS's requests. Unknown members are errors: what would be ignored might have mattered. */

import * as z from 'zod';
import { AwsError } from '../aws/engine.ts';
import { attributeSchema } from './attribute.ts';
import { limits } from './queue.ts';

const QueueUrl = z.string().min(1).max(2048);
const seconds = (max: number) => z.int().min(0).max(max);
const receipt = z.string().min(1).max(1024);
const entryId = z.string().max(80);
const names = z.array(z.string().max(256)).max(64).default([]);

const message = {
  MessageBody: z.string(),
  DelaySeconds: seconds(limits.delaySecondsMax).optional(),
  MessageAttributes: z.record(z.string(), attributeSchema).default({}),
  MessageSystemAttributes: z.strictObject({ AWSTraceHeader: attributeSchema.optional() }).optional(),
  MessageGroupId: z.string().min(1).max(128).optional(),
  MessageDeduplicationId: z.string().min(1).max(128).optional(),
};

export const inputs = {
  SendMessage: z.strictObject({ QueueUrl, ...message }),
  SendMessageBatch: z.strictObject({ QueueUrl, Entries: z.array(z.strictObject({ Id: entryId, ...message })) }),
  ReceiveMessage: z.strictObject({
    QueueUrl,
    AttributeNames: names,
    MessageSystemAttributeNames: names,
    MessageAttributeNames: names,
    MaxNumberOfMessages: z.int().min(1).max(limits.batchMax).default(1),
    VisibilityTimeout: seconds(limits.visibilitySecondsMax).optional(),
    WaitTimeSeconds: seconds(limits.waitSecondsMax).optional(),
  }),
  DeleteMessage: z.strictObject({ QueueUrl, ReceiptHandle: receipt }),
  DeleteMessageBatch: z.strictObject({
    QueueUrl,
    Entries: z.array(z.strictObject({ Id: entryId, ReceiptHandle: receipt })),
  }),
  ChangeMessageVisibility: z.strictObject({
    QueueUrl,
    ReceiptHandle: receipt,
    VisibilityTimeout: seconds(limits.visibilitySecondsMax),
  }),
  ChangeMessageVisibilityBatch: z.strictObject({
    QueueUrl,
    Entries: z.array(
      z.strictObject({ Id: entryId, ReceiptHandle: receipt, VisibilityTimeout: seconds(limits.visibilitySecondsMax) }),
    ),
  }),
  GetQueueUrl: z.strictObject({
    QueueName: z.string().min(1).max(80),
    QueueOwnerAWSAccountId: z
      .string()
      .regex(/^\d{12}$/)
      .optional(),
  }),
  GetQueueAttributes: z.strictObject({ QueueUrl, AttributeNames: names }),
  PurgeQueue: z.strictObject({ QueueUrl }),
  ListQueues: z.strictObject({
    QueueNamePrefix: z.string().max(80).optional(),
    MaxResults: z.int().min(1).max(1000).optional(),
    NextToken: z.string().max(200).optional(),
  }),
} satisfies Record<string, z.ZodType>;

export type Input<Name extends keyof typeof inputs> = z.infer<(typeof inputs)[Name]>;
export type SendFields = Omit<Input<'SendMessage'>, 'QueueUrl'>;

/** @throws {AwsError} `MissingParameter`, `InvalidParameterValue` */
export function readInput<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join('.') ?? '';
  if (issue?.code === 'invalid_type' && issue.input === undefined && issue.path.length > 0) {
    throw new AwsError('MissingParameter', `The request must contain the parameter ${path}.`);
  }
  throw new AwsError('InvalidParameterValue', `Value for parameter ${path} is invalid. Reason: ${issue?.message}.`);
}

interface Entry {
  readonly Id: string;
}

/** @throws {AwsError} for a batch that is empty, too long, or whose ids are unfit */
export function checkBatch(entries: readonly Entry[]): void {
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > limits.batchMax)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${limits.batchMax}. You have sent ${entries.length}.`,
    );
  if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(Id)))
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
}
