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
import { configurationOf } from './portal-switch.ts';

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

/** Takes over what the customer may change of it. @throws {StripeError} for an e-mail address that is none */
export function changeDetails(
  outer: Work,
  session: Stripe.BillingPortal.Session,
  given: { name: string; email: string; line1: string; city: string; postalCode: string; country: string },
): void {
  const before = outer.store.require('customer', session.customer);
  const work = onClockOf(outer, before);
  const { enabled, allowed_updates: allowed } = configurationOf(work, session).features.customer_update;
  const may = (field: string) => enabled && allowed.includes(field);
  if (may('email') && given.email !== '' && !/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(given.email))
    throw new StripeError(400, 'Your email is invalid.', { code: 'email_invalid', param: 'email' });
  const address = {
    city: given.city || null,
    country: given.country || null,
    line1: given.line1 || null,
    line2: before.address?.line2 ?? null,
    postal_code: given.postalCode || null,
    state: before.address?.state ?? null,
  };
  const after: Stripe.Customer = {
    ...before,
    ...(may('name') ? { name: given.name || null } : {}),
    ...(may('email') && given.email !== '' ? { email: given.email } : {}),
    ...(may('address') ? { address } : {}),
  };
  work.store.update('customer', after);
  work.emitUpdate('customer.updated', before, after);
}

/** A subscription of the session's own customer. */
export const ownSubscription = (work: Work, customer: string, id: string): Stripe.Subscription =>
  requireOwn(customer, work.store.require('subscription', id), 'subscription', id);

/** Plans the end for when the paid time is over, or takes that back. */
export function planEnd(work: Work, customer: string, id: string, ending: boolean): void {
  const subscription = ownSubscription(work, customer, id);
  if (hasEnded(subscription)) throw invalid('This subscription has ended.');
  updateSubscription(onClockOf(work, subscription), subscription, { end: ending ? 'period' : null });
}

/** The refusal of the card is an outcome, since the attempt is to be kept. */
export function payOwnInvoice(work: Work, customer: string, id: string): StripeError | undefined {
  const invoice = requireOwn(customer, work.store.require('invoice', id), 'invoice', id);
  return payInvoice(onClockOf(work, invoice), invoice, undefined).refusal;
}
