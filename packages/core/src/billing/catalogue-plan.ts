import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import { tierCatalogue, tierNames } from '../tier/catalogue.ts';
import { currencies, intervalMonths, intervals, priceKey, usagePriceKey } from '../tier/price.ts';
import { meterNames } from '../usage/meter-name.ts';
import { chargedMeters } from './plan.ts';

/** What Stripe is to hold, by names that it keeps: ids of products, event names of meters, lookup keys of prices. */
export interface WantedCatalogue {
  readonly products: readonly (Stripe.ProductCreateParams & { readonly id: string })[];
  readonly meters: readonly Stripe.Billing.MeterCreateParams[];
  readonly prices: readonly WantedPrice[];
}

export interface WantedPrice {
  readonly lookupKey: string;
  readonly product: string;
  /** A digest of everything that cannot be changed of a price, kept in its metadata. */
  readonly terms: string;
  /** What it costs, for people. */
  readonly words: string;
  /** @param meterId Stripe's id of the meter that it charges for */
  create(meterId: (eventName: string) => string): Stripe.PriceCreateParams;
}

const [mainCurrency, ...otherCurrencies] = currencies;
const digest = (terms: unknown): string =>
  createHash('sha256').update(JSON.stringify(terms)).digest('hex').slice(0, 16);
const optionsOf = <T>(amounts: (currency: (typeof currencies)[number]) => T): Record<string, T> =>
  Object.fromEntries(otherCurrencies.map((currency) => [currency, amounts(currency)]));

/** The client writes its decimals as text, but not below `currency_options`, where they would be sent as objects; text it leaves alone. */
const decimal = (text: string): Stripe.Decimal => text as unknown as Stripe.Decimal;

const tierProduct = (tier: string): string => `tenantry_tier_${tier}`;
const meterProduct = (meter: string): string => `tenantry_use_${meter}`;
const titleOf = (meter: string): string =>
  meter
    .replaceAll('_', ' ')
    .replace('gb hours', 'GB-hours')
    .replace(/^./, (first) => first.toUpperCase());

/** The catalogue of tiers as Stripe is to hold it. */
export const wantedCatalogue = (): WantedCatalogue => ({
  products: [
    ...tierNames.map((tier) => ({
      id: tierProduct(tier),
      name: `Tenantry ${tierCatalogue[tier].title}`,
      metadata: { tier },
    })),
    ...meterNames.map((meter) => ({ id: meterProduct(meter), name: titleOf(meter), metadata: { meter } })),
  ],
  meters: meterNames.map((meter) => ({
    display_name: titleOf(meter),
    event_name: meter,
    default_aggregation: { formula: 'sum' },
    customer_mapping: { type: 'by_id', event_payload_key: 'stripe_customer_id' },
    value_settings: { event_payload_key: 'value' },
  })),
  prices: tierNames.flatMap((tier) =>
    intervals.flatMap((interval) => [periodPrice(tier, interval), ...usagePrices(tier, interval)]),
  ),
});

function periodPrice(tier: (typeof tierNames)[number], interval: (typeof intervals)[number]): WantedPrice {
  const amounts = tierCatalogue[tier].price[interval];
  const terms = digest({ interval, amounts });
  return {
    lookupKey: priceKey(tier, interval),
    product: tierProduct(tier),
    terms,
    words: currencies.map((currency) => `${amounts[currency]} ${currency}`).join(', '),
    create: () => ({
      unit_amount: amounts[mainCurrency],
      currency: mainCurrency,
      currency_options: optionsOf((currency) => ({ unit_amount: amounts[currency] })),
      recurring: { interval },
      metadata: { tier, interval, terms },
    }),
  };
}

function usagePrices(tier: (typeof tierNames)[number], interval: (typeof intervals)[number]): readonly WantedPrice[] {
  return chargedMeters(tier).map((meter) => {
    const { included, overage } = tierCatalogue[tier].usage[meter];
    // A year's subscription is billed for its use once a year, so a year's use is included.
    const free = included * intervalMonths[interval];
    const tiers = (unit: string): Stripe.PriceCreateParams.Tier[] => [
      ...(free > 0 ? [{ up_to: free, unit_amount: 0 }] : []),
      { up_to: 'inf', unit_amount_decimal: decimal(unit) },
    ];
    const terms = digest({ interval, free, overage });
    return {
      lookupKey: usagePriceKey(tier, meter, interval),
      product: meterProduct(meter),
      terms,
      words: `${free} free, then ${currencies.map((currency) => `${overage[currency]} ${currency}`).join(', ')}`,
      create: (meterId) => ({
        currency: mainCurrency,
        billing_scheme: 'tiered',
        tiers_mode: 'graduated',
        tiers: tiers(overage[mainCurrency]),
        currency_options: optionsOf((currency) => ({ tiers: tiers(overage[currency]) })),
        recurring: { interval, usage_type: 'metered', meter: meterId(meter) },
        metadata: { tier, interval, meter, terms },
      }),
    };
  });
}
