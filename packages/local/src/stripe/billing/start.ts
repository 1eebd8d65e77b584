/** A subscription begins: with a trial, or with its first payment. */

import type Stripe from 'stripe';
import { newSubscription } from '../objects/subscription.ts';
import { TRIAL_NOTICE_SECONDS } from '../store/agenda.ts';
import type { StripeError } from '../wire/error.ts';
import { draftInvoice, finalizeInvoice, issueInvoice } from './invoicing.ts';
import { advanceLines, trialLines } from './lines.ts';
import { addInterval } from './period.ts';
import { holdEvents, type Work } from './work.ts';

export interface Start {
  readonly customer: Stripe.Customer;
  readonly currency: string;
  readonly items: readonly { readonly price: Stripe.Price; readonly quantity: number }[];
  /** Seconds since the epoch. */
  readonly trialEnd: number | null;
  readonly missingPaymentMethod: 'cancel' | 'create_invoice' | 'pause';
  readonly paymentMethod: string | null;
  readonly metadata: Record<string, string>;
  readonly description: string | null;
  readonly automaticTax: boolean;
  /** Discounts that exist already, by id. */
  readonly discounts: readonly string[];
  /** Whether the first invoice is tried to be paid, or waits open for the buyer. */
  readonly collects: boolean;
  /** The bank has agreed to the first payment already. */
  readonly isAuthenticated: boolean;
}

export interface Started {
  readonly subscription: Stripe.Subscription;
  readonly invoice: Stripe.Invoice;
  readonly refusal: StripeError | undefined;
  /** Tells of the subscription and then of its first invoice. */
  tell(): void;
}

export function startSubscription(work: Work, given: Start): Started {
  const { store, now } = work;
  const { trialEnd, items } = given;
  const every = items[0]?.price.recurring ?? { interval: 'month', interval_count: 1 };
  const period = { start: now, end: trialEnd ?? addInterval(now, every, now) };
  const created = newSubscription(work, { ...given, clock: work.clock, customer: given.customer.id, period });
  const isNoticed = trialEnd !== null && trialEnd - TRIAL_NOTICE_SECONDS <= now;
  store.insert('subscription', created, { prorations: [], trialNoticed: isNoticed });
  for (const id of given.discounts)
    store.update('discount', { ...store.require('discount', id), subscription: created.id });
  const { held, release } = holdEvents(work);
  const request = {
    subscription: created,
    reason: 'subscription_create',
    lines:
      trialEnd === null
        ? advanceLines(work, created, created.items.data, period)
        : trialLines(work, created.items.data, period),
    usage: [],
    period: { start: now, end: now },
  } as const;
  const { invoice, refusal } = given.collects
    ? issueInvoice(held, request, given.isAuthenticated ? 'authenticated' : 'first')
    : { invoice: finalizeInvoice(held, draftInvoice(held, request)), refusal: undefined };
  const subscription = store.require('subscription', created.id);
  return {
    subscription,
    invoice: store.require('invoice', invoice.id),
    refusal,
    tell() {
      work.emit('customer.subscription.created', subscription);
      if (isNoticed) work.emit('customer.subscription.trial_will_end', subscription);
      // What it became with its first invoice is how it was created.
      release('customer.subscription.updated');
    },
  };
}
