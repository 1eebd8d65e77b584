import { SFNClient } from '@aws-sdk/client-sfn';
import { customersOf } from '@tenantry/core/billing/events';
import { markReceipt } from '@tenantry/core/billing/receipt';
import { billingMessageSchema } from '@tenantry/core/billing/webhook';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { billingMachines } from '../billing/machines.ts';
import { createReviewer } from '../billing/reviewer.ts';
import { log, logTenant } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { stripeFromEnvironment } from '../stripe.ts';
import { eachMessage } from './each-message.ts';

const { Control: own } = ownTables('consumers/billing-events');
const scopeOf = createScope('consumers/billing-events');
const stripe = stripeFromEnvironment();
const machines = billingMachines(new SFNClient({}));

async function process(record: SQSRecord): Promise<void> {
  const message = billingMessageSchema.parse(JSON.parse(record.body));
  const { eventId, type } = message;
  const reviewer = createReviewer({ stripe, machines, people: own }, (tenantId) =>
    scopeOf({ tenantId, requestId: record.messageId }),
  );
  const customers = await customersOf(stripe, message);
  for (const { tenantId, customerId, dispute } of customers ?? []) {
    logTenant(tenantId);
    if (dispute) log.error('A payment is disputed.', undefined, { alert: 'billing', tenantId, dispute, type });
    const review = await reviewer.review(tenantId, customerId);
    log.info('billing event', {
      eventId,
      type,
      ...(review.kind === 'reviewed' ? outcomeOf(review) : { unknown: true }),
    });
  }
  await markReceipt(own, eventId, customers ? 'processed' : 'ignored');
}

const outcomeOf = ({ state, consequence }: { state: { standing: string }; consequence: string }) => ({
  standing: state.standing,
  consequence,
});

/** Works the billing queue. */
export const handler = (event: SQSEvent): Promise<SQSBatchResponse> =>
  eachMessage(event, 'billing event failed', process);
