/** What happens when a buyer pays at the checkout page. */

import type Stripe from 'stripe';
import { newCustomer } from '../objects/customer.ts';
import { newPaymentIntent } from '../objects/payment-intent.ts';
import { newPaymentMethod } from '../objects/payment-method.ts';
import { buyer } from '../objects/session.ts';
import { newSubscription } from '../objects/subscription.ts';
import type { CardDetails } from '../store/kinds.ts';
import { invalid, StripeError } from '../wire/error.ts';
import { declineOf } from './cards.ts';
import { emitAll, followInvoice, type Happening, issueInvoice } from './invoicing.ts';
import { advanceLines, idOf, trialLines } from './lines.ts';
import { addInterval } from './period.ts';
import type { Work } from './work.ts';

const DAY = 86_400;

export interface Buyer {
  readonly card: CardDetails | undefined;
  readonly email: string;
  readonly name: string;
}

export type CheckoutOutcome =
  | { readonly kind: 'complete'; readonly session: Stripe.Checkout.Session }
  /** The buyer's bank wants to ask first. */
  | { readonly kind: 'authenticate'; readonly session: Stripe.Checkout.Session }
  /** The refusal is an outcome, not an exception, since what it leaves behind is to be kept. */
  | { readonly kind: 'refused'; readonly error: StripeError };

/** Marks the session expired, once. */
export function expireSession(work: Work, session: Stripe.Checkout.Session): Stripe.Checkout.Session {
  const expired: Stripe.Checkout.Session = { ...session, status: 'expired', url: null };
  work.store.update('checkout.session', expired);
  work.emit('checkout.session.expired', expired);
  return expired;
}

/** @throws {StripeError} when the session is complete or expired */
export function requireOpen(work: Work, id: string): Stripe.Checkout.Session {
  const session = work.store.require('checkout.session', id);
  if (session.status === 'complete')
    throw invalid('This checkout session has already been completed.', undefined, 'checkout_session_complete');
  if (session.status === 'expired' || session.expires_at <= work.now)
    throw invalid('This checkout session has expired.', undefined, 'checkout_session_expired');
  return session;
}

/** Whether the buyer must give a card: not for a trial whose session says so. */
export function needsCard(work: Work, session: Stripe.Checkout.Session): boolean {
  return session.payment_method_collection === 'always' || dueNow(work, session) > 0;
}

export function dueNow(work: Work, session: Stripe.Checkout.Session): number {
  return work.store.hidden('checkout.session', session.id).subscription.trialDays > 0 ? 0 : (session.amount_total ?? 0);
}

/** @throws {StripeError} for a session that is not open, or a card that is missing */
export function pay(work: Work, sessionId: string, given: Buyer): CheckoutOutcome {
  const session = requireOpen(work, sessionId);
  const { card } = given;
  if (!card && needsCard(work, session))
    throw new StripeError(
      402,
      'Your card number is incomplete.',
      { code: 'incomplete_number', param: 'number' },
      'card_error',
    );
  const refusal = card && declineOf(card.behaviour, 'first');
  if (refusal) return refuse(work, session, given, refusal);
  if (card?.behaviour.kind === 'authenticates') {
    const hidden = work.store.hidden('checkout.session', session.id);
    work.store.update('checkout.session', session, {
      ...hidden,
      authentication: { card, email: given.email, name: given.name },
    });
    return { kind: 'authenticate', session };
  }
  return { kind: 'complete', session: complete(work, session, given) };
}

/** The answer of the buyer's bank to a payment that waited for it. */
export function authenticate(work: Work, sessionId: string, approved: boolean): CheckoutOutcome {
  const session = requireOpen(work, sessionId);
  const { authentication, ...hidden } = work.store.hidden('checkout.session', session.id);
  if (!authentication)
    throw invalid('No payment of this session waits for authentication.', undefined, 'payment_intent_unexpected_state');
  work.store.update('checkout.session', session, hidden);
  if (approved) return { kind: 'complete', session: complete(work, session, authentication) };
  const error = new StripeError(
    402,
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
    { code: 'payment_intent_authentication_failure' },
    'card_error',
  );
  return refuse(work, session, authentication, error);
}

function refuse(work: Work, session: Stripe.Checkout.Session, { email }: Buyer, error: StripeError): CheckoutOutcome {
  const charge = {
    amount: dueNow(work, session),
    currency: session.currency ?? 'usd',
    customer: idOf(session.customer),
    paymentMethod: null,
    description: 'Subscription creation',
    receiptEmail: email,
  };
  const intent = newPaymentIntent(work, charge, error);
  work.store.insert('payment_intent', intent, {});
  work.emit('payment_intent.payment_failed', intent);
  return { kind: 'refused', error };
}

function customerOf(
  work: Work,
  session: Stripe.Checkout.Session,
  { email, name }: Buyer,
): { customer: Stripe.Customer; happenings: Happening[] } {
  const known = idOf(session.customer);
  if (known !== null) return { customer: work.store.require('customer', known), happenings: [] };
  const customer = newCustomer(work, { email, name: name || null });
  work.store.insert('customer', customer, {});
  return { customer, happenings: [['customer.created', customer]] };
}

function complete(work: Work, open: Stripe.Checkout.Session, given: Buyer): Stripe.Checkout.Session {
  const { store, now } = work;
  const { purchases, subscription: wanted } = store.hidden('checkout.session', open.id);
  const { customer, happenings: arrival } = customerOf(work, open, given);

  const method =
    given.card && newPaymentMethod(work, given.card, customer.id, { email: given.email, name: given.name || null });
  if (method && given.card) store.insert('payment_method', method, { behaviour: given.card.behaviour });

  const items = purchases.map(({ price, quantity }) => ({
    price: store.require('price', price),
    quantity,
  }));
  const trialEnd = wanted.trialDays > 0 ? now + wanted.trialDays * DAY : null;
  const every = items[0]?.price.recurring ?? { interval: 'month', interval_count: 1 };
  const period = { start: now, end: trialEnd ?? addInterval(now, every, now) };
  const started = newSubscription(work, {
    customer: customer.id,
    currency: open.currency ?? 'usd',
    items,
    period,
    trialEnd,
    paymentMethod: method?.id ?? null,
    metadata: wanted.metadata,
    description: wanted.description,
    automaticTax: open.automatic_tax.enabled,
  });
  store.insert('subscription', started, { prorations: [] });
  const lines =
    trialEnd === null
      ? advanceLines(work, started, started.items.data, period)
      : trialLines(work, started.items.data, period);
  const billed = issueInvoice(work, {
    subscription: started,
    reason: 'subscription_create',
    lines,
    period: { start: now, end: now },
  });
  const subscription = followInvoice(work, started, billed.invoice);

  const session: Stripe.Checkout.Session = {
    ...open,
    customer: customer.id,
    customer_details: buyer(given.email, given.name || null),
    invoice: billed.invoice.id,
    payment_status: billed.invoice.amount_due > 0 ? 'paid' : 'no_payment_required',
    status: 'complete',
    subscription: subscription.id,
    url: null,
  };
  store.update('checkout.session', session);
  emitAll(work, [
    ...arrival,
    ['checkout.session.completed', session],
    ['customer.subscription.created', subscription],
    ...billed.happenings,
    ...(method ? [['payment_method.attached', method] as const] : []),
  ]);
  return session;
}

/** Where the buyer goes on to. */
export function successUrl(session: Stripe.Checkout.Session): string {
  return (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id);
}
