/** Taking the money that an open invoice asks for, and what follows for the subscription. */

import type Stripe from 'stripe';
import { newCharge } from '../objects/charge.ts';
import { newDispute } from '../objects/dispute.ts';
import { withRefusal } from '../objects/payment-intent.ts';
import { readSettings } from '../store/settings.ts';
import { invalid, StripeError } from '../wire/error.ts';
import { type Occasion, verdictOn } from './cards.ts';
import { followFailure, followSettlement, subscriptionOf } from './follow.ts';
import { idOf } from './lines.ts';
import type { Work } from './work.ts';

export type { Occasion } from './cards.ts';

const DAY = 86_400;

export interface Collected {
  readonly invoice: Stripe.Invoice;
  /** Why it was not paid. An outcome, not an exception, since what it leaves behind is to be kept. */
  readonly refusal: StripeError | undefined;
}

/** How a subscription is paid: its own card, or the customer's. */
export function paymentMethodOf(work: Work, subscription: Stripe.Subscription): string | null {
  const customer = work.store.require('customer', idOf(subscription.customer) ?? '');
  const named = [subscription.default_payment_method, customer.invoice_settings.default_payment_method].map(idOf);
  // One that was detached is not the customer's any more.
  return named.find((id) => id && work.store.find('payment_method', id)?.customer === customer.id) ?? null;
}

const noPaymentMethod = () =>
  new StripeError(
    402,
    'There is no payment method to charge. Add one to the subscription or to the customer.',
    { code: 'card_declined' },
    'card_error',
  );
const authenticationRequired = () =>
  new StripeError(
    402,
    'This payment requires the authentication of the buyer by the bank.',
    { code: 'authentication_required', decline_code: 'authentication_required' },
    'card_error',
  );

/** @returns how the invoice is paid, by the payment that was made for it when it became final */
export function paymentOf(
  { store }: Work,
  invoice: Stripe.Invoice,
): { readonly payment: Stripe.InvoicePayment; readonly intent: Stripe.PaymentIntent } {
  const [payment] = store.all('invoice_payment', { invoice: invoice.id });
  const intent = payment && idOf(payment.payment.payment_intent);
  if (!payment || !intent) throw new Error(`Invoice ${invoice.id} has no payment.`);
  return { payment, intent: store.require('payment_intent', intent) };
}

/** The invoice asks for nothing any more; the subscription follows. */
export function markPaid(work: Work, open: Stripe.Invoice): Stripe.Invoice {
  const invoice: Stripe.Invoice = {
    ...open,
    amount_paid: open.amount_due,
    amount_remaining: 0,
    attempted: true,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...open.status_transitions, paid_at: work.now },
  };
  work.store.update('invoice', invoice);
  work.emit('invoice.paid', invoice);
  work.emit('invoice.payment_succeeded', invoice);
  followSettlement(work, invoice);
  return invoice;
}

interface Attempt {
  readonly open: Stripe.Invoice;
  readonly payment: Stripe.InvoicePayment;
  readonly intent: Stripe.PaymentIntent;
  readonly method: Stripe.PaymentMethod;
}

function succeed(work: Work, { open, payment, intent, method }: Attempt, isDisputed: boolean): Stripe.Invoice {
  const { store, now } = work;
  const charge = newCharge(work, intent, method, undefined);
  store.insert('charge', charge, {});
  work.emit('charge.succeeded', charge);
  const succeeded: Stripe.PaymentIntent = {
    ...intent,
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: 'succeeded',
  };
  store.update('payment_intent', succeeded);
  work.emit('payment_intent.succeeded', succeeded);
  store.update('invoice_payment', {
    ...payment,
    amount_paid: intent.amount,
    status: 'paid',
    status_transitions: { ...payment.status_transitions, paid_at: now },
  });
  const paid = markPaid(work, open);
  if (isDisputed) {
    const dispute = newDispute(work, charge);
    store.insert('dispute', dispute, {});
    store.update('charge', { ...charge, disputed: true });
    work.emit('charge.dispute.created', dispute);
  }
  return paid;
}

function askBank(work: Work, { intent, method }: Attempt): void {
  const waiting: Stripe.PaymentIntent = {
    ...intent,
    next_action: { type: 'use_stripe_sdk', use_stripe_sdk: {} },
    payment_method: method.id,
    status: 'requires_action',
  };
  work.store.update('payment_intent', waiting);
  work.emit('payment_intent.requires_action', waiting);
}

function decline(work: Work, { intent, method }: Attempt, refusal: StripeError): void {
  const charge = newCharge(work, intent, method, refusal);
  work.store.insert('charge', charge, {});
  work.emit('charge.failed', charge);
  const refused = { ...withRefusal(intent, refusal), latest_charge: charge.id };
  work.store.update('payment_intent', refused);
  work.emit('payment_intent.payment_failed', refused);
}

/** A failed attempt moves the schedule on when the schedule made it, or when it was the first. */
function recordFailure(work: Work, open: Stripe.Invoice, occasion: Occasion): Stripe.Invoice {
  const counts = !open.attempted || occasion === 'retry';
  const { retryDays } = readSettings(work.store);
  const attempts = open.attempt_count + (counts ? 1 : 0);
  const retries = open.auto_advance && open.billing_reason !== 'subscription_create';
  const wait = retries ? retryDays[attempts - 1] : undefined;
  const failed: Stripe.Invoice = {
    ...open,
    attempted: true,
    attempt_count: attempts,
    next_payment_attempt: counts ? (wait === undefined ? null : work.now + wait * DAY) : open.next_payment_attempt,
  };
  work.store.update('invoice', failed);
  return failed;
}

/**
 * Tries to take the money. An open invoice whose schedule is at its end decides about the subscription.
 * @param paymentMethod pays instead of what the subscription is paid by
 */
export function collectInvoice(
  work: Work,
  open: Stripe.Invoice,
  { occasion, paymentMethod }: { occasion: Occasion; paymentMethod?: string | undefined },
): Collected {
  const subscription = subscriptionOf(work, open);
  const id = paymentMethod ?? (subscription ? paymentMethodOf(work, subscription) : null);
  const method = id === null ? undefined : work.store.require('payment_method', id, 'payment_method');
  const { payment, intent } = paymentOf(work, open);
  const verdict = method && verdictOn(work.store.hidden('payment_method', method.id).behaviour, occasion);
  const counted = !open.attempted || occasion === 'retry';
  if (method && (verdict === 'accepted' || verdict === 'disputed')) {
    const attempt = {
      open: { ...open, attempt_count: open.attempt_count + (counted ? 1 : 0) },
      payment,
      intent,
      method,
    };
    return { invoice: succeed(work, attempt, verdict === 'disputed'), refusal: undefined };
  }
  let refusal = noPaymentMethod();
  if (method && verdict === 'asks') {
    refusal = authenticationRequired();
    askBank(work, { open, payment, intent, method });
  } else if (method && verdict instanceof StripeError) {
    refusal = verdict;
    decline(work, { open, payment, intent, method }, refusal);
  }
  const failed = recordFailure(work, open, occasion);
  if (verdict === 'asks') work.emit('invoice.payment_action_required', failed);
  if (verdict !== 'asks' || occasion !== 'first') work.emit('invoice.payment_failed', failed);
  followFailure(work, failed, occasion === 'retry' && failed.next_payment_attempt === null);
  return { invoice: work.store.require('invoice', failed.id), refusal };
}

/** The bank's answer to a payment that waited for it. @throws {StripeError} when none waits */
export function answerForInvoice(work: Work, open: Stripe.Invoice, approved: boolean): Collected {
  const { intent } = open.status === 'open' ? paymentOf(work, open) : { intent: undefined };
  const method = idOf(intent?.payment_method);
  if (intent?.status !== 'requires_action' || method === null)
    throw invalid('No payment of this invoice waits for authentication.', undefined, 'payment_intent_unexpected_state');
  if (approved) return collectInvoice(work, open, { occasion: 'authenticated', paymentMethod: method });
  const refusal = authenticationFailed();
  const refused = withRefusal(intent, refusal);
  work.store.update('payment_intent', refused);
  work.emit('payment_intent.payment_failed', refused);
  work.emit('invoice.payment_failed', open);
  return { invoice: open, refusal };
}

export const authenticationFailed = () =>
  new StripeError(
    402,
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
    { code: 'payment_intent_authentication_failure' },
    'card_error',
  );

/** Tries again by hand to have an open invoice paid. @throws {StripeError} when it is not open */
export function payInvoice(work: Work, open: Stripe.Invoice, paymentMethod: string | undefined): Collected {
  if (open.status === 'paid') throw invalid('Invoice is already paid', undefined, 'invoice_already_paid');
  if (open.status !== 'open') throw invalid(`Invoice is ${open.status} and cannot be paid`);
  return collectInvoice(work, open, { occasion: 'byHand', paymentMethod });
}
