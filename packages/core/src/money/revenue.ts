import type Stripe from 'stripe';
import * as z from 'zod';
import { baseItem, isCurrency } from '../billing/plan.ts';
import { type Currency, currencySchema, intervalMonths, intervals } from '../tier/price.ts';
import { endOfMonth, type Month, startOfMonth } from './month.ts';
import type { StripeMoney } from './stripe-money.ts';

const trialStates = ['running', 'converted', 'lost'] as const;

/** What a company brings in a month, in minor units of its currency, without tax. */
export const revenueSchema = z.object({
  /** Null for one that never had a subscription. */
  currency: currencySchema.nullable(),
  /** What came in: invoices paid in the month, less what was given back of the month's charges. Less than nothing when more was given back. */
  received: z.int(),
  /** What of all paid invoices falls into the month, by the days of each line: a year that was paid at once is spread over its months. */
  earned: z.int(),
  /** What the subscription brings in a month as it is now: its price, a year's divided by 12. Nothing in a trial, and no use beyond what is included. */
  mrr: z.int().nonnegative(),
  /** Whether something was paid before the month. */
  paidBefore: z.boolean(),
  /** The newest trial. `endedAt` is when the first money came, or when it was over without. */
  trial: z.object({ startedAt: z.string(), state: z.enum(trialStates), endedAt: z.string().nullable() }).nullable(),
});
export type Revenue = z.infer<typeof revenueSchema>;

export const noRevenue: Revenue = {
  currency: null,
  received: 0,
  earned: 0,
  mrr: 0,
  paidBefore: false,
  trial: null,
};

/** From what Stripe holds of a customer now. */
export function revenueOf(money: StripeMoney, month: Month): Revenue {
  const currency = currencyOf(money);
  if (!currency) return noRevenue;
  const from = startOfMonth(month).getTime() / 1000;
  const to = endOfMonth(month).getTime() / 1000;
  const paid = money.paidInvoices.filter((invoice) => invoice.currency === currency);
  const during = (at: number | null | undefined): boolean => typeof at === 'number' && at >= from && at < to;
  const came = paid.filter((invoice) => during(paidAt(invoice)));
  const refunded = money.charges
    .filter((charge) => charge.currency === currency && during(charge.created))
    .reduce((sum, { amount_refunded }) => sum + amount_refunded, 0);
  return {
    currency,
    received: came.reduce((sum, invoice) => sum + receivedOf(invoice), 0) - refunded,
    earned: Math.round(
      paid.reduce((sum, { lines }) => lines.data.reduce((part, line) => part + earnedOf(line, from, to), sum), 0),
    ),
    mrr: mrrOf(money.subscriptions),
    paidBefore: paid.some((invoice) => invoice.amount_paid > 0 && paidAt(invoice) < from),
    trial: trialOf(money, paid),
  };
}

/** A customer pays in one currency, which Stripe fixes with its first invoice. */
function currencyOf({ subscriptions, paidInvoices }: StripeMoney): Currency | null {
  const found = [...subscriptions, ...paidInvoices].map(({ currency }) => currency).find(isCurrency);
  return found ?? null;
}

const paidAt = ({ status_transitions, created }: Stripe.Invoice): number => status_transitions.paid_at ?? created;

/** Without the tax that it has. */
function receivedOf({ amount_paid, total, total_excluding_tax }: Stripe.Invoice): number {
  if (total <= 0) return 0;
  return Math.round((amount_paid * (total_excluding_tax ?? total)) / total);
}

function earnedOf(line: Stripe.InvoiceLineItem, from: number, to: number): number {
  const { start, end } = line.period;
  const discount = (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
  const tax = (line.taxes ?? []).reduce(
    (sum, { amount, tax_behavior }) => (tax_behavior === 'inclusive' ? sum + amount : sum),
    0,
  );
  const net = line.amount - discount - tax;
  // What has no length falls where it is.
  if (end <= start) return start >= from && start < to ? net : 0;
  const inside = Math.max(0, Math.min(end, to) - Math.max(start, from));
  return (net * inside) / (end - start);
}

/** Statuses in which a subscription is paid for, or is about to be again. */
const recurring: readonly Stripe.Subscription.Status[] = ['active', 'past_due'];

/** @returns minor units a month */
function mrrOf(subscriptions: readonly Stripe.Subscription[]): number {
  return subscriptions
    .filter(({ status, pause_collection }) => recurring.includes(status) && !pause_collection)
    .reduce((sum, subscription) => {
      const item = baseItem(subscription);
      const interval = intervals.find((one) => one === item?.price.recurring?.interval);
      if (!item || !interval) return sum;
      const months = intervalMonths[interval] * (item.price.recurring?.interval_count ?? 1);
      return sum + Math.round(((item.price.unit_amount ?? 0) * (item.quantity ?? 1)) / months);
    }, 0);
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
const subscriptionOf = ({ parent }: Stripe.Invoice): string | undefined => {
  const of = parent?.subscription_details?.subscription;
  return typeof of === 'string' ? of : of?.id;
};

function trialOf({ subscriptions }: StripeMoney, paid: readonly Stripe.Invoice[]): Revenue['trial'] {
  const newest = subscriptions
    .filter(({ trial_start }) => trial_start)
    .toSorted((a, b) => (b.trial_start ?? 0) - (a.trial_start ?? 0))[0];
  if (!newest?.trial_start) return null;
  const startedAt = iso(newest.trial_start);
  const first = paid
    .filter((invoice) => subscriptionOf(invoice) === newest.id && invoice.amount_paid > 0)
    .map(paidAt)
    .toSorted((a, b) => a - b)[0];
  if (first !== undefined) return { startedAt, state: 'converted', endedAt: iso(first) };
  const over = { canceled: newest.ended_at, paused: newest.trial_end, incomplete_expired: newest.ended_at } as const;
  const end = newest.status in over ? over[newest.status as keyof typeof over] : undefined;
  if (end === undefined) return { startedAt, state: 'running', endedAt: null };
  return { startedAt, state: 'lost', endedAt: iso(end ?? newest.trial_end ?? newest.created) };
}
