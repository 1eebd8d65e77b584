import type Stripe from 'stripe';
import type { Work } from '../billing/work.ts';
import { decimal } from './money.ts';

export interface GivenPrice {
  readonly product: string;
  readonly currency: string;
  readonly unitAmount: number;
  readonly recurring: { readonly interval: 'day' | 'week' | 'month' | 'year'; readonly intervalCount: number } | null;
  readonly currencyAmounts: Readonly<Record<string, number>>;
  readonly lookupKey: string | null;
  readonly nickname: string | null;
  readonly active: boolean;
  readonly metadata: Record<string, string>;
  readonly taxBehavior: 'exclusive' | 'inclusive' | 'unspecified';
}

export function newPrice(work: Work, given: GivenPrice): Stripe.Price {
  const amounts = { ...given.currencyAmounts, [given.currency]: given.unitAmount };
  return {
    id: work.id('price'),
    object: 'price',
    active: given.active,
    billing_scheme: 'per_unit',
    created: work.now,
    currency: given.currency,
    currency_options: Object.fromEntries(
      Object.entries(amounts).map(([currency, amount]) => [
        currency,
        {
          custom_unit_amount: null,
          tax_behavior: given.taxBehavior,
          unit_amount: amount,
          unit_amount_decimal: decimal(amount),
        },
      ]),
    ),
    custom_unit_amount: null,
    livemode: false,
    lookup_key: given.lookupKey,
    metadata: given.metadata,
    nickname: given.nickname,
    product: given.product,
    recurring: given.recurring && {
      interval: given.recurring.interval,
      interval_count: given.recurring.intervalCount,
      meter: null,
      trial_period_days: null,
      usage_type: 'licensed',
    },
    tax_behavior: given.taxBehavior,
    tiers_mode: null,
    transform_quantity: null,
    type: given.recurring ? 'recurring' : 'one_time',
    unit_amount: given.unitAmount,
    unit_amount_decimal: decimal(given.unitAmount),
  };
}

/** The price as it is shown unless its currencies are asked for by `expand`. */
export function showPrice({ currency_options: _, ...price }: Stripe.Price): Stripe.Price {
  return price;
}

export const productOf = ({ product }: Stripe.Price): string => (typeof product === 'string' ? product : product.id);

/** What one costs in the currency. */
export function amountIn(price: Stripe.Price, currency: string): number | undefined {
  return (
    (price.currency === currency ? price.unit_amount : price.currency_options?.[currency]?.unit_amount) ?? undefined
  );
}

/** The older view of a recurring price, which subscription items still carry. */
export function planOf(price: Stripe.Price): Stripe.Plan {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? 'month',
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: productOf(price),
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  };
}
