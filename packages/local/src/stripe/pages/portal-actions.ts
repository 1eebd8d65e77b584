/** What the portal's forms do. */

import type Stripe from 'stripe';
import { type CardInput, declineOf, readCard } from '../billing/cards.ts';
import { idOf } from '../billing/lines.ts';
import { payInvoice } from '../billing/subscription-life.ts';
import type { Work } from '../billing/work.ts';
import { newPaymentMethod } from '../objects/payment-method.ts';
import { invalid, missing, StripeError } from '../wire/error.ts';

const LIFE_SECONDS = 3600;

/** @throws {StripeError} when there is no such session, or it is too old */
export function findPortalSession({ store, now }: Work, token: string): Stripe.BillingPortal.Session {
  const row = store.sql
    .prepare("SELECT id FROM objects WHERE kind = 'billing_portal.session' AND hidden ->> 'token' = ?")
    .get(token);
  const session = row && store.find('billing_portal.session', String(row.id));
  if (!session || session.created + LIFE_SECONDS < now) throw missing('portal session', token);
  return session;
}

/** Takes a new card for everything that the customer pays. */
export function changeCard(work: Work, customerId: string, input: CardInput): void {
  const { store } = work;
  const card = readCard(input, work.now);
  if (card.behaviour.kind === 'declined')
    throw declineOf(card.behaviour, 'first') ?? new StripeError(402, 'Your card was declined.');
  const before = store.require('customer', customerId);
  const method = newPaymentMethod(work, card, customerId, { email: before.email, name: before.name ?? null });
  store.insert('payment_method', method, { behaviour: card.behaviour });
  work.emit('payment_method.attached', method);
  const after: Stripe.Customer = {
    ...before,
    invoice_settings: { ...before.invoice_settings, default_payment_method: method.id },
  };
  store.update('customer', after);
  work.emitUpdate('customer.updated', before, after);
  for (const subscription of store.all('subscription', { customer: customerId })) {
    if (subscription.status !== 'canceled') update(work, subscription, { default_payment_method: method.id });
  }
}

function update(work: Work, before: Stripe.Subscription, change: Partial<Stripe.Subscription>): void {
  const after: Stripe.Subscription = { ...before, ...change };
  work.store.update('subscription', after);
  work.emitUpdate('customer.subscription.updated', before, after);
}

/** A subscription or invoice of the session's own customer; any other does not exist for it. */
function requireOwn<T extends { customer: string | { id: string } | null }>(
  customer: string,
  object: T,
  kind: string,
  id: string,
): T {
  if (idOf(object.customer) !== customer) throw missing(kind, id);
  return object;
}

/** Plans the end for when the paid time is over, or takes that back. */
export function planEnd(work: Work, customer: string, id: string, ending: boolean): void {
  const subscription = requireOwn(customer, work.store.require('subscription', id), 'subscription', id);
  if (subscription.status === 'canceled') throw invalid('This subscription has ended.');
  update(work, subscription, {
    cancel_at_period_end: ending,
    cancel_at: ending ? (subscription.items.data[0]?.current_period_end ?? null) : null,
    canceled_at: ending ? work.now : null,
    cancellation_details: {
      comment: null,
      feedback: null,
      feedback_option: null,
      reason: ending ? 'cancellation_requested' : null,
    },
  });
}

/** The refusal of the card is an outcome, since the attempt is to be kept. */
export function payOwnInvoice(work: Work, customer: string, id: string): StripeError | undefined {
  return payInvoice(work, requireOwn(customer, work.store.require('invoice', id), 'invoice', id), undefined).refusal;
}
