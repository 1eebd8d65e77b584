/** What happens when a buyer pays at the checkout page. */

import type Stripe from 'stripe';
import { newCustomer } from '../objects/customer.ts';
import { newPaymentIntent, withRefusal } from '../objects/payment-intent.ts';
import { newPaymentMethod } from '../objects/payment-method.ts';
import { buyer } from '../objects/session.ts';
import type { CardDetails } from '../store/kinds.ts';
import { invalid, StripeError } from '../wire/error.ts';
import { asksBank, declineOf } from './cards.ts';
import { onClockOfCustomer } from './clock.ts';
import { authenticationFailed } from './collect.ts';
import { idOf } from './lines.ts';
import { startSubscription } from './start.ts';
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
  if (session.status === 'expired' || session.expires_at <= work.dayTime)
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
export function pay(outer: Work, sessionId: string, given: Buyer): CheckoutOutcome {
  const session = requireOpen(outer, sessionId);
  const work = onClockOfCustomer(outer, session.customer);
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
  if (card && asksBank(card.behaviour, 'first')) {
    const hidden = work.store.hidden('checkout.session', session.id);
    work.store.update('checkout.session', session, {
      ...hidden,
      authentication: { card, email: given.email, name: given.name },
    });
    return { kind: 'authenticate', session };
  }
  return { kind: 'complete', session: complete(work, session, given, false) };
}

/** The answer of the buyer's bank to a payment that waited for it. */
export function authenticate(outer: Work, sessionId: string, approved: boolean): CheckoutOutcome {
  const session = requireOpen(outer, sessionId);
  const work = onClockOfCustomer(outer, session.customer);
  const { authentication, ...hidden } = work.store.hidden('checkout.session', session.id);
  if (!authentication)
    throw invalid('No payment of this session waits for authentication.', undefined, 'payment_intent_unexpected_state');
  work.store.update('checkout.session', session, hidden);
  if (approved) return { kind: 'complete', session: complete(work, session, authentication, true) };
  return refuse(work, session, authentication, authenticationFailed());
}

function refuse(work: Work, session: Stripe.Checkout.Session, { email }: Buyer, error: StripeError): CheckoutOutcome {
  const intent = withRefusal(
    newPaymentIntent(work, {
      amount: dueNow(work, session),
      currency: session.currency ?? 'usd',
      customer: idOf(session.customer),
      description: 'Subscription creation',
      receiptEmail: email,
    }),
    error,
  );
  work.store.insert('payment_intent', intent, {});
  work.emit('payment_intent.payment_failed', intent);
  return { kind: 'refused', error };
}

/** The session's customer, or a new one for a buyer that comes for the first time. */
function customerFor(work: Work, session: Stripe.Checkout.Session, { email, name }: Buyer): Stripe.Customer {
  const known = idOf(session.customer);
  if (known !== null) return work.store.require('customer', known);
  const customer = newCustomer(work, { email, name: name || null });
  work.store.insert('customer', customer, {});
  work.emit('customer.created', customer);
  return customer;
}

function complete(
  work: Work,
  open: Stripe.Checkout.Session,
  given: Buyer,
  isAuthenticated: boolean,
): Stripe.Checkout.Session {
  const { store, now } = work;
  const { purchases, subscription: wanted } = store.hidden('checkout.session', open.id);
  const customer = customerFor(work, open, given);
  const method =
    given.card && newPaymentMethod(work, given.card, customer.id, { email: given.email, name: given.name || null });
  if (method && given.card) store.insert('payment_method', method, { behaviour: given.card.behaviour });
  const started = startSubscription(work, {
    customer,
    currency: open.currency ?? 'usd',
    items: purchases.map(({ price, quantity }) => ({ price: store.require('price', price), quantity })),
    trialEnd: wanted.trialDays > 0 ? now + wanted.trialDays * DAY : null,
    missingPaymentMethod: wanted.missingPaymentMethod ?? 'create_invoice',
    paymentMethod: method?.id ?? null,
    metadata: wanted.metadata,
    description: wanted.description,
    automaticTax: open.automatic_tax.enabled,
    discounts: [],
    collects: true,
    isAuthenticated,
  });
  const session: Stripe.Checkout.Session = {
    ...open,
    customer: customer.id,
    customer_details: buyer(given.email, given.name || null),
    invoice: started.invoice.id,
    payment_status: started.invoice.amount_due > 0 ? 'paid' : 'no_payment_required',
    status: 'complete',
    subscription: started.subscription.id,
    url: null,
  };
  store.update('checkout.session', session);
  work.emit('checkout.session.completed', session);
  started.tell();
  if (method) work.emit('payment_method.attached', method);
  return session;
}

/** Where the buyer goes on to. */
export function successUrl(session: Stripe.Checkout.Session): string {
  return (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id);
}
