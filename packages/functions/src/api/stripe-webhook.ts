import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { markReceipt, receiveEvent } from '@tenantry/core/billing/receipt';
import { verifyWebhook } from '@tenantry/core/billing/webhook';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';

const environment = readEnvironment({
  BILLING_QUEUE_URL: required,
  STRIPE_WEBHOOK_SECRET: required,
});
const { Control: control } = ownTables('api/stripe-webhook');
const sqs = new SQSClient({});

export const handler = createApi('stripe-webhook', undefined, {
  /** Verifies, stores and queues; the work is the consumer's, so that Stripe gets its answer at once. */
  stripeWebhook: async ({ rawBody, headers, now }) => {
    const message = await verifyWebhook(rawBody, headers['stripe-signature'], environment.STRIPE_WEBHOOK_SECRET);
    const { eventId: id, type } = message;
    if (await receiveEvent(control, { id, type }, now)) {
      await sqs.send(
        new SendMessageCommand({ QueueUrl: environment.BILLING_QUEUE_URL, MessageBody: JSON.stringify(message) }),
      );
      await markReceipt(control, id, 'queued');
    }
    return { received: true as const };
  },
});
