import type Stripe from 'stripe';
import { cardOfToken, declineOf } from '../billing/cards.ts';
import type { Work } from '../billing/work.ts';
import { newPaymentMethod } from '../objects/payment-method.ts';
import { invalid } from '../wire/error.ts';

/**
 * Gives the customer a payment method: one that was made before, or a test card by its name (`pm_card_visa`).
 * @throws {StripeError} when it belongs to somebody already; 402 when the card is declined
 */
export function attachMethod(work: Work, id: string, customer: Stripe.Customer): Stripe.PaymentMethod {
  const card = cardOfToken(id, work.now);
  if (card) {
    const refusal = declineOf(card.behaviour, 'first');
    if (refusal) throw refusal;
    const method = newPaymentMethod(work, card, customer.id, { email: customer.email, name: customer.name ?? null });
    work.store.insert('payment_method', method, { behaviour: card.behaviour });
    work.emit('payment_method.attached', method);
    return method;
  }
  const before = work.store.require('payment_method', id);
  if (before.customer !== null)
    throw invalid(
      'The payment method you provided has already been attached to a customer.',
      'payment_method',
      'payment_method_unexpected_state',
    );
  const after = { ...before, customer: customer.id };
  work.store.update('payment_method', after);
  work.emit('payment_method.attached', after);
  return after;
}
