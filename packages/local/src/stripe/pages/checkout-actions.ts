/** What the checkout's pages do: the same for a browser's form and for a script. */

import type Stripe from 'stripe';
import { readCard } from '../billing/cards.ts';
import { authenticate, type CheckoutOutcome, needsCard, pay, requireOpen } from '../billing/checkout.ts';
import type { Work } from '../billing/work.ts';
import { StripeError } from '../wire/error.ts';
import { knownEmail } from './checkout-page.ts';

export interface Payment {
  readonly number: string;
  readonly expiry: string;
  readonly cvc: string;
  readonly email: string;
  readonly name: string;
}

const EMAIL = /^[^\s@<>]{1,64}@[^\s@<>]{1,255}\.[^\s@<>]{1,63}$/;

/**
 * Pays as the page's form does.
 * @throws {StripeError} for what was typed wrongly, or a session that is not open
 */
export function payAsBuyer(work: Work, sessionId: string, given: Payment): CheckoutOutcome {
  const session = requireOpen(work, sessionId);
  const email = knownEmail(work, session) ?? given.email.trim();
  if (!EMAIL.test(email))
    throw new StripeError(400, 'Your email is invalid.', { code: 'email_invalid', param: 'email' });
  const card = given.number.trim() === '' && !needsCard(work, session) ? undefined : readCard(given, work.now);
  return pay(work, sessionId, { card, email, name: given.name.trim() });
}

export function answerAsBank(work: Work, sessionId: string, outcome: 'complete' | 'fail'): CheckoutOutcome {
  return authenticate(work, sessionId, outcome === 'complete');
}

/** Where a payment stands, for the page that shows it. */
export function stageOf(work: Work, session: Stripe.Checkout.Session): 'open' | 'bank' | 'closed' {
  if (session.status !== 'open' || session.expires_at <= work.now) return 'closed';
  return work.store.hidden('checkout.session', session.id).authentication ? 'bank' : 'open';
}
