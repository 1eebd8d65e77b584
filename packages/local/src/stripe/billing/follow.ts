/** A subscription follows its latest invoice: paid, owing, given up. */

import type Stripe from 'stripe';
import { readSettings } from '../store/settings.ts';
import { idOf } from './lines.ts';
import type { Work } from './work.ts';

/** The subscription as it is now that the invoice is for. */
export function subscriptionOf(work: Work, invoice: Stripe.Invoice): Stripe.Subscription | undefined {
  const id = idOf(invoice.parent?.subscription_details?.subscription);
  return id === null ? undefined : work.store.find('subscription', id);
}

export const hasEnded = ({ status }: Stripe.Subscription): boolean =>
  status === 'canceled' || status === 'incomplete_expired';

export function changeSubscription(
  work: Work,
  before: Stripe.Subscription,
  change: Partial<Stripe.Subscription>,
): Stripe.Subscription {
  const after: Stripe.Subscription = { ...before, ...change };
  work.store.update('subscription', after);
  work.emitUpdate('customer.subscription.updated', before, after);
  return after;
}

/** The running status: in its trial, or active. */
export const runningStatus = (work: Work, { trial_end }: Stripe.Subscription): 'trialing' | 'active' =>
  trial_end !== null && trial_end > work.now ? 'trialing' : 'active';

/** The invoice was paid, or is not asked for any more. */
export function followSettlement(work: Work, invoice: Stripe.Invoice): void {
  const before = subscriptionOf(work, invoice);
  if (!before || hasEnded(before)) return;
  const hidden = work.store.hidden('subscription', before.id);
  if (before.status === 'incomplete' && invoice.status !== 'paid') {
    if (invoice.status === 'void')
      changeSubscription(work, before, { status: 'incomplete_expired', ended_at: work.now });
    return;
  }
  if (before.status === 'paused' && hidden.resumption === invoice.id && invoice.status !== 'void') {
    const resumed: Stripe.Subscription = { ...before, status: runningStatus(work, before) };
    work.store.update('subscription', resumed, { ...hidden, resumption: undefined });
    work.emitUpdate('customer.subscription.updated', before, resumed);
    work.emit('customer.subscription.resumed', resumed);
    return;
  }
  const waits = ['past_due', 'unpaid', 'incomplete'].includes(before.status);
  if (waits && idOf(before.latest_invoice) === invoice.id)
    changeSubscription(work, before, { status: runningStatus(work, before) });
}

/** @param isLast after this attempt there is none by itself */
export function followFailure(work: Work, invoice: Stripe.Invoice, isLast: boolean): void {
  const before = subscriptionOf(work, invoice);
  if (!before || hasEnded(before) || idOf(before.latest_invoice) !== invoice.id) return;
  const { status } = before;
  if (isLast) giveUp(work, before);
  else if (status === 'active' || status === 'trialing') changeSubscription(work, before, { status: 'past_due' });
}

function giveUp(work: Work, before: Stripe.Subscription): void {
  const { afterRetries } = readSettings(work.store);
  if (afterRetries === 'canceled') endSubscription(work, before, { reason: 'payment_failed' });
  else changeSubscription(work, before, { status: afterRetries });
}

export interface CancellationReason {
  readonly comment?: string | null | undefined;
  readonly feedback?: Stripe.Subscription.CancellationDetails.Feedback | null | undefined;
  readonly reason?: Stripe.Subscription.CancellationDetails.Reason | null | undefined;
}

export function withReason(
  { cancellation_details: before }: Stripe.Subscription,
  given: CancellationReason,
): Stripe.Subscription.CancellationDetails {
  const { comment, feedback, reason } = { ...before, ...given };
  return { comment: comment ?? null, feedback: feedback ?? null, feedback_option: null, reason: reason ?? null };
}

/**
 * The subscription is over. Its invoices stay as they are, but nothing makes them final or tries them any more.
 * @param lastInvoice is still to be collected
 */
export function endSubscription(
  work: Work,
  before: Stripe.Subscription,
  given: CancellationReason,
  lastInvoice?: string,
): Stripe.Subscription {
  const after: Stripe.Subscription = {
    ...before,
    cancel_at_period_end: false,
    canceled_at: before.canceled_at ?? work.now,
    cancellation_details: withReason(before, given),
    ended_at: work.now,
    pause_collection: null,
    status: 'canceled',
  };
  work.store.update('subscription', after);
  for (const invoice of work.store.all('invoice', { 'parent.subscription_details.subscription': after.id }))
    if (invoice.id !== lastInvoice) stopCollecting(work, invoice);
  work.emit('customer.subscription.deleted', after);
  return after;
}

/** An invoice that is not settled yet waits for somebody. */
export function stopCollecting({ store }: Work, invoice: Stripe.Invoice): void {
  if (invoice.status !== 'open' && invoice.status !== 'draft') return;
  store.update('invoice', {
    ...invoice,
    auto_advance: false,
    automatically_finalizes_at: null,
    next_payment_attempt: null,
  });
}
