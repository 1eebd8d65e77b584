import type Stripe from 'stripe';
import { isTierName, type TierName, tierCatalogue } from '../tier/catalogue.ts';
import { type Currency, currencies, type Interval, intervals, priceKey, usagePriceKey } from '../tier/price.ts';
import { type MeterName, meterNames } from '../usage/meter-name.ts';

/** What a company pays for: a tier by the month or the year, in one currency. */
export interface Plan {
  readonly tier: TierName;
  readonly interval: Interval;
  readonly currency: Currency;
}

export const isCurrency = (value: string): value is Currency => (currencies as readonly string[]).includes(value);

/** Meters whose use is charged in a tier beyond what is included. */
export const chargedMeters = (tier: TierName): readonly MeterName[] =>
  meterNames.filter((meter) => Object.values(tierCatalogue[tier].usage[meter].overage).some((unit) => unit !== '0'));

/** Names of the prices that a subscription to a plan consists of: that of the period first, then one for each charged meter. */
export const planKeys = ({ tier, interval }: Pick<Plan, 'tier' | 'interval'>): readonly string[] => [
  priceKey(tier, interval),
  ...chargedMeters(tier).map((meter) => usagePriceKey(tier, meter, interval)),
];

/** The item of a subscription that is for the period; the others are for use. */
export const baseItem = (subscription: Stripe.Subscription): Stripe.SubscriptionItem | undefined =>
  subscription.items.data.find(({ price }) => price.recurring?.usage_type !== 'metered');

/**
 * The plan that a subscription is on, by what its price says of itself, since an archived price has no lookup key any more. Undefined for
 * a price that is not of the catalogue.
 */
export function planOf(subscription: Stripe.Subscription): Plan | undefined {
  const price = baseItem(subscription)?.price;
  const tier = price?.metadata.tier;
  const interval = intervals.find((one) => one === price?.recurring?.interval);
  const { currency } = subscription;
  if (!isTierName(tier) || !interval || !isCurrency(currency)) return undefined;
  return { tier, interval, currency };
}

/** @throws {Error} naming what is missing in Stripe */
export async function pricesOf(
  stripe: Stripe,
  plan: Pick<Plan, 'tier' | 'interval'>,
): Promise<readonly [Stripe.Price, ...Stripe.Price[]]> {
  const keys = planKeys(plan);
  const { data } = await stripe.prices.list({ lookup_keys: [...keys], active: true, limit: keys.length });
  const [base, ...usage] = keys.map((key) => {
    const price = data.find(({ lookup_key }) => lookup_key === key);
    if (!price) throw new Error(`Stripe has no active price "${key}"; synchronise the tier catalogue.`);
    return price;
  });
  if (!base) throw new Error('A plan has a price.');
  return [base, ...usage];
}
