/** What an invoice will be: the change is made, the invoice drawn up, and all of it taken back. */

import type Stripe from 'stripe';
import { StripeError } from '../wire/error.ts';
import { prorate } from './change.ts';
import { type PromisedDiscount, redeem } from './discounts.ts';
import { hasEnded } from './follow.ts';
import { idOf, periodOf, prorationLine } from './lines.ts';
import { beginPeriod, cancelNow, passSubscription } from './renewal.ts';
import { type Start, startSubscription } from './start.ts';
import { resumeSubscription, type SubscriptionChange, updateSubscription } from './update.ts';
import type { Work } from './work.ts';

const nothingUpcoming = () =>
  new StripeError(404, 'No upcoming invoices for customer', { code: 'invoice_upcoming_none' });

/** The invoice as it would be before it becomes final. */
function asPreview(work: Work, invoice: Stripe.Invoice | undefined): Stripe.Invoice {
  if (!invoice) throw nothingUpcoming();
  return {
    ...invoice,
    id: `upcoming_in_${work.random(24)}`,
    amount_paid: 0,
    amount_remaining: invoice.amount_due,
    attempt_count: 0,
    attempted: false,
    effective_at: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    number: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
  };
}

const latestOf = (work: Work, { id }: Stripe.Subscription): string | null =>
  idOf(work.store.require('subscription', id).latest_invoice);

/** What the subscription is billed when its present period is over. */
function nextInvoice(work: Work, { id }: Stripe.Subscription): Stripe.Invoice | undefined {
  const subscription = work.store.require('subscription', id);
  const [first] = subscription.items.data;
  if (!first || hasEnded(subscription)) return undefined;
  const before = latestOf(work, subscription);
  const then = work.at(Math.max(work.now, periodOf(first).end), work.clock);
  if (subscription.cancel_at !== null && subscription.cancel_at <= then.now) passSubscription(then, subscription);
  else beginPeriod(then, subscription);
  const after = latestOf(work, subscription);
  return after === null || after === before ? undefined : work.store.find('invoice', after);
}

export interface PreviewedChange {
  readonly change?: SubscriptionChange | undefined;
  readonly cancelsNow?: boolean;
  readonly resumes?: boolean;
  /** Instead of the subscription's own. */
  readonly discounts?: readonly PromisedDiscount[] | undefined;
}

function redeemAll(work: Work, promised: readonly PromisedDiscount[], customer: string): string[] {
  return promised.map((each) => redeem(work, each, { customer, subscription: null, session: null }).id);
}

/**
 * The invoice that a change makes at once or, where it makes none, the next one.
 * @throws {StripeError} 404 `invoice_upcoming_none` when there is nothing to be billed
 */
export function previewChange(
  work: Work,
  given: Stripe.Subscription,
  { change, cancelsNow, resumes, discounts }: PreviewedChange,
): Stripe.Invoice {
  return work.store.rehearse(() => {
    const taken = discounts && redeemAll(work, discounts, idOf(given.customer) ?? '');
    const subscription = taken ? { ...given, discounts: taken } : given;
    work.store.update('subscription', subscription);
    const before = latestOf(work, subscription);
    if (cancelsNow) {
      const credits = prorate(work, subscription, [], { chargesNew: false, at: work.now, all: true });
      cancelNow(work, subscription, {}, { credits: credits.map(prorationLine) });
    } else if (resumes) resumeSubscription(work, subscription, false);
    else if (change) updateSubscription(work, subscription, change);
    const after = latestOf(work, subscription);
    if (after !== null && after !== before) return asPreview(work, work.store.find('invoice', after));
    return asPreview(work, nextInvoice(work, subscription));
  });
}

/** The first invoice of a subscription that does not exist yet. */
export function previewStart(
  work: Work,
  start: Omit<Start, 'collects' | 'discounts'>,
  promised: readonly PromisedDiscount[],
): Stripe.Invoice {
  return work.store.rehearse(() => {
    const discounts = redeemAll(work, promised, start.customer.id);
    return asPreview(work, startSubscription(work, { ...start, discounts, collects: false }).invoice);
  });
}
