/** Changing what a subscription sells: another price or quantity, settled at once or with the next invoice. */

import type Stripe from 'stripe';
import { isMetered, planOf, pricedIn, productOf, showPrice } from '../objects/price.ts';
import { newItem } from '../objects/subscription.ts';
import type { Proration } from '../store/kinds.ts';
import { invalid, type StripeError } from '../wire/error.ts';
import { amountFor } from './amounts.ts';
import { issueInvoice } from './invoicing.ts';
import { advanceLines, periodOf, priceOf, prorationLine, unbilledUsage } from './lines.ts';
import { addInterval, remainingShare } from './period.ts';
import { withPeriod } from './renewal.ts';
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
    const metered = isMetered(next.price);
    if (metered && change.quantity !== undefined)
      throw invalid('Quantity should not be specified where usage_type is `metered`.', `${param}[quantity]`);
    const { quantity = 1, ...rest } = next;
    const changed = metered ? rest : { ...rest, quantity: change.quantity ?? quantity };
    items = change.deleted
      ? items.filter(({ id }) => id !== change.id)
      : items.map((item) => (item.id === change.id ? changed : item));
  });
  const [first] = items;
  if (!first) throw invalid('A subscription must have at least one active item.', 'items');
  if (items.some((item) => !hasSameInterval(item, first)))
    throw invalid('All items of a subscription must have the same billing interval.', 'items');
  return items;
}

/** Credit for what was paid and not used, and the price of what is used instead. Usage is billed for itself. */
export function prorate(
  work: Work,
  { currency, items: { data: before } }: Stripe.Subscription,
  after: readonly Stripe.SubscriptionItem[],
  { chargesNew, at, all }: { readonly chargesNew: boolean; readonly at: number; readonly all: boolean },
): Proration[] {
  const result: Proration[] = [];
  const add = (item: Stripe.SubscriptionItem, sign: 1 | -1, what: string) => {
    const { price, quantity = 1 } = item;
    if (isMetered(price)) return;
    const whole = amountFor(priceOf(work, item), currency, quantity);
    const amount = sign * Math.round(whole * remainingShare(periodOf(item), at));
    const { name } = work.store.require('product', productOf(price));
    if (amount !== 0)
      result.push({
        item: item.id,
        amount,
        description: `${what} ${quantity} × ${name}`,
        price: price.id,
        product: productOf(price),
        quantity,
        start: at,
        end: item.current_period_end,
      });
  };
  for (const item of before) {
    const next = after.find(({ id }) => id === item.id);
    if (!all && next && next.price.id === item.price.id && next.quantity === item.quantity) continue;
    add(item, -1, 'Unused time on');
    if (next && chargesNew) add(next, 1, 'Remaining time on');
  }
  if (chargesNew)
    for (const item of after) if (!before.some(({ id }) => id === item.id)) add(item, 1, 'Remaining time on');
  return result;
}

/** Usage at a price that an item has no longer, until now; and from when the usage of new ones counts. */
function closeUsage(work: Work, before: Stripe.Subscription, after: readonly Stripe.SubscriptionItem[]) {
  const { usage: earlier = [], usageFrom: since = {} } = work.store.hidden('subscription', before.id);
  const spans = unbilledUsage(work, before, work.now).slice(earlier.length);
  const closed = spans.filter(
    ({ item, price }) => !after.some(({ id, price: now }) => id === item && now.id === price),
  );
  const begun = after.filter(
    (item) =>
      isMetered(item.price) && !before.items.data.some(({ id, price }) => id === item.id && price.id === item.price.id),
  );
  return {
    usage: [...earlier, ...closed],
    usageFrom: { ...since, ...Object.fromEntries(begun.map(({ id }) => [id, work.now])) },
  };
}

export interface Change {
  readonly items: readonly ItemChange[];
  readonly behavior: ProrationBehavior;
  /** From when it is settled, in seconds since the epoch; now unless given. */
  readonly prorationDate?: number | undefined;
  /** Begins a new period now, also without another interval. */
  readonly resetsCycle?: boolean | undefined;
}

/** The change as it was made; a card that refused to pay for it is an outcome. */
export interface Changed {
  readonly subscription: Stripe.Subscription;
  readonly refusal: StripeError | undefined;
}

const hasSameInterval = (left: Stripe.SubscriptionItem, right: Stripe.SubscriptionItem): boolean =>
  intervalOf(left).interval === intervalOf(right).interval &&
  intervalOf(left).interval_count === intervalOf(right).interval_count;

/** Applies the changes, with their settlement. Another interval begins a new period now and is billed at once. */
export function changeSubscriptionItems(
  work: Work,
  before: Stripe.Subscription,
  { items: changes, behavior, prorationDate: at = work.now, resetsCycle = false }: Change,
): Changed {
  const items = changeItems(work, before, changes);
  const [first] = items;
  const [earlier] = before.items.data;
  if (!first || !earlier) return { subscription: before, refusal: undefined };
  if (at < earlier.current_period_start || at > earlier.current_period_end)
    throw invalid('`proration_date` must be within the current period.', 'proration_date');
  const runs = before.status !== 'trialing' && before.status !== 'paused';
  const newCycle = runs && (resetsCycle || !hasSameInterval(first, earlier));
  const period = newCycle
    ? { start: work.now, end: addInterval(work.now, intervalOf(first), work.now) }
    : periodOf(earlier);
  const changed: Stripe.Subscription = {
    ...before,
    billing_cycle_anchor: newCycle ? work.now : before.billing_cycle_anchor,
    items: withPeriod({ ...before.items, data: items }, period),
  };
  const hidden = work.store.hidden('subscription', before.id);
  const owed = hidden.prorations;
  const settled =
    behavior === 'none' || !runs ? [] : prorate(work, before, items, { chargesNew: !newCycle, at, all: newCycle });
  const usage = newCycle ? unbilledUsage(work, before, work.now) : [];
  const invoiceNow = newCycle || (behavior === 'always_invoice' && settled.length > 0);
  work.store.update('subscription', changed, {
    ...hidden,
    ...(newCycle ? { usage: [], usageFrom: {} } : closeUsage(work, before, items)),
    prorations: invoiceNow ? [] : [...owed, ...settled],
  });
  if (!invoiceNow) return { subscription: changed, refusal: undefined };
  const lines = [...owed, ...settled].map(prorationLine);
  if (newCycle) lines.push(...advanceLines(work, changed, changed.items.data, period));
  const { refusal } = issueInvoice(
    work,
    {
      subscription: changed,
      reason: 'subscription_update',
      lines,
      usage,
      period: { start: work.now, end: work.now },
    },
    'later',
  );
  return { subscription: work.store.require('subscription', before.id), refusal };
}
