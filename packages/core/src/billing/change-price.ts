import type Stripe from 'stripe';
import { type TierName, tierCatalogue } from '../tier/catalogue.ts';
import type { Subscription } from './subscription.ts';

/**
 * Puts a subscription on the price of a tier, from now on and with the rest of the paid time credited. Nothing happens when it
 * is on that price already, or has ended.
 * @param changeKey names the change, so that a repeated request is charged once
 */
export async function changePrice(
  stripe: Stripe,
  { subscriptionId }: Pick<Subscription, 'subscriptionId'>,
  tier: TierName,
  changeKey: string,
): Promise<void> {
  const { lookupKey } = tierCatalogue[tier].price;
  const [subscription, prices] = await Promise.all([
    stripe.subscriptions.retrieve(subscriptionId),
    stripe.prices.list({ lookup_keys: [lookupKey], active: true, limit: 1 }),
  ]);
  const price = prices.data[0];
  if (!price) throw new Error(`Stripe has no active price "${lookupKey}"; synchronise the tier catalogue.`);
  const item = subscription.items.data[0];
  if (!item || item.price.id === price.id || subscription.status === 'canceled') return;
  await stripe.subscriptions.update(
    subscriptionId,
    {
      items: [{ id: item.id, price: price.id }],
      proration_behavior: 'create_prorations',
      metadata: { tier },
    },
    { idempotencyKey: `${changeKey}-${tier}` },
  );
}
