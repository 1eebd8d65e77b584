/** How a received message is shown. */

import { createHash } from 'node:crypto';
import { attributeDigest, selectAttributes } from './attribute.ts';
import type { Input } from './input.ts';
import { sequenceNumber } from './send.ts';
import type { Message } from './store.ts';

function systemAttributes(message: Message, fifo: boolean): Record<string, string | undefined> {
  return {
    SenderId: message.sender,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    SequenceNumber: fifo ? sequenceNumber(message.sequence) : undefined,
    MessageDeduplicationId: message.deduplicationId,
    MessageGroupId: message.groupId,
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.source,
  };
}

export function showMessage(message: Message, fifo: boolean, wanted: Input<'ReceiveMessage'>): object {
  const names = [...wanted.AttributeNames, ...wanted.MessageSystemAttributeNames];
  const system = Object.entries(systemAttributes(message, fifo)).filter(
    ([name, value]) => value !== undefined && (names.includes('All') || names.includes(name)),
  );
  const attributes = selectAttributes(message.attributes, wanted.MessageAttributeNames);
  return {
    MessageId: message.id,
    ReceiptHandle: Buffer.from(message.receipt).toString('base64'),
    Body: message.body,
    MD5OfBody: createHash('md5').update(message.body).digest('hex'),
    ...(system.length > 0 ? { Attributes: Object.fromEntries(system) } : {}),
    ...(Object.keys(attributes).length > 0
      ? { MessageAttributes: attributes, MD5OfMessageAttributes: attributeDigest(attributes) }
      : {}),
  };
}
