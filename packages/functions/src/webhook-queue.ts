import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DeliveryMessage } from '@tenantry/core/webhook/delivery';
import { readEnvironment, required } from './environment.ts';

/** SQS delays a message by no more; who gets it earlier puts it back. */
const DELAY_SECONDS_MAX = 900;

/** The queue of deliveries that are due, by its name in the function's environment. */
export function webhookQueue() {
  const { WEBHOOK_QUEUE_URL } = readEnvironment({ WEBHOOK_QUEUE_URL: required });
  const sqs = new SQSClient({});
  /** @param dueAt when somebody is to look at it; absent, now */
  return async ({ tenantId, webhookId, messageId }: DeliveryMessage, dueAt?: Date): Promise<void> => {
    const seconds = dueAt ? Math.ceil((dueAt.getTime() - Date.now()) / 1000) : 0;
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: WEBHOOK_QUEUE_URL,
        MessageBody: JSON.stringify({ tenantId, webhookId, messageId }),
        DelaySeconds: Math.min(Math.max(0, seconds), DELAY_SECONDS_MAX),
      }),
    );
  };
}
