import type Stripe from 'stripe';
import { isGone } from './stripe-view.ts';
import type { Subscription } from './subscription.ts';

/** Whether a subscription, as Stripe calls its status, can never be charged again. */
export const hasEnded = ({ status }: { readonly status: string }): boolean =>
  status === 'canceled' || status === 'incomplete_expired';

/** Says whether a subscription goes on when its period is over. Nothing happens to one that has ended already. */
export async function renewSubscription(
  stripe: Stripe,
  { subscriptionId }: Pick<Subscription, 'subscriptionId'>,
  renews: boolean,
): Promise<void> {
  if (hasEnded(await stripe.subscriptions.retrieve(subscriptionId))) return;
  await stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: !renews });
}

/**
 * Cancels every subscription of a customer at once and deletes the customer, with cards and address. Stripe keeps the invoices, as the law
 * demands. Repeating it is safe.
 */
export async function endSubscription(stripe: Stripe, { customerId }: Pick<Subscription, 'customerId'>): Promise<void> {
  try {
    for await (const subscription of stripe.subscriptions.list({ customer: customerId, limit: 100 })) {
      if (!hasEnded(subscription)) await stripe.subscriptions.cancel(subscription.id);
    }
    const customer = await stripe.customers.retrieve(customerId);
    if (!customer.deleted) await stripe.customers.del(customerId);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
