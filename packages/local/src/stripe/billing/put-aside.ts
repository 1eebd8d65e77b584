/** Invoices that are asked for no more. */

import type Stripe from 'stripe';
import { invalid } from '../wire/error.ts';
import { followSettlement } from './follow.ts';
import { idOf } from './lines.ts';
import type { Work } from './work.ts';

/** @throws {StripeError} when it is paid, or was put aside already */
export function setAside(work: Work, before: Stripe.Invoice, status: 'void' | 'uncollectible'): Stripe.Invoice {
  const allowed = status === 'void' ? ['draft', 'open', 'uncollectible'] : ['draft', 'open'];
  if (!allowed.includes(before.status ?? ''))
    throw invalid(`You can only pass in open invoices. This invoice isn't open: it is ${before.status}.`);
  const { store, now } = work;
  const after: Stripe.Invoice = {
    ...before,
    auto_advance: false,
    automatically_finalizes_at: null,
    next_payment_attempt: null,
    status,
    status_transitions: {
      ...before.status_transitions,
      ...(status === 'void' ? { voided_at: now } : { marked_uncollectible_at: now }),
    },
  };
  store.update('invoice', after);
  if (status === 'void') cancelPayment(work, after);
  work.emit(status === 'void' ? 'invoice.voided' : 'invoice.marked_uncollectible', after);
  followSettlement(work, after);
  return after;
}

function cancelPayment(work: Work, { id }: Stripe.Invoice): void {
  for (const payment of work.store.all('invoice_payment', { invoice: id, status: 'open' })) {
    const intent = work.store.require('payment_intent', idOf(payment.payment.payment_intent) ?? '');
    const canceled: Stripe.PaymentIntent = {
      ...intent,
      canceled_at: work.now,
      cancellation_reason: 'void_invoice',
      next_action: null,
      status: 'canceled',
    };
    work.store.update('payment_intent', canceled);
    work.store.update('invoice_payment', {
      ...payment,
      status: 'canceled',
      status_transitions: { ...payment.status_transitions, canceled_at: work.now },
    });
    work.emit('payment_intent.canceled', canceled);
  }
}
