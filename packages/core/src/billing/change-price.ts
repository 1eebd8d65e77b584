import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import type { TierName } from '../tier/catalogue.ts';
import type { Interval } from '../tier/price.ts';
import { baseItem, planOf, pricesOf } from './plan.ts';
import { isGone } from './stripe-view.ts';
import type { Subscription } from './subscription.ts';

/** What a subscription's items become on another plan. The use of the period so far is charged by the new prices. */
export async function itemsFor(
  stripe: Stripe,
  subscription: Stripe.Subscription,
  plan: { readonly tier: TierName; readonly interval: Interval },
): Promise<Stripe.SubscriptionUpdateParams.Item[] | undefined> {
  const [base, ...usage] = await pricesOf(stripe, plan);
  const item = baseItem(subscription);
  if (!item || item.price.id === base.id) return undefined;
  const metered = subscription.items.data.filter(({ id }) => id !== item.id);
  const ofMeter = (price: Stripe.Price) => metered.find((one) => one.price.metadata.meter === price.metadata.meter);
  const wanted = usage.map((price) => {
    const present = ofMeter(price);
    return present ? { id: present.id, price: price.id } : { price: price.id };
  });
  const dropped = metered.filter(({ id }) => !wanted.some((one) => 'id' in one && one.id === id));
  return [{ id: item.id, price: base.id }, ...wanted, ...dropped.map(({ id }) => ({ id, deleted: true }))];
}

/** The customer may change the same subscription in Stripe's portal, which gives it other items. */
const ATTEMPTS_MAX = 3;

/**
 * Puts a subscription on a plan's prices, from now on and with the rest of the paid time credited. Nothing happens when it
 * is on them already, or has ended.
 * @param plan.interval as it is, when left out
 * @param changeKey names the change, so that a repeated request is charged once
 */
export async function changePrice(
  stripe: Stripe,
  { subscriptionId }: Pick<Subscription, 'subscriptionId'>,
  plan: { readonly tier: TierName; readonly interval?: Interval },
  changeKey: string,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const subscription = await stripe.subscriptions.retrieve(subscriptionId);
    if (subscription.status === 'canceled') return;
    const interval = plan.interval ?? planOf(subscription)?.interval ?? 'month';
    const items = await itemsFor(stripe, subscription, { tier: plan.tier, interval });
    if (!items) return;
    try {
      await stripe.subscriptions.update(
        subscriptionId,
        { items, proration_behavior: 'create_prorations', metadata: { tier: plan.tier } },
        // Made of what is changed, too: the same key for other items would be refused.
        { idempotencyKey: `${changeKey}-${fingerprint(items)}` },
      );
      return;
    } catch (error) {
      if (!isGone(error) || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

const fingerprint = (items: readonly Stripe.SubscriptionUpdateParams.Item[]): string =>
  createHash('sha256').update(JSON.stringify(items)).digest('hex').slice(0, 32);
