/** What the passing of time does to a subscription: notices, new periods, ends. */

import type Stripe from 'stripe';
import { invalid } from '../wire/error.ts';
import { paymentMethodOf } from './collect.ts';
import { type CancellationReason, changeSubscription, endSubscription, hasEnded, withReason } from './follow.ts';
import { draftInvoice, issueInvoice } from './invoicing.ts';
import { advanceLines, idOf, prorationLine, unbilledUsage } from './lines.ts';
import { addInterval } from './period.ts';
import { setAside } from './put-aside.ts';
import { holdEvents, type Work } from './work.ts';

/** Does what is due first. */
export function passSubscription(work: Work, before: Stripe.Subscription): void {
  const { status, pause_collection, cancel_at, trial_end } = before;
  const hidden = work.store.hidden('subscription', before.id);
  if (status === 'incomplete') expireIncomplete(work, before);
  else if (pause_collection?.resumes_at && pause_collection.resumes_at <= work.now)
    changeSubscription(work, before, { pause_collection: null });
  else if (cancel_at !== null && cancel_at <= work.now) endWithUsage(work, before, {});
  else if (before.items.data.some((item) => item.current_period_end <= work.now)) beginPeriod(work, before);
  else if (trial_end !== null && !hidden.trialNoticed) {
    work.store.update('subscription', before, { ...hidden, trialNoticed: true });
    work.emit('customer.subscription.trial_will_end', before);
  }
}

/** The first payment was not made in time. */
function expireIncomplete(work: Work, before: Stripe.Subscription): void {
  changeSubscription(work, before, { status: 'incomplete_expired', ended_at: work.now });
  const invoice = work.store.find('invoice', idOf(before.latest_invoice) ?? '');
  if (invoice?.status === 'open') setAside(work, invoice, 'void');
}

/** Ends the subscription with a last invoice for what was used and what is still to be settled. */
function endWithUsage(work: Work, before: Stripe.Subscription, given: CancellationReason): void {
  const { store } = work;
  const { prorations, ...hidden } = store.hidden('subscription', before.id);
  const usage = unbilledUsage(work, before, work.now);
  const [first] = before.items.data;
  let lastInvoice: string | undefined;
  if (first && before.status !== 'trialing' && prorations.length + usage.length > 0) {
    const period = { start: first.current_period_start, end: work.now };
    const lines = prorations.map(prorationLine);
    lastInvoice = draftInvoice(work, { subscription: before, reason: 'subscription_cycle', lines, usage, period }).id;
    store.update('subscription', store.require('subscription', before.id), { ...hidden, prorations: [], usage: [] });
  }
  const reason = before.cancellation_details?.reason ?? 'cancellation_requested';
  endSubscription(work, store.require('subscription', before.id), { reason, ...given }, lastInvoice);
}

const automatic: Readonly<Record<string, boolean>> = { keep_as_draft: false, mark_uncollectible: false, void: false };

/** The present period, or the trial, is over: the next one begins and is billed with the usage of the last. */
export function beginPeriod(work: Work, before: Stripe.Subscription): Stripe.Invoice | undefined {
  const { store } = work;
  const [first] = before.items.data;
  if (!first) throw invalid('A subscription without items does not renew.');
  const wasTrialing = before.status === 'trialing';
  if (wasTrialing && paymentMethodOf(work, before) === null) {
    const { missing_payment_method: missing } = before.trial_settings?.end_behavior ?? {};
    if (missing === 'cancel') {
      endSubscription(work, before, { reason: 'cancellation_requested' });
      return undefined;
    }
    if (missing === 'pause') {
      const paused = changeSubscription(work, before, { status: 'paused' });
      work.emit('customer.subscription.paused', paused);
      return undefined;
    }
  }
  const start = first.current_period_end;
  const every = first.price.recurring ?? { interval: 'month', interval_count: 1 };
  const period = { start, end: addInterval(start, every, before.billing_cycle_anchor) };
  const usage = wasTrialing ? [] : unbilledUsage(work, before, start);
  const { prorations } = store.hidden('subscription', before.id);
  const renewed: Stripe.Subscription = {
    ...before,
    status: wasTrialing ? 'active' : before.status,
    items: withPeriod(before.items, period),
  };
  store.update('subscription', renewed, { prorations: [], trialNoticed: true });
  const pause = renewed.pause_collection?.behavior;
  const { held, release } = holdEvents(work);
  const draft = draftInvoice(held, {
    subscription: renewed,
    reason: 'subscription_cycle',
    lines: [...prorations.map(prorationLine), ...advanceLines(work, renewed, renewed.items.data, period)],
    usage,
    period: { start: first.current_period_start, end: start },
    autoAdvance: renewed.status !== 'unpaid' && (pause === undefined || automatic[pause] !== false),
  });
  work.emitUpdate('customer.subscription.updated', before, store.require('subscription', before.id));
  release();
  if (pause === 'void') return setAside(work, draft, 'void');
  if (pause === 'mark_uncollectible') return setAside(work, draft, 'uncollectible');
  return draft;
}

/**
 * Brings the subscription to its next period as if the present one had ended now, or ends it if that was wanted.
 * @throws {StripeError} when it does not renew
 */
export function renewNow(work: Work, before: Stripe.Subscription): Stripe.Invoice | undefined {
  if (!['active', 'trialing', 'past_due'].includes(before.status))
    throw invalid(`A subscription that is ${before.status} does not renew.`);
  if (!before.cancel_at_period_end) return beginPeriod(work, before);
  endWithUsage(work, before, {});
  return undefined;
}

export function withPeriod(
  items: Stripe.Subscription['items'],
  { start, end }: { readonly start: number; readonly end: number },
): Stripe.Subscription['items'] {
  const data = items.data.map((item) => ({ ...item, current_period_start: start, current_period_end: end }));
  return { ...items, data };
}

/**
 * Ends the subscription now.
 * @param settle with an invoice for what was used, and with a credit for the rest of what was paid in advance
 * @throws {StripeError} when it has ended already
 */
export function cancelNow(
  work: Work,
  before: Stripe.Subscription,
  given: CancellationReason = {},
  settle?: { readonly credits: readonly ReturnType<typeof prorationLine>[] },
): Stripe.Subscription {
  if (hasEnded(before)) throw invalid(`No such subscription: '${before.id}'`, 'id', 'resource_missing');
  if (settle) {
    const { prorations } = work.store.hidden('subscription', before.id);
    issueInvoice(
      work,
      {
        subscription: before,
        reason: 'subscription_update',
        lines: [...prorations.map(prorationLine), ...settle.credits],
        usage: unbilledUsage(work, before, work.now),
        period: { start: work.now, end: work.now },
      },
      'later',
    );
  }
  return endSubscription(work, work.store.require('subscription', before.id), {
    reason: 'cancellation_requested',
    ...given,
  });
}

/** Plans the end for when the period is over, for a moment, or takes the plan back. */
export function planEnd(
  work: Work,
  before: Stripe.Subscription,
  end: 'period' | number | null,
  given: CancellationReason,
): Stripe.Subscription {
  const at = end === 'period' ? (before.items.data[0]?.current_period_end ?? null) : end;
  if (typeof end === 'number' && end <= work.now) throw invalid('`cancel_at` must be in the future.', 'cancel_at');
  return {
    ...before,
    cancel_at: at,
    cancel_at_period_end: end === 'period',
    canceled_at: at === null ? null : (before.canceled_at ?? work.now),
    cancellation_details: withReason(before, { ...given, reason: at === null ? null : 'cancellation_requested' }),
  };
}
