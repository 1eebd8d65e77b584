/** What the portal's forms do. */

import type Stripe from 'stripe';
import { type CardInput, declineOf, readCard } from '../billing/cards.ts';
import { onClockOf } from '../billing/clock.ts';
import { payInvoice } from '../billing/collect.ts';
import { changeSubscription, hasEnded } from '../billing/follow.ts';
import { idOf } from '../billing/lines.ts';
import { updateSubscription } from '../billing/update.ts';
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
export function changeCard(outer: Work, customerId: string, input: CardInput): void {
  const { store } = outer;
  const card = readCard(input, outer.now);
  if (card.behaviour.kind === 'declined')
    throw declineOf(card.behaviour, 'first') ?? new StripeError(402, 'Your card was declined.');
  const before = store.require('customer', customerId);
  const work = onClockOf(outer, before);
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
    if (!hasEnded(subscription)) changeSubscription(work, subscription, { default_payment_method: method.id });
  }
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
  if (hasEnded(subscription)) throw invalid('This subscription has ended.');
  updateSubscription(onClockOf(work, subscription), subscription, { end: ending ? 'period' : null });
}

/** The refusal of the card is an outcome, since the attempt is to be kept. */
export function payOwnInvoice(work: Work, customer: string, id: string): StripeError | undefined {
  const invoice = requireOwn(customer, work.store.require('invoice', id), 'invoice', id);
  return payInvoice(onClockOf(work, invoice), invoice, undefined).refusal;
}
