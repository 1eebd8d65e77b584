/** What an invoice asks for, line by line: the coming period in advance, usage when its period is over, prorations. */

import type Stripe from 'stripe';
import type { InvoiceLine } from '../objects/invoice.ts';
import { decimal, formatMoney } from '../objects/money.ts';
import { isMetered, parseDecimal, pricedIn, productOf } from '../objects/price.ts';
import type { Proration } from '../store/kinds.ts';
import { type Charge, chargesFor } from './amounts.ts';
import type { Period } from './period.ts';
import { usageWithin } from './usage.ts';
import type { Work } from './work.ts';

type Billed = Pick<Stripe.Subscription, 'customer' | 'currency'>;

/** The id of a field that may have been expanded. */
export const idOf = (field: string | { readonly id: string } | null): string | null =>
  field === null || typeof field === 'string' ? field : field.id;

/** The item's price with everything that is not shown on the item. */
export const priceOf = (work: Work, item: Stripe.SubscriptionItem): Stripe.Price =>
  work.store.require('price', item.price.id);

export const periodOf = (item: Stripe.SubscriptionItem): Period => ({
  start: item.current_period_start,
  end: item.current_period_end,
});

const nameOf = (work: Work, price: Stripe.Price): string => work.store.require('product', productOf(price)).name;

function describe(work: Work, price: Stripe.Price, currency: string, charge: Charge): string {
  const rate = `${formatMoney(charge.unitAmount.toNumber(), currency, 'en-US')} / ${price.recurring?.interval ?? 'month'}`;
  const at = charge.tier === undefined ? `at ${rate}` : `Tier ${charge.tier} at ${rate}`;
  return `${charge.quantity} × ${nameOf(work, price)} (${at})`;
}

function linesOf(
  work: Work,
  { currency }: Billed,
  item: Stripe.SubscriptionItem,
  quantity: number,
  period: Period,
): InvoiceLine[] {
  const price = priceOf(work, item);
  return chargesFor(price, currency, quantity).map((charge) => ({
    amount: charge.amount,
    description: describe(work, price, currency, charge),
    price: price.id,
    product: productOf(price),
    quantity: charge.quantity,
    unitAmount: charge.unitAmount,
    period,
    item: item.id,
    proration: false,
  }));
}

/** What items cost for the period that begins. Usage is not known yet and has no line. */
export function advanceLines(
  work: Work,
  subscription: Billed,
  items: readonly Stripe.SubscriptionItem[],
  period: Period,
): InvoiceLine[] {
  return items
    .filter(({ price }) => !isMetered(price))
    .flatMap((item) => linesOf(work, subscription, item, item.quantity ?? 1, period));
}

/** The time of a trial, which costs nothing. */
export function trialLines(work: Work, items: readonly Stripe.SubscriptionItem[], period: Period): InvoiceLine[] {
  return items
    .filter(({ price }) => !isMetered(price))
    .map((item) => ({
      amount: 0,
      description: `Trial period for ${nameOf(work, item.price)}`,
      price: item.price.id,
      product: productOf(item.price),
      quantity: item.quantity ?? 1,
      unitAmount: decimal(0),
      period,
      item: item.id,
      proration: false,
    }));
}

/** What was used of the item until the period ended. */
export function usageLines(
  work: Work,
  subscription: Billed,
  item: Stripe.SubscriptionItem,
  period: Period,
): InvoiceLine[] {
  const { recurring } = item.price;
  if (!recurring?.meter) return [];
  const meter = work.store.require('billing.meter', recurring.meter);
  const used = usageWithin(work, meter, idOf(subscription.customer) ?? '', period);
  return linesOf(work, subscription, item, used, period);
}

export function prorationLine(item: Stripe.SubscriptionItem, proration: Proration): InvoiceLine {
  const { amount, description, price, product, quantity, start, end } = proration;
  return {
    amount,
    description,
    price,
    product,
    quantity,
    unitAmount: decimal(Math.trunc(amount / Math.max(1, quantity))),
    period: { start, end },
    item: item.id,
    proration: true,
  };
}

/** What one costs as far as a price has a single answer: nothing for a price with tiers. */
export function unitAmountIn(price: Stripe.Price, currency: string): Stripe.Decimal {
  return parseDecimal(pricedIn(price, currency)?.unit_amount_decimal ?? null);
}
