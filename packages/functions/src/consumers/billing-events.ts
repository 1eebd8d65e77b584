import { SFNClient } from '@aws-sdk/client-sfn';
import { applyPaymentEvent } from '@tenantry/core/billing/payment-event';
import { markReceipt } from '@tenantry/core/billing/receipt';
import { billingMessageSchema } from '@tenantry/core/billing/webhook';
import type { TenantId } from '@tenantry/core/ids/id';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { readEnvironment, required } from '../environment.ts';
import { log, logTenant, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { startOnboarding } from '../start-onboarding.ts';
import { stripeFromEnvironment } from '../stripe.ts';

const environment = readEnvironment({ ONBOARDING_ARN: required });
const { Control: receipts } = ownTables('consumers/billing-events');
const scopeOf = createScope('consumers/billing-events');
const stripe = stripeFromEnvironment();
const sfn = new SFNClient({});

async function process(record: SQSRecord): Promise<void> {
  const { eventId, type, objectId } = billingMessageSchema.parse(JSON.parse(record.body));
  const controlOf = (tenantId: TenantId) =>
    scopeOf({ tenantId, requestId: record.messageId })['tenant-subscription'].Control;
  const outcome = await applyPaymentEvent({ controlOf, stripe, now: () => new Date() }, { type, objectId });
  if (outcome.kind === 'provision') {
    logTenant(outcome.tenantId);
    // Both events of one payment lead here; the run has one name, so one execution comes of it.
    await startOnboarding(sfn, environment.ONBOARDING_ARN, { tenantId: outcome.tenantId, run: 1 });
  }
  await markReceipt(receipts, eventId, outcome.kind === 'ignored' ? 'ignored' : 'processed');
  log.info('billing event', { eventId, type, outcome: outcome.kind });
}

/** Works the billing queue; a message that fails comes again, alone, and ends in the dead-letter queue. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const results = await Promise.all(
    event.Records.map((record) =>
      withLogContext({ requestId: record.messageId }, async () => {
        try {
          await process(record);
          return [];
        } catch (error) {
          log.error('billing event failed', error);
          return [{ itemIdentifier: record.messageId }];
        }
      }),
    ),
  );
  return { batchItemFailures: results.flat() };
}
