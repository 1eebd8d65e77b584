import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type Stripe from 'stripe';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { Currency, Interval } from '../tier/price.ts';
import { findBilling } from './billing-row.ts';
import { type Checkout, openCheckout, unavailable } from './checkout.ts';
import { checkoutItem, findCheckout } from './checkout-row.ts';
import { billingStateOf } from './state.ts';
import { readStripe } from './stripe-view.ts';

const paid = (cause?: unknown): DomainError =>
  new DomainError('conflict', 'The payment has arrived already; the set-up begins in a moment.', { cause });

const DAY_MS = 86_400_000;
/** How long a registration can be paid. */
export const payWithinMs = DAY_MS;

/**
 * A new payment page: for a registration that is not paid yet, and for a company whose subscription is over. The last page is closed first, and
 * Stripe is asked whether there is a subscription, so that a company is never paid twice.
 * @throws {DomainError} `conflict` when it has been paid meanwhile, `payment_unavailable` when Stripe does not answer
 */
export async function reopenCheckout(
  context: { readonly control: Table; readonly stripe: Stripe; readonly siteUrl: string; readonly now: Date },
  tenant: Tenant,
  change: { readonly interval?: Interval | undefined; readonly currency?: Currency | undefined } = {},
): Promise<Checkout> {
  const { control, stripe, siteUrl, now } = context;
  const { tenantId, tier, status } = tenant;
  const [last, billing] = await Promise.all([findCheckout(control, tenantId), findBilling(control, tenantId)]);
  if (!billing) throw new DomainError('conflict', 'The company has no customer at the payment provider.');
  if (last) await closeCheckout(stripe, last.sessionId);
  const view = await readStripe(stripe, billing.customerId).catch((cause: unknown) => {
    throw unavailable(cause);
  });
  const { standing } = billingStateOf(view, tier);
  if (
    standing !== 'none' &&
    standing !== 'ended' &&
    view.subscriptions.some(({ status: s }) => s !== 'canceled' && s !== 'incomplete_expired')
  ) {
    throw paid();
  }
  const pending = status === 'pending';
  const row = {
    interval: change.interval ?? last?.interval ?? 'month',
    // Stripe keeps a customer to the currency of its first invoice.
    currency: (pending ? change.currency : undefined) ?? last?.currency ?? 'usd',
    trial: pending && (last?.trial ?? false),
  } as const;
  const checkout = await openCheckout(stripe, {
    tenantId,
    customerId: billing.customerId,
    plan: { tier, interval: row.interval, currency: row.currency },
    trial: row.trial,
    payBy: pending ? new Date(Date.parse(tenant.createdAt) + payWithinMs) : new Date(now.getTime() + DAY_MS),
    returnUrl: `${siteUrl}/${pending ? 'onboarding' : 'billing'}`,
    now,
  });
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            ConditionCheck: {
              TableName: control.name,
              Key: controlKeys.tenant(tenantId),
              ConditionExpression: '#status = :status',
              ExpressionAttributeNames: { '#status': 'status' },
              ExpressionAttributeValues: { ':status': status },
            },
          },
          { Put: { TableName: control.name, Item: checkoutItem(tenantId, { ...row, sessionId: checkout.sessionId }) } },
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
    throw unavailable(cause);
  });
  if (session.status !== 'open') return;
  // It may be paid between the two calls; then it cannot be expired.
  await stripe.checkout.sessions.expire(sessionId).catch((cause: unknown) => {
    throw paid(cause);
  });
}
