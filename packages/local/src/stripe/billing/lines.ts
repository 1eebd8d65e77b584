/** What an invoice asks for, line by line: the coming period in advance, usage when its period is over, prorations. */

import type Stripe from 'stripe';
import type { InvoiceLine } from '../objects/invoice.ts';
import { decimal, formatMoney } from '../objects/money.ts';
import { isMetered, productOf } from '../objects/price.ts';
import type { Proration, UsageSpan } from '../store/kinds.ts';
import { type Charge, chargesFor } from './amounts.ts';
import type { Period } from './period.ts';
import { usageWithin } from './usage.ts';
import type { Work } from './work.ts';

type Billed = Pick<Stripe.Subscription, 'customer' | 'currency'>;

/** The id of a field that may have been expanded. */
export const idOf = (field: string | { readonly id: string } | null | undefined): string | null =>
  typeof field === 'string' ? field : (field?.id ?? null);

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
  currency: string,
  { item, price, quantity }: { item: string; price: Stripe.Price; quantity: number },
  period: Period,
): InvoiceLine[] {
  return chargesFor(price, currency, quantity).map((charge) => ({
    amount: charge.amount,
    description: describe(work, price, currency, charge),
    price: price.id,
    product: productOf(price),
    quantity: charge.quantity,
    unitAmount: charge.unitAmount,
    period,
    item,
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
    .flatMap((item) =>
      linesOf(
        work,
        subscription.currency,
        { item: item.id, price: priceOf(work, item), quantity: item.quantity ?? 1 },
        period,
      ),
    );
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

/** What was used within a span. */
export function usageLines(work: Work, subscription: Billed, { item, price: id, ...span }: UsageSpan): InvoiceLine[] {
  const price = work.store.require('price', id);
  const meter = work.store.require('billing.meter', price.recurring?.meter ?? '');
  const used = usageWithin(work, meter, idOf(subscription.customer) ?? '', span);
  return linesOf(work, subscription.currency, { item, price, quantity: used }, span);
}

export function prorationLine(proration: Proration): InvoiceLine {
  const { item, amount, description, price, product, quantity, start, end } = proration;
  return {
    amount,
    description,
    price,
    product,
    quantity,
    unitAmount: decimal(Math.trunc(amount / Math.max(1, quantity))),
    period: { start, end },
    item,
    proration: true,
  };
}

/** The usage that a subscription has not been billed for yet: of its items until then, and of items that it no longer has. */
export function unbilledUsage(work: Work, subscription: Stripe.Subscription, until: number): UsageSpan[] {
  const { usage = [], usageFrom = {} } = work.store.hidden('subscription', subscription.id);
  const running = subscription.items.data
    .filter(({ price }) => isMetered(price))
    .map((item) => ({
      item: item.id,
      price: item.price.id,
      start: Math.max(item.current_period_start, usageFrom[item.id] ?? 0),
      end: Math.min(until, item.current_period_end),
    }))
    .filter(({ start, end }) => end > start);
  return [...usage, ...running];
}
