/** Changing a subscription, as one step whatever it changes. */

import type Stripe from 'stripe';
import { invalid } from '../wire/error.ts';
import { type Changed, changeSubscriptionItems, type ItemChange, type ProrationBehavior } from './change.ts';
import { type CancellationReason, changeSubscription } from './follow.ts';
import { issueInvoice } from './invoicing.ts';
import { advanceLines } from './lines.ts';
import { addInterval } from './period.ts';
import { planEnd, withPeriod } from './renewal.ts';
import { holdEvents, type Work } from './work.ts';

export interface SubscriptionChange {
  readonly items?: readonly ItemChange[] | undefined;
  readonly behavior?: ProrationBehavior | undefined;
  /** Seconds since the epoch. */
  readonly prorationDate?: number | undefined;
  readonly resetsCycle?: boolean | undefined;
  readonly trialEnd?: 'now' | number | undefined;
  /** When it is to end; `null` takes a plan back. */
  readonly end?: 'period' | number | null | undefined;
  readonly cancellation?: CancellationReason | undefined;
  /** Fields that are taken over as they are. */
  readonly fields?: Partial<Stripe.Subscription>;
}

/** Ends a trial now, with the first payment, or moves its end. */
function withTrialEnd(work: Work, before: Stripe.Subscription, given: 'now' | number): Changed {
  const end = given === 'now' ? work.now : given;
  if (end < work.now) throw invalid('Timestamps cannot be in the past; try `now` instead.', 'trial_end');
  if (before.status !== 'trialing')
    throw invalid('The local Stripe changes the trial only of a subscription that is trialing.', 'trial_end');
  const hidden = work.store.hidden('subscription', before.id);
  const [first] = before.items.data;
  const every = first?.price.recurring ?? { interval: 'month', interval_count: 1 };
  const isOver = end === work.now;
  const period = isOver
    ? { start: end, end: addInterval(end, every, end) }
    : { start: first?.current_period_start ?? work.now, end };
  const changed: Stripe.Subscription = {
    ...before,
    billing_cycle_anchor: end,
    items: withPeriod(before.items, period),
    status: isOver ? 'active' : 'trialing',
    trial_end: end,
  };
  work.store.update('subscription', changed, { ...hidden, trialNoticed: isOver });
  if (!isOver) return { subscription: changed, refusal: undefined };
  const { refusal } = issueInvoice(
    work,
    {
      subscription: changed,
      reason: 'subscription_update',
      lines: advanceLines(work, changed, changed.items.data, period),
      usage: [],
      period: { start: work.now, end: work.now },
    },
    'later',
  );
  return { subscription: work.store.require('subscription', before.id), refusal };
}

/**
 * Applies the change with its settlement, and tells of it.
 * @throws {StripeError} for a change that does not fit the subscription
 */
export function updateSubscription(work: Work, before: Stripe.Subscription, change: SubscriptionChange): Changed {
  const { held, release } = holdEvents(work);
  const { items = [], behavior = 'create_prorations', prorationDate, resetsCycle, trialEnd } = change;
  // What is paid by, and what is taken off, counts for the settlement already.
  let changed: Changed = { subscription: { ...before, ...change.fields }, refusal: undefined };
  held.store.update('subscription', changed.subscription);
  if (items.length > 0 || resetsCycle)
    changed = changeSubscriptionItems(held, changed.subscription, { items, behavior, prorationDate, resetsCycle });
  if (trialEnd !== undefined) {
    const { refusal } = changed;
    changed = withTrialEnd(held, changed.subscription, trialEnd);
    changed = { ...changed, refusal: changed.refusal ?? refusal };
  }
  const after =
    change.end === undefined && change.cancellation === undefined
      ? changed.subscription
      : planEnd(
          work,
          changed.subscription,
          change.end ?? endOf(changed.subscription, change.end),
          change.cancellation ?? {},
        );
  const subscription = changeSubscription(work, before, withPlannedEnd(after));
  release('customer.subscription.updated');
  return { ...changed, subscription };
}

/** An end with the period moves with it. */
function withPlannedEnd(subscription: Stripe.Subscription): Stripe.Subscription {
  const [first] = subscription.items.data;
  return subscription.cancel_at_period_end && first
    ? { ...subscription, cancel_at: first.current_period_end }
    : subscription;
}

/** The plan that there is already, where none is given. */
function endOf({ cancel_at_period_end, cancel_at }: Stripe.Subscription, given: null | undefined) {
  if (given === null) return null;
  return cancel_at_period_end ? 'period' : cancel_at;
}

/** Goes on with a subscription that was paused, with a new period; a payment that fails leaves it paused. */
export function resumeSubscription(work: Work, before: Stripe.Subscription, keepsCycle: boolean): Changed {
  if (before.status !== 'paused')
    throw invalid(`Only paused subscriptions can be resumed. This subscription is ${before.status}.`);
  const [first] = before.items.data;
  const every = first?.price.recurring ?? { interval: 'month', interval_count: 1 };
  const runs = keepsCycle && first && first.current_period_end > work.now;
  const hidden = work.store.hidden('subscription', before.id);
  if (runs) {
    const resumed: Stripe.Subscription = { ...before, status: 'active' };
    changeSubscription(work, before, resumed);
    work.emit('customer.subscription.resumed', resumed);
    return { subscription: resumed, refusal: undefined };
  }
  const period = { start: work.now, end: addInterval(work.now, every, work.now) };
  const begun: Stripe.Subscription = {
    ...before,
    billing_cycle_anchor: work.now,
    items: withPeriod(before.items, period),
  };
  work.store.update('subscription', begun, { ...hidden, prorations: [] });
  const { held, release } = holdEvents(work);
  const { invoice, refusal } = issueInvoice(
    held,
    {
      subscription: begun,
      reason: 'subscription_update',
      lines: advanceLines(work, begun, begun.items.data, period),
      usage: [],
      period: { start: work.now, end: work.now },
    },
    'later',
  );
  const current = work.store.require('subscription', before.id);
  const after: Stripe.Subscription = refusal ? current : { ...current, status: 'active' };
  work.store.update('subscription', after, {
    ...work.store.hidden('subscription', before.id),
    resumption: refusal ? invoice.id : undefined,
  });
  work.emitUpdate('customer.subscription.updated', before, after);
  if (!refusal) work.emit('customer.subscription.resumed', after);
  release('customer.subscription.updated');
  return { subscription: after, refusal };
}
