/** What happens when a buyer pays at the checkout page. */

import type Stripe from 'stripe';
import { newCustomer } from '../objects/customer.ts';
import { newPaymentIntent, withRefusal } from '../objects/payment-intent.ts';
import { newPaymentMethod } from '../objects/payment-method.ts';
import { buyer } from '../objects/session.ts';
import type { CardDetails, CheckoutAddress } from '../store/kinds.ts';
import { invalid, StripeError } from '../wire/error.ts';
import { asksBank, declineOf } from './cards.ts';
import { onClockOfCustomer } from './clock.ts';
import { authenticationFailed } from './collect.ts';
import { promiseCode, redeem, showPromotionCode } from './discounts.ts';
import { idOf } from './lines.ts';
import { quoteOf, withQuote } from './quote.ts';
import { startSubscription } from './start.ts';
import { addTaxId, taxIdType } from './tax-ids.ts';
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
  return quoteOf(work, session).dueNow;
}

/** Keeps what the buyer has typed, and what it comes to. */
export function keepAddress(
  work: Work,
  session: Stripe.Checkout.Session,
  address: CheckoutAddress,
): Stripe.Checkout.Session {
  work.store.update('checkout.session', session, { ...work.store.hidden('checkout.session', session.id), address });
  const { automatic_tax: tax } = session;
  const quoted = withQuote(work, {
    ...session,
    automatic_tax: { ...tax, status: tax.enabled ? 'complete' : null },
  });
  work.store.update('checkout.session', quoted);
  return quoted;
}

/**
 * Takes a code off the price, or takes the code back when it is empty.
 * @throws {StripeError} when the session takes no codes, or not this one
 */
export function applyCode(work: Work, session: Stripe.Checkout.Session, typed: string): Stripe.Checkout.Session {
  if (!session.allow_promotion_codes) throw invalid('This checkout takes no promotion codes.', 'code');
  const hidden = work.store.hidden('checkout.session', session.id);
  const wanted = typed.trim().toLowerCase();
  const found = work.store
    .all('promotion_code', { active: true })
    .find((code) => code.code.toLowerCase() === wanted && showPromotionCode(work, code).active);
  if (wanted !== '' && !found) throw invalid('This promotion code is invalid.', 'code', 'promotion_code_invalid');
  const purchase = {
    customer: idOf(session.customer),
    amount: session.amount_subtotal ?? 0,
    currency: session.currency ?? 'usd',
  };
  const discounts = found ? [promiseCode(work, found, purchase, 'code')] : [];
  work.store.update('checkout.session', session, { ...hidden, discounts });
  const quoted = withQuote(work, {
    ...session,
    discounts: discounts.map(({ promotionCode }) => ({ coupon: null, promotion_code: promotionCode })),
  });
  work.store.update('checkout.session', quoted);
  return quoted;
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
  const { address, customerUpdate } = work.store.hidden('checkout.session', session.id);
  const place = address && {
    city: address.city || null,
    country: address.country,
    line1: address.line1 || null,
    line2: null,
    postal_code: address.postalCode || null,
    state: null,
  };
  const fullName = address?.businessName || name || null;
  if (known === null) {
    const customer = newCustomer(work, { email, name: fullName, address: place ?? null });
    work.store.insert('customer', customer, {});
    work.emit('customer.created', customer);
    return customer;
  }
  const before = work.store.require('customer', known);
  const after: Stripe.Customer = {
    ...before,
    ...(customerUpdate?.address && place ? { address: place } : {}),
    ...(customerUpdate?.name && fullName ? { name: fullName } : {}),
  };
  work.store.update('customer', after);
  work.emitUpdate('customer.updated', before, after);
  return after;
}

/** The tax id that was typed, where the session asks for one. */
function taxIdsOf({ tax_id_collection: asked }: Stripe.Checkout.Session, address: CheckoutAddress | undefined) {
  const value = address?.taxId ?? '';
  return asked?.enabled && address && value !== '' ? [{ type: taxIdType(address.country), value }] : [];
}

function complete(
  work: Work,
  open: Stripe.Checkout.Session,
  given: Buyer,
  isAuthenticated: boolean,
): Stripe.Checkout.Session {
  const { store, now } = work;
  const { purchases, subscription: wanted, discounts = [], address } = store.hidden('checkout.session', open.id);
  const customer = customerFor(work, open, given);
  const taxIds = taxIdsOf(open, address);
  for (const { type, value } of taxIds) addTaxId(work, customer.id, type, value);
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
    discounts: discounts.map(
      (promised) => redeem(work, promised, { customer: customer.id, subscription: null, session: open.id }).id,
    ),
    collects: true,
    isAuthenticated,
  });
  const session: Stripe.Checkout.Session = {
    ...open,
    customer: customer.id,
    customer_details: buyer(given.email, given.name || null, {
      address: customer.address ?? null,
      business_name: address?.businessName || null,
      tax_ids: taxIds,
    }),
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
