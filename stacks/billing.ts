import { createFunction } from './function.ts';
import { on } from './grants.ts';
import type { Storage } from './storage.ts';

export type StripeAccess = ReturnType<typeof createStripeAccess>;

/** How functions reach Stripe. A local stage may name another address, where Stripe's engine answers. */
export function createStripeAccess() {
  const secretKey = new sst.Secret('StripeSecretKey');
  const webhookSecret = new sst.Secret('StripeWebhookSecret');
  const base = $app.stage === 'local' ? process.env.STRIPE_API_BASE : undefined;
  return {
    environment: { STRIPE_SECRET_KEY: secretKey.value, ...(base ? { STRIPE_API_BASE: base } : {}) },
    webhookEnvironment: { STRIPE_WEBHOOK_SECRET: webhookSecret.value },
  };
}

const CONSUMER_TIMEOUT_SECONDS = 30;
const DELIVERIES_MAX = 5;

/** Verified webhooks wait here, so that Stripe gets its answer at once and a failure is tried again. */
export function createBillingQueue() {
  const deadLetters = new sst.aws.Queue('BillingEventsDeadLetters', {
    transform: { queue: { messageRetentionSeconds: 14 * 24 * 3600, sqsManagedSseEnabled: true } },
  });
  return new sst.aws.Queue('BillingEvents', {
    // AWS asks for six times the consumer's timeout, so that a batch that is still being worked on does not come again.
    visibilityTimeout: `${6 * CONSUMER_TIMEOUT_SECONDS} seconds`,
    dlq: { queue: deadLetters.arn, retry: DELIVERIES_MAX },
    transform: { queue: { sqsManagedSseEnabled: true } },
  });
}

export function createBillingConsumer(options: {
  storage: Storage;
  stripe: StripeAccess;
  queue: sst.aws.Queue;
  onboardingArn: $util.Input<string>;
}) {
  const { storage, stripe, queue, onboardingArn } = options;
  const consumer = createFunction('consumers/billing-events', {
    storage,
    environment: { ONBOARDING_ARN: onboardingArn, ...stripe.environment },
    grants: [
      on(['states:StartExecution'], onboardingArn),
      on(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queue.arn),
    ],
    timeoutSeconds: CONSUMER_TIMEOUT_SECONDS,
  });
  new aws.lambda.EventSourceMapping('BillingEventsMapping', {
    eventSourceArn: queue.arn,
    functionName: consumer.name,
    batchSize: 10,
    functionResponseTypes: ['ReportBatchItemFailures'],
  });
  return consumer;
}
