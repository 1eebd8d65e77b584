/** Changing what a subscription sells: another price or quantity, settled at once or with the next invoice. */

import type Stripe from 'stripe';
import { isMetered, planOf, pricedIn, productOf, showPrice } from '../objects/price.ts';
import { newItem } from '../objects/subscription.ts';
import type { Proration } from '../store/kinds.ts';
import { invalid } from '../wire/error.ts';
import { amountFor } from './amounts.ts';
import { emitAll, followInvoice, issueInvoice } from './invoicing.ts';
import { advanceLines, periodOf, priceOf, prorationLine } from './lines.ts';
import { addInterval, remainingShare } from './period.ts';
import type { Work } from './work.ts';

export type ProrationBehavior = 'create_prorations' | 'always_invoice' | 'none';

export interface ItemChange {
  readonly id?: string | undefined;
  readonly price?: string | undefined;
  readonly quantity?: number | undefined;
  readonly deleted?: boolean | undefined;
}

const intervalOf = (item: Stripe.SubscriptionItem) => item.price.recurring ?? { interval: 'month', interval_count: 1 };

/** The items as they will be. @throws {StripeError} for items or prices that are not there or do not fit */
function changeItems(
  work: Work,
  before: Stripe.Subscription,
  changes: readonly ItemChange[],
): Stripe.SubscriptionItem[] {
  let items = [...before.items.data];
  changes.forEach((change, position) => {
    const param = `items[${position}]`;
    const price = change.price === undefined ? undefined : work.store.require('price', change.price, `${param}[price]`);
    if (price && !price.recurring) throw invalid('The price specified is not recurring.', `${param}[price]`);
    if (price && !pricedIn(price, before.currency))
      throw invalid(
        `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: \`${before.currency}\`.`,
        `${param}[price]`,
      );
    if (change.id === undefined) {
      const [first] = items;
      if (!price || !first)
        throw invalid(`Missing required param: ${param}[price].`, `${param}[price]`, 'parameter_missing');
      items.push(newItem(work, before.id, { price, quantity: change.quantity ?? 1 }, periodOf(first)));
      return;
    }
    const current = items.find(({ id }) => id === change.id);
    if (!current) throw invalid(`No such subscription item: '${change.id}'`, `${param}[id]`, 'resource_missing');
    const next = price ? { ...current, price: showPrice(price), plan: planOf(price) } : current;
    const changed = { ...next, quantity: change.quantity ?? next.quantity ?? 1 };
    items = change.deleted
      ? items.filter(({ id }) => id !== change.id)
      : items.map((item) => (item.id === change.id ? changed : item));
  });
  const [first] = items;
  if (!first) throw invalid('A subscription must have at least one active item.', 'items');
  const mixed = items.some(
    (item) =>
      intervalOf(item).interval !== intervalOf(first).interval ||
      intervalOf(item).interval_count !== intervalOf(first).interval_count,
  );
  if (mixed) throw invalid('All items of a subscription must have the same billing interval.', 'items');
  return items;
}

/** Credit for what was paid and not used, and the price of what is used instead. */
function prorate(
  work: Work,
  { currency, items: { data: before } }: Stripe.Subscription,
  after: readonly Stripe.SubscriptionItem[],
  chargeNew: boolean,
): Proration[] {
  const result: Proration[] = [];
  const add = (item: Stripe.SubscriptionItem, sign: 1 | -1, what: string) => {
    const { price, quantity = 1 } = item;
    if (isMetered(price)) return;
    const whole = amountFor(priceOf(work, item), currency, quantity);
    const amount = sign * Math.round(whole * remainingShare(periodOf(item), work.now));
    const { name } = work.store.require('product', productOf(price));
    if (amount !== 0)
      result.push({
        amount,
        description: `${what} ${quantity} × ${name}`,
        price: price.id,
        product: productOf(price),
        quantity,
        start: work.now,
        end: item.current_period_end,
      });
  };
  for (const item of before) {
    const next = after.find(({ id }) => id === item.id);
    if (next && next.price.id === item.price.id && next.quantity === item.quantity) continue;
    add(item, -1, 'Unused time on');
    if (next && chargeNew) add(next, 1, 'Remaining time on');
  }
  if (chargeNew)
    for (const item of after) if (!before.some(({ id }) => id === item.id)) add(item, 1, 'Remaining time on');
  return result;
}

/** Applies the changes, with their settlement, and gives the subscription as it then is. Its update event is the caller's. */
export function changeSubscriptionItems(
  work: Work,
  before: Stripe.Subscription,
  changes: readonly ItemChange[],
  behavior: ProrationBehavior,
): Stripe.Subscription {
  const items = changeItems(work, before, changes);
  const [first] = items;
  const [earlier] = before.items.data;
  if (!first || !earlier) return before;
  const trialing = before.status === 'trialing';
  const newCycle =
    !trialing &&
    (intervalOf(first).interval !== intervalOf(earlier).interval ||
      intervalOf(first).interval_count !== intervalOf(earlier).interval_count);
  const period = newCycle
    ? { start: work.now, end: addInterval(work.now, intervalOf(first), work.now) }
    : periodOf(first);
  const changed: Stripe.Subscription = {
    ...before,
    billing_cycle_anchor: newCycle ? work.now : before.billing_cycle_anchor,
    items: {
      ...before.items,
      data: items.map((item) => ({ ...item, current_period_start: period.start, current_period_end: period.end })),
    },
  };
  const { prorations: owed } = work.store.hidden('subscription', before.id);
  const settled = behavior === 'none' || trialing ? [] : prorate(work, before, items, !newCycle);
  const invoiceNow = newCycle || (behavior === 'always_invoice' && settled.length > 0);
  work.store.update('subscription', changed, { prorations: invoiceNow ? [] : [...owed, ...settled] });
  if (!invoiceNow) return changed;
  const lines = [...owed, ...settled].map((proration) => prorationLine(first, proration));
  if (newCycle) lines.push(...advanceLines(work, changed, changed.items.data, period));
  const billed = issueInvoice(work, {
    subscription: changed,
    reason: 'subscription_update',
    lines,
    period: { start: work.now, end: work.now },
  });
  emitAll(work, billed.happenings);
  return followInvoice(work, changed, billed.invoice);
}
