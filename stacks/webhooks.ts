import { createFunction, type DeployedFunction } from './function.ts';
import { on } from './grants.ts';
import type { MailFrom } from './mail.ts';
import type { Storage } from './storage.ts';
import { createStreamConsumer } from './stream-consumer.ts';

export type WebhookSending = ReturnType<typeof createWebhookSending>;

const DELIVERY_TIMEOUT_SECONDS = 60;
/** A delivery that cannot even be looked at, such as while a table does not answer, is tried for hours. */
const RECEIVES_MAX = 50;

/** The queue of what is due, and the key of signing secrets. Each delivery has one message in the queue until nothing is left to do for it. */
export function createWebhookSending() {
  const key = new sst.Secret('WebhookKey');
  const deadLetters = new sst.aws.Queue('WebhookDeliveriesDeadLetters', {
    transform: { queue: { messageRetentionSeconds: 14 * 24 * 3600, sqsManagedSseEnabled: true } },
  });
  const queue = new sst.aws.Queue('WebhookDeliveries', {
    visibilityTimeout: `${6 * DELIVERY_TIMEOUT_SECONDS} seconds`,
    dlq: { queue: deadLetters.arn, retry: RECEIVES_MAX },
    transform: { queue: { messageRetentionSeconds: 14 * 24 * 3600, sqsManagedSseEnabled: true } },
  });
  return {
    queue,
    deadLetters,
    environment: { WEBHOOK_QUEUE_URL: queue.url },
    keyEnvironment: { WEBHOOK_SECRET_KEY: key.value },
    grants: [on(['sqs:SendMessage'], queue.arn)],
  };
}

/** The way of events: from the audit log's stream to the deliveries of each endpoint, and from their queue to the endpoints. */
export function createWebhookConsumers(options: {
  storage: Storage;
  sending: WebhookSending;
  mail: MailFrom;
  siteUrl: $util.Input<string>;
}) {
  const { storage, sending, mail, siteUrl } = options;
  const events = createStreamConsumer('WebhookEvents', 'consumers/webhook-events', {
    storage,
    streamArn: storage.audit.nodes.table.streamArn,
    environment: sending.environment,
    grants: sending.grants,
    batch: { batchSize: 100, maximumBatchingWindowInSeconds: 0, bisectBatchOnFunctionError: true },
  });
  const delivery = createDelivery({ storage, sending, mail, siteUrl });
  return { events, functions: [events.function, delivery] };
}

function createDelivery(options: {
  storage: Storage;
  sending: WebhookSending;
  mail: MailFrom;
  siteUrl: $util.Input<string>;
}): DeployedFunction {
  const { storage, sending, mail, siteUrl } = options;
  const { queue } = sending;
  const delivery = createFunction('consumers/webhook-delivery', {
    storage,
    environment: {
      ...sending.environment,
      ...sending.keyEnvironment,
      SITE_URL: siteUrl,
      MAIL_FROM: mail.from,
    },
    grants: [
      ...sending.grants,
      on(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queue.arn),
      mail.sending,
    ],
    timeoutSeconds: DELIVERY_TIMEOUT_SECONDS,
  });
  new aws.lambda.EventSourceMapping('WebhookDeliveriesMapping', {
    eventSourceArn: queue.arn,
    functionName: delivery.name,
    // They are sent side by side, each with a deadline of its own.
    batchSize: 10,
    functionResponseTypes: ['ReportBatchItemFailures'],
  });
  return delivery;
}
