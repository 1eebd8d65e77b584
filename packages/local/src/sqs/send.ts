/** Sending: validation, digests, deduplication ids. */

import { createHash, randomUUID } from 'node:crypto';
import { AwsError } from '../aws/engine.ts';
import { attributeBytes, attributeDigest, checkAttributes } from './attribute.ts';
import type { SendFields } from './input.ts';
import { invalid, type Queue } from './queue.ts';
import type { MessageStore, NewMessage } from './store.ts';

// XML's characters, which are what a message may contain.
const allowedText = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

export function messageBytes({ MessageBody, MessageAttributes }: SendFields): number {
  return Buffer.byteLength(MessageBody) + attributeBytes(MessageAttributes);
}

/** @throws {AwsError} as AWS for what the queue does not take */
function readMessage(queue: Queue, fields: SendFields, sender: string): NewMessage {
  const { MessageBody: body, MessageAttributes: attributes, MessageGroupId: groupId, DelaySeconds } = fields;
  if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (!allowedText.test(body))
    throw invalid(
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
      'InvalidMessageContents',
    );
  if (messageBytes(fields) > queue.messageBytesMax)
    throw invalid(
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.messageBytesMax} bytes.`,
    );
  checkAttributes(attributes);
  let deduplicationId = fields.MessageDeduplicationId;
  if (queue.fifo) {
    if (groupId === undefined)
      throw new AwsError('MissingParameter', 'The request must contain the parameter MessageGroupId.');
    if (DelaySeconds !== undefined)
      throw invalid(
        'Value for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
      );
    if (queue.fifo.contentBased) deduplicationId ??= createHash('sha256').update(body).digest('hex');
    if (deduplicationId === undefined)
      throw invalid(
        'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
      );
  } else if (deduplicationId !== undefined) {
    throw invalid('The request includes a parameter that is not valid for this queue type: MessageDeduplicationId');
  }
  const traceHeader = fields.MessageSystemAttributes?.AWSTraceHeader?.StringValue;
  return {
    id: randomUUID(),
    body,
    attributes,
    sender,
    traceHeader,
    groupId,
    deduplicationId,
    delayMs: DelaySeconds === undefined ? queue.delayMs : DelaySeconds * 1000,
  };
}

/** Sends one message and gives the members of its answer. */
export function send(
  store: MessageStore,
  queue: Queue,
  fields: SendFields,
  sender: string,
  now: number,
): Record<string, string | undefined> {
  const message = readMessage(queue, fields, sender);
  const { id, sequence } = store.send(queue, message, now);
  const trace = fields.MessageSystemAttributes?.AWSTraceHeader;
  return {
    MessageId: id,
    MD5OfMessageBody: createHash('md5').update(message.body).digest('hex'),
    MD5OfMessageAttributes: attributeDigest(message.attributes),
    MD5OfMessageSystemAttributes: trace && attributeDigest({ AWSTraceHeader: trace }),
    ...(queue.fifo ? { SequenceNumber: sequenceNumber(sequence) } : {}),
  };
}

/** Twenty digits, as AWS: larger means later. */
export function sequenceNumber(sequence: number): string {
  return String(sequence).padStart(20, '1000000000000000000');
}
