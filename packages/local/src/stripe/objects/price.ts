import type Stripe from 'stripe';
import type { Work } from '../billing/work.ts';

/** What a unit costs, or what it costs by tiers; one of the two. */
export interface GivenAmount {
  /** Minor units, with fractions. */
  readonly unit: Stripe.Decimal | null;
  readonly tiers: readonly Stripe.Price.Tier[] | null;
}

export interface GivenPrice {
  readonly product: string;
  readonly currency: string;
  readonly amount: GivenAmount;
  readonly tiersMode: 'graduated' | 'volume' | null;
  readonly recurring: {
    readonly interval: 'day' | 'week' | 'month' | 'year';
    readonly intervalCount: number;
    /** The meter whose usage is billed. */
    readonly meter: string | null;
  } | null;
  /** In further currencies. */
  readonly currencyAmounts: Readonly<Record<string, GivenAmount>>;
  readonly lookupKey: string | null;
  readonly nickname: string | null;
  readonly active: boolean;
  readonly metadata: Record<string, string>;
  readonly taxBehavior: 'exclusive' | 'inclusive' | 'unspecified';
}

/** The amount as an integer, where it is one. */
export function wholeAmount(amount: Stripe.Decimal | null): number | null {
  const number = amount === null ? Number.NaN : Number(amount.toString());
  return Number.isSafeInteger(number) ? number : null;
}

function currencyOption(
  { unit, tiers }: GivenAmount,
  taxBehavior: GivenPrice['taxBehavior'],
): Stripe.Price.CurrencyOptions {
  return {
    custom_unit_amount: null,
    tax_behavior: taxBehavior,
    ...(tiers ? { tiers: [...tiers] } : {}),
    unit_amount: wholeAmount(unit),
    unit_amount_decimal: unit,
  };
}

export function newPrice(work: Work, given: GivenPrice): Stripe.Price {
  const { unit, tiers } = given.amount;
  const amounts = { ...given.currencyAmounts, [given.currency]: given.amount };
  return {
    id: work.id('price'),
    object: 'price',
    active: given.active,
    billing_scheme: tiers ? 'tiered' : 'per_unit',
    created: work.now,
    currency: given.currency,
    currency_options: Object.fromEntries(
      Object.entries(amounts).map(([currency, amount]) => [currency, currencyOption(amount, given.taxBehavior)]),
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
      meter: given.recurring.meter,
      trial_period_days: null,
      usage_type: given.recurring.meter === null ? 'licensed' : 'metered',
    },
    tax_behavior: given.taxBehavior,
    ...(tiers ? { tiers: [...tiers] } : {}),
    tiers_mode: given.tiersMode,
    transform_quantity: null,
    type: given.recurring ? 'recurring' : 'one_time',
    unit_amount: wholeAmount(unit),
    unit_amount_decimal: unit,
  };
}

/** The price as it is shown unless its currencies and tiers are asked for by `expand`. */
export function showPrice({ currency_options: _, tiers: __, ...price }: Stripe.Price): Stripe.Price {
  return price;
}

export const productOf = ({ product }: Stripe.Price): string => (typeof product === 'string' ? product : product.id);

export const isMetered = (price: Stripe.Price): boolean => price.recurring?.usage_type === 'metered';

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
    meter: price.recurring?.meter ?? null,
    nickname: price.nickname,
    product: productOf(price),
    tiers_mode: price.tiers_mode,
    transform_usage: null,
    trial_period_days: null,
    usage_type: price.recurring?.usage_type ?? 'licensed',
  };
}

/** What has no price in a currency is not for sale in it. */
export function pricedIn(price: Stripe.Price, currency: string): Stripe.Price.CurrencyOptions | undefined {
  return price.currency_options?.[currency];
}
