/** What the checkout's pages do: the same for a browser's form and for a script. */

import type Stripe from 'stripe';
import { readCard } from '../billing/cards.ts';
import {
  applyCode,
  authenticate,
  type CheckoutOutcome,
  keepAddress,
  needsCard,
  pay,
  requireOpen,
} from '../billing/checkout.ts';
import type { Work } from '../billing/work.ts';
import type { CheckoutAddress } from '../store/kinds.ts';
import { StripeError } from '../wire/error.ts';
import { asksAddress, countries } from './checkout-form.ts';
import { knownEmail } from './checkout-page.ts';

export interface Payment {
  readonly number: string;
  readonly expiry: string;
  readonly cvc: string;
  readonly email: string;
  readonly name: string;
  readonly address?: CheckoutAddress | undefined;
  /** A promotion code; the empty one takes back what was applied. */
  readonly code?: string | undefined;
  /** The total that the buyer saw and agrees to, in minor units; any when it is not given. */
  readonly shown?: number | undefined;
}

const EMAIL = /^[^\s@<>]{1,64}@[^\s@<>]{1,255}\.[^\s@<>]{1,63}$/;

/** Reckons with what was typed. @throws {StripeError} for a country or a code that is not known */
export function requote(
  work: Work,
  sessionId: string,
  { address, code }: Pick<Payment, 'address' | 'code'>,
): Stripe.Checkout.Session {
  let session = requireOpen(work, sessionId);
  if (address && asksAddress(session)) {
    if (!countries.includes(address.country))
      throw new StripeError(400, 'Choose a country.', { code: 'country_unsupported', param: 'country' });
    session = keepAddress(work, session, address);
  }
  return code !== undefined && session.allow_promotion_codes ? applyCode(work, session, code) : session;
}

/**
 * Pays as the page's form does.
 * @throws {StripeError} for what was typed wrongly, a session that is not open, or a total that is not what was shown
 */
export function payAsBuyer(work: Work, sessionId: string, given: Payment): CheckoutOutcome {
  const session = requote(work, sessionId, given);
  const email = knownEmail(work, session) ?? given.email.trim();
  if (!EMAIL.test(email))
    throw new StripeError(400, 'Your email is invalid.', { code: 'email_invalid', param: 'email' });
  const card = given.number.trim() === '' && !needsCard(work, session) ? undefined : readCard(given, work.now);
  if (given.shown !== undefined && given.shown !== session.amount_total)
    throw new StripeError(400, 'The total has changed. Check it and pay again.', { code: 'total_changed' });
  return pay(work, sessionId, { card, email, name: given.name.trim() });
}

export function answerAsBank(work: Work, sessionId: string, outcome: 'complete' | 'fail'): CheckoutOutcome {
  return authenticate(work, sessionId, outcome === 'complete');
}

/** Where a payment stands, for the page that shows it. */
export function stageOf(work: Work, session: Stripe.Checkout.Session): 'open' | 'bank' | 'closed' {
  if (session.status !== 'open' || session.expires_at <= work.dayTime) return 'closed';
  return work.store.hidden('checkout.session', session.id).authentication ? 'bank' : 'open';
}
