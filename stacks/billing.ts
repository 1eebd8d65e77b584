import { createFunction } from './function.ts';
import { type FunctionGrant, on } from './grants.ts';
import type { MailFrom } from './mail.ts';
import type { Schedule } from './schedule.ts';
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
  const queue = new sst.aws.Queue('BillingEvents', {
    // AWS asks for six times the consumer's timeout, so that a batch that is still being worked on does not come again.
    visibilityTimeout: `${6 * CONSUMER_TIMEOUT_SECONDS} seconds`,
    dlq: { queue: deadLetters.arn, retry: DELIVERIES_MAX },
    transform: { queue: { sqsManagedSseEnabled: true } },
  });
  return { queue, deadLetters };
}

export function createBillingConsumer(options: {
  storage: Storage;
  stripe: StripeAccess;
  queue: sst.aws.Queue;
  review: Reviewing;
}) {
  const { storage, stripe, queue, review } = options;
  const consumer = createFunction('consumers/billing-events', {
    storage,
    environment: { ...review.environment, ...stripe.environment },
    grants: [...review.grants, on(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queue.arn)],
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

/** What a function needs that brings companies to what Stripe holds. */
export interface Reviewing {
  readonly environment: Readonly<Record<string, $util.Input<string>>>;
  readonly grants: readonly FunctionGrant[];
}

export function createReviewing(options: {
  machines: Readonly<Record<'onboarding' | 'suspension' | 'deletion' | 'tierChange', aws.sfn.StateMachine>>;
  mail: MailFrom;
  siteUrl: $util.Input<string>;
}): Reviewing {
  const { mail, siteUrl } = options;
  const { onboarding, suspension, deletion, tierChange } = options.machines;
  return {
    environment: {
      SITE_URL: siteUrl,
      MAIL_FROM: mail.from,
      ONBOARDING_ARN: onboarding.arn,
      SUSPENSION_ARN: suspension.arn,
      DELETION_ARN: deletion.arn,
      TIER_CHANGE_ARN: tierChange.arn,
    },
    grants: [on(['states:StartExecution'], onboarding.arn, suspension.arn, deletion.arn, tierChange.arn), mail.sending],
  };
}

/** Goes on with what is due: dunning, and what had to wait. */
export function createBillingReview({
  storage,
  stripe,
  review,
  schedule,
}: {
  storage: Storage;
  stripe: StripeAccess;
  review: Reviewing;
  schedule: Schedule;
}) {
  const job = createFunction('jobs/review-billing', {
    storage,
    environment: { ...review.environment, ...stripe.environment },
    grants: review.grants,
    timeoutSeconds: 240,
  });
  schedule('review-billing', job);
  return job;
}
