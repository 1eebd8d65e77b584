/** A subscription after its start: renewal, cancellation, payment of what it owes. */

import type Stripe from 'stripe';
import { invalid } from '../wire/error.ts';
import { chargeInvoice, emitAll, followInvoice, issueInvoice, paymentMethodOf } from './invoicing.ts';
import { advanceLines, idOf, periodOf, prorationLine, usageLines } from './lines.ts';
import { addInterval } from './period.ts';
import type { Work } from './work.ts';

export interface CancellationReason {
  readonly comment?: string | null | undefined;
  readonly feedback?: Stripe.Subscription.CancellationDetails.Feedback | null | undefined;
}

export function withReason(
  subscription: Stripe.Subscription,
  given: CancellationReason | undefined,
  reason: 'cancellation_requested' | null,
): Stripe.Subscription.CancellationDetails {
  const { comment, feedback } = { ...subscription.cancellation_details, ...given };
  return { comment: comment ?? null, feedback: feedback ?? null, feedback_option: null, reason };
}

/** Ends the subscription now. @throws {StripeError} when it has ended already */
export function cancelNow(work: Work, before: Stripe.Subscription, given?: CancellationReason): Stripe.Subscription {
  if (before.status === 'canceled') throw invalid(`No such subscription: '${before.id}'`, 'id', 'resource_missing');
  const after: Stripe.Subscription = {
    ...before,
    cancel_at_period_end: false,
    canceled_at: before.canceled_at ?? work.now,
    cancellation_details: withReason(before, given, 'cancellation_requested'),
    ended_at: work.now,
    status: 'canceled',
  };
  work.store.update('subscription', after);
  work.emit('customer.subscription.deleted', after);
  return after;
}

/**
 * Brings the subscription to its next period as if the present one had ended now: bills it, or ends it if that was wanted.
 * @throws {StripeError} when it has ended already
 */
export function renew(work: Work, before: Stripe.Subscription): Stripe.Subscription {
  const { store } = work;
  if (before.cancel_at_period_end) return cancelNow(work, before);
  if (!['active', 'trialing', 'past_due'].includes(before.status))
    throw invalid(`A subscription that is ${before.status} does not renew.`);
  const [first] = before.items.data;
  if (!first) throw invalid('A subscription without items does not renew.');
  const start = first.current_period_end;
  const every = first.price.recurring ?? { interval: 'month', interval_count: 1 };
  const period = { start, end: addInterval(start, every, before.billing_cycle_anchor) };
  const ended = { start: first.current_period_start, end: start };
  const renewed: Stripe.Subscription = {
    ...before,
    status: before.status === 'trialing' ? 'active' : before.status,
    items: {
      ...before.items,
      data: before.items.data.map((item) => ({
        ...item,
        current_period_start: period.start,
        current_period_end: period.end,
      })),
    },
  };
  const { prorations } = store.hidden('subscription', before.id);
  store.update('subscription', renewed, { prorations: [] });
  work.emitUpdate('customer.subscription.updated', before, renewed);
  const lines = [
    ...prorations.map((proration) => prorationLine(first, proration)),
    ...before.items.data.flatMap((item) => usageLines(work, before, item, periodOf(item))),
    ...advanceLines(work, renewed, renewed.items.data, period),
  ];
  const billed = issueInvoice(work, { subscription: renewed, reason: 'subscription_cycle', lines, period: ended });
  emitAll(work, billed.happenings);
  const after = followInvoice(work, renewed, billed.invoice);
  work.emitUpdate('customer.subscription.updated', renewed, after);
  return after;
}

/** Tries again to have an open invoice paid. @throws {StripeError} when it is not open; a refused card is an outcome */
export function payInvoice(
  work: Work,
  open: Stripe.Invoice,
  paymentMethod: string | null | undefined,
): ReturnType<typeof chargeInvoice> {
  if (open.status === 'paid') throw invalid('Invoice is already paid', undefined, 'invoice_already_paid');
  if (open.status !== 'open') throw invalid(`Invoice is ${open.status} and cannot be paid`);
  const id = idOf(open.parent?.subscription_details?.subscription ?? null);
  const before = id === null ? undefined : work.store.find('subscription', id);
  const method = paymentMethod ?? (before ? paymentMethodOf(work, before) : null);
  const attempt = chargeInvoice(work, open, method, 'later');
  emitAll(work, attempt.happenings);
  if (before && before.status !== 'canceled' && idOf(before.latest_invoice) === open.id) {
    work.emitUpdate('customer.subscription.updated', before, followInvoice(work, before, attempt.invoice));
  }
  return attempt;
}
