/** Invoices: made, finalised and, where it can be, paid at once. */

import type Stripe from 'stripe';
import { type InvoiceLine, newInvoice, newInvoicePayment } from '../objects/invoice.ts';
import { newPaymentIntent } from '../objects/payment-intent.ts';
import { StripeError } from '../wire/error.ts';
import { declineOf } from './cards.ts';
import { idOf } from './lines.ts';
import type { Period } from './period.ts';
import type { Work } from './work.ts';

const RETRY_AFTER_SECONDS = 3 * 86_400;

/** Something that an event is to tell, with the object as it was then. */
export type Happening = readonly [type: Stripe.Event.Type, object: object];

export function emitAll(work: Work, happenings: readonly Happening[]): void {
  for (const [type, object] of happenings) work.emit(type, object);
}

/** How a subscription is paid: its own card, or the customer's. */
export function paymentMethodOf(work: Work, subscription: Stripe.Subscription): string | null {
  const customer = work.store.require('customer', idOf(subscription.customer) ?? '');
  return idOf(subscription.default_payment_method) ?? idOf(customer.invoice_settings.default_payment_method);
}

interface Attempt {
  readonly invoice: Stripe.Invoice;
  readonly refusal: StripeError | undefined;
  readonly happenings: readonly Happening[];
}

/**
 * Tries to take the money that an open invoice asks for. Has its effects on the store; events are left to the caller, who
 * knows their order.
 */
export function chargeInvoice(
  work: Work,
  open: Stripe.Invoice,
  paymentMethod: string | null,
  occasion: 'first' | 'later',
): Attempt {
  const { store, now } = work;
  const happenings: Happening[] = [];
  const attempted = { ...open, attempted: true, attempt_count: open.attempt_count + 1 };
  if (open.amount_remaining > 0) {
    const refusal =
      paymentMethod === null
        ? noPaymentMethod()
        : declineOf(store.hidden('payment_method', paymentMethod).behaviour, occasion);
    const intent = newPaymentIntent(
      work,
      {
        amount: open.amount_remaining,
        currency: open.currency,
        customer: idOf(open.customer),
        paymentMethod,
        description: open.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update',
        receiptEmail: open.customer_email,
      },
      refusal,
    );
    store.insert('payment_intent', intent, {});
    if (refusal) {
      const invoice: Stripe.Invoice = { ...attempted, next_payment_attempt: now + RETRY_AFTER_SECONDS };
      store.update('invoice', invoice);
      return {
        invoice,
        refusal,
        happenings: [
          ['payment_intent.payment_failed', intent],
          ['invoice.payment_failed', invoice],
        ],
      };
    }
    store.insert('invoice_payment', newInvoicePayment(work, open, intent.id), {});
    happenings.push(['payment_intent.succeeded', intent]);
  }
  const invoice: Stripe.Invoice = {
    ...attempted,
    amount_paid: open.amount_due,
    amount_remaining: 0,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...open.status_transitions, paid_at: now },
  };
  store.update('invoice', invoice);
  happenings.push(['invoice.paid', invoice], ['invoice.payment_succeeded', invoice]);
  return { invoice, refusal: undefined, happenings };
}

const noPaymentMethod = () =>
  new StripeError(402, 'There is no payment method to charge.', { code: 'card_declined' }, 'card_error');

export interface InvoiceRequest {
  readonly subscription: Stripe.Subscription;
  readonly reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update';
  readonly lines: readonly InvoiceLine[];
  readonly period: Period;
}

/** Makes an invoice, counts the customer's credit in, finalises it and tries to have it paid. */
export function issueInvoice(work: Work, { subscription, reason, lines, period }: InvoiceRequest): Attempt {
  const { store, now } = work;
  const customer = store.require('customer', idOf(subscription.customer) ?? '');
  const paymentMethod = paymentMethodOf(work, subscription);
  const draft = newInvoice(work, { customer, subscription, reason, lines, paymentMethod: null, period });
  store.insert('invoice', draft, {});
  // What the invoice does not use of a credit, and a credit that the invoice itself is, stays with the customer.
  const endingBalance = Math.min(0, draft.total + customer.balance);
  const sequence = customer.next_invoice_sequence ?? 1;
  store.update('customer', {
    ...customer,
    balance: endingBalance,
    currency: subscription.currency,
    next_invoice_sequence: sequence + 1,
  });
  const open: Stripe.Invoice = {
    ...draft,
    status: 'open',
    effective_at: now,
    ending_balance: endingBalance,
    hosted_invoice_url: `${work.baseUrl}/i/${draft.id}`,
    number: `${customer.invoice_prefix ?? 'LOCAL'}-${String(sequence).padStart(4, '0')}`,
    status_transitions: { ...draft.status_transitions, finalized_at: now },
  };
  store.update('invoice', open);
  const attempt = chargeInvoice(work, open, paymentMethod, reason === 'subscription_create' ? 'first' : 'later');
  return { ...attempt, happenings: [['invoice.created', draft], ['invoice.finalized', open], ...attempt.happenings] };
}

/** A subscription is past due exactly while its last invoice waits for payment. */
export function followInvoice(work: Work, before: Stripe.Subscription, invoice: Stripe.Invoice): Stripe.Subscription {
  const owing = invoice.status === 'open';
  const status = owing ? 'past_due' : before.status === 'past_due' ? 'active' : before.status;
  const after: Stripe.Subscription = { ...before, latest_invoice: invoice.id, status };
  work.store.update('subscription', after);
  return after;
}
