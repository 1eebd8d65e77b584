import * as z from 'zod';
import { createEventFilter } from './event-filter.ts';
import { type Poller, type PollerContext, pause, queueUrl, reportedFailures, startPoller } from './poller.ts';

const attributeSchema = z.looseObject({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});
const messageSchema = z.looseObject({
  MessageId: z.string(),
  ReceiptHandle: z.string(),
  Body: z.string(),
  MD5OfBody: z.string().optional(),
  MD5OfMessageAttributes: z.string().optional(),
  Attributes: z.record(z.string(), z.string()).optional(),
  MessageAttributes: z.record(z.string(), attributeSchema).optional(),
});
const receivedSchema = z.looseObject({ Messages: z.array(messageSchema).nullish() });
type Message = z.infer<typeof messageSchema>;

const RECEIVE_MAX = 10;

/**
 * Reads a queue, invokes the function with each batch, and deletes what it handled. What failed is left alone and comes
 * back after its visibility timeout, or goes to the dead-letter queue by the queue's own redrive policy.
 */
export function startQueuePoller(context: PollerContext): Poller {
  const { mapping, store, call, endpoint, region, now } = context;
  const { BatchSize, MaximumBatchingWindowInSeconds, FunctionResponseTypes, FilterCriteria } = mapping.settings;
  const accepts = createEventFilter((FilterCriteria?.Filters ?? []).map((filter) => filter.Pattern));
  const url = queueUrl(mapping.eventSourceArn, endpoint());

  async function sqs(operation: string, body: object): Promise<Record<string, unknown>> {
    const credentials = await context.credentials();
    return call({ service: 'sqs', target: `AmazonSQS.${operation}`, body: { QueueUrl: url, ...body }, credentials });
  }

  async function receive(limit: number): Promise<Message[]> {
    const answer = await sqs('ReceiveMessage', {
      MaxNumberOfMessages: Math.min(limit, RECEIVE_MAX),
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
      WaitTimeSeconds: 0,
    });
    return receivedSchema.parse(answer).Messages ?? [];
  }

  async function gather(signal: AbortSignal): Promise<Message[]> {
    const messages = await receive(BatchSize);
    const until = now() + MaximumBatchingWindowInSeconds * 1000;
    while (messages.length > 0 && messages.length < BatchSize && !signal.aborted) {
      const more = await receive(BatchSize - messages.length);
      messages.push(...more);
      if (more.length > 0) continue;
      if (now() >= until) break;
      await pause(Math.min(context.timing.idleMs, until - now()), signal);
    }
    return messages;
  }

  async function remove(messages: readonly Message[]): Promise<void> {
    for (let start = 0; start < messages.length; start += RECEIVE_MAX) {
      const Entries = messages
        .slice(start, start + RECEIVE_MAX)
        .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs('DeleteMessageBatch', { Entries });
    }
  }

  async function step(signal: AbortSignal): Promise<boolean> {
    const messages = await gather(signal);
    if (messages.length === 0) return false;
    const records = messages.map((message) => recordOf(message, mapping.eventSourceArn, region));
    const wanted = records.map((record) => accepts({ ...record, body: jsonOr(record.body) }));
    await remove(messages.filter((_, index) => wanted[index] === false));
    const batch = messages.filter((_, index) => wanted[index]);
    if (batch.length === 0) return true;
    const result = await context.invoke({ Records: records.filter((_, index) => wanted[index]) });
    const reports = FunctionResponseTypes.includes('ReportBatchItemFailures');
    const ids = batch.map((message) => message.MessageId);
    const failed =
      result.functionError !== undefined
        ? undefined
        : reports
          ? reportedFailures(result.payload, ids)
          : new Set<string>();
    if (failed !== undefined) await remove(batch.filter((message) => !failed.has(message.MessageId)));
    store.setResult(mapping.uuid, failed?.size === 0 ? 'OK' : 'PROBLEM: Function call failed');
    return true;
  }

  return startPoller(context, step);
}

function recordOf(message: Message, eventSourceARN: string, awsRegion: string) {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, attribute]) => [
    name,
    {
      ...(attribute.StringValue === undefined ? {} : { stringValue: attribute.StringValue }),
      ...(attribute.BinaryValue === undefined ? {} : { binaryValue: attribute.BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType: attribute.DataType,
    },
  ]);
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(attributes),
    ...(message.MD5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion,
  };
}

/** A filter sees into a body that is JSON; any other body is text. */
function jsonOr(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
