import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type Stripe from 'stripe';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import { payWithinMs } from '../tenant/registration.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { type Checkout, openCheckout } from './checkout.ts';
import { checkoutItem, findCheckoutSession } from './checkout-row.ts';

const paid = (cause?: unknown): DomainError =>
  new DomainError('conflict', 'The payment has arrived already; the set-up begins in a moment.', { cause });

/**
 * A new payment page for a registration that is not paid yet. The last page is closed first, so that a company is never paid twice.
 * @throws {DomainError} `conflict` when it has been paid meanwhile, `payment_unavailable` when Stripe does not answer
 */
export async function reopenCheckout(
  context: { readonly control: Table; readonly stripe: Stripe; readonly siteUrl: string; readonly now: Date },
  tenant: Tenant,
  email: string,
): Promise<Checkout> {
  const { control, stripe, siteUrl, now } = context;
  const last = await findCheckoutSession(control, tenant.tenantId);
  if (last) await closeCheckout(stripe, last);
  const payBy = new Date(Date.parse(tenant.createdAt) + payWithinMs);
  const { tenantId, tier } = tenant;
  const checkout = await openCheckout(stripe, { tenantId, tier, email, payBy, siteUrl, now });
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            ConditionCheck: {
              TableName: control.name,
              Key: controlKeys.tenant(tenantId),
              ConditionExpression: '#status = :pending',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: { ':pending': 'pending' },
            },
          },
          { Put: { TableName: control.name, Item: checkoutItem(tenantId, checkout.sessionId) } },
        ],
      }),
    );
  } catch (error) {
    const codes = cancellationCodes(error);
    if (!codes) throw error;
    await stripe.checkout.sessions.expire(checkout.sessionId);
    if (codes[0] === 'ConditionalCheckFailed') throw paid(error);
    throw new DomainError('conflict', 'Another payment page is being opened; try again.', { cause: error });
  }
  return checkout;
}

async function closeCheckout(stripe: Stripe, sessionId: string): Promise<void> {
  const session = await stripe.checkout.sessions.retrieve(sessionId).catch((cause: unknown) => {
    throw new DomainError('payment_unavailable', 'The payment provider does not answer; try again in a minute.', {
      cause,
      retryAfterSeconds: 60,
    });
  });
  if (session.status === 'complete') throw paid();
  if (session.status !== 'open') return;
  // It may be paid between the two calls; then it cannot be expired.
  await stripe.checkout.sessions.expire(sessionId).catch((cause: unknown) => {
    throw paid(cause);
  });
}
