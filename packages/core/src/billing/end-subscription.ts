import Stripe from 'stripe';
import type { Subscription } from './subscription.ts';

const isGone = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing';

const isEnded = (status: string): boolean => status === 'canceled' || status === 'incomplete_expired';

/** Says whether a subscription goes on when its period is over. Nothing happens to one that has ended already. */
export async function renewSubscription(
  stripe: Stripe,
  { subscriptionId }: Pick<Subscription, 'subscriptionId'>,
  renews: boolean,
): Promise<void> {
  const { status } = await stripe.subscriptions.retrieve(subscriptionId);
  if (isEnded(status)) return;
  await stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: !renews });
}

/**
 * Cancels a subscription at once and deletes its customer, with cards and address. Stripe keeps the invoices, as the law demands.
 * Repeating it is safe.
 */
export async function endSubscription(
  stripe: Stripe,
  { subscriptionId, customerId }: Pick<Subscription, 'subscriptionId' | 'customerId'>,
): Promise<void> {
  try {
    const { status } = await stripe.subscriptions.retrieve(subscriptionId);
    if (!isEnded(status)) await stripe.subscriptions.cancel(subscriptionId);
    const customer = await stripe.customers.retrieve(customerId);
    if (!customer.deleted) await stripe.customers.del(customerId);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
