/** Stripe's test cards: what each does, as data. */

import type { CardDetails } from '../store/kinds.ts';
import { StripeError } from '../wire/error.ts';

/** What happens when the card is charged. */
export type CardBehaviour =
  | { readonly kind: 'succeeds' }
  | { readonly kind: 'declined'; readonly code: string; readonly declineCode: string; readonly message: string }
  /** The buyer's bank asks; charges of later invoices then succeed. */
  | { readonly kind: 'authenticates' }
  /** The buyer's bank asks every time. */
  | { readonly kind: 'authenticates-always' }
  /** The first charge succeeds, every later one is declined. */
  | { readonly kind: 'fails-later' }
  /** Charges succeed, and are then disputed as fraudulent. */
  | { readonly kind: 'disputed' };

/**
 * Why a charge is made: for the first time, by a retry schedule, by somebody's request, for a later period, or after the bank
 * agreed.
 */
export type Occasion = 'first' | 'later' | 'retry' | 'byHand' | 'authenticated';

const declined = (code: string, declineCode: string, message: string): CardBehaviour => ({
  kind: 'declined',
  code,
  declineCode,
  message,
});

interface TestCard {
  readonly brand: string;
  readonly behaviour: CardBehaviour;
  /** The name by which the API takes it without a number: `pm_card_…`. */
  readonly token?: string;
}

export const testCards = {
  '4242424242424242': { brand: 'visa', behaviour: { kind: 'succeeds' }, token: 'pm_card_visa' },
  '5555555555554444': { brand: 'mastercard', behaviour: { kind: 'succeeds' }, token: 'pm_card_mastercard' },
  '378282246310005': { brand: 'amex', behaviour: { kind: 'succeeds' }, token: 'pm_card_amex' },
  '4000002500003155': {
    brand: 'visa',
    behaviour: { kind: 'authenticates' },
    token: 'pm_card_authenticationRequiredOnSetup',
  },
  '4000000000000341': { brand: 'visa', behaviour: { kind: 'fails-later' }, token: 'pm_card_chargeCustomerFail' },
  '4000002760003184': {
    brand: 'visa',
    behaviour: { kind: 'authenticates-always' },
    token: 'pm_card_authenticationRequired',
  },
  '4000000000000259': { brand: 'visa', behaviour: { kind: 'disputed' }, token: 'pm_card_createDispute' },
  '4000000000000002': {
    brand: 'visa',
    behaviour: declined('card_declined', 'generic_decline', 'Your card was declined.'),
    token: 'pm_card_visa_chargeDeclined',
  },
  '4000000000009995': {
    brand: 'visa',
    behaviour: declined('card_declined', 'insufficient_funds', 'Your card has insufficient funds.'),
    token: 'pm_card_visa_chargeDeclinedInsufficientFunds',
  },
  '4000000000000069': { brand: 'visa', behaviour: declined('expired_card', 'expired_card', 'Your card has expired.') },
  '4000000000000127': {
    brand: 'visa',
    behaviour: declined('incorrect_cvc', 'incorrect_cvc', "Your card's security code is incorrect."),
  },
  '4000000000000119': {
    brand: 'visa',
    behaviour: declined(
      'processing_error',
      'processing_error',
      'An error occurred while processing your card. Try again in a little bit.',
    ),
  },
} as const satisfies Record<string, TestCard>;

const cards: Readonly<Record<string, TestCard>> = testCards;

function passesLuhn(number: string): boolean {
  let sum = 0;
  for (let place = 0; place < number.length; place += 1) {
    const digit = Number(number.at(-1 - place));
    const doubled = place % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

const cardError = (code: string, message: string, param: string, declineCode?: string) =>
  new StripeError(402, message, { code, param, ...(declineCode ? { decline_code: declineCode } : {}) }, 'card_error');

export interface CardInput {
  readonly number: string;
  /** `MM/YY` or `MM/YYYY`. */
  readonly expiry: string;
  readonly cvc: string;
}

/**
 * Checks a card as it was typed, and keeps of it what may be kept.
 * @param now seconds since the epoch
 * @throws {StripeError} `card_error` with the field at fault in `param`
 */
export function readCard({ number, expiry, cvc }: CardInput, now: number): CardDetails {
  const digits = number.replace(/[\s-]/g, '');
  if (!/^\d{12,19}$/.test(digits) || !passesLuhn(digits))
    throw cardError('incorrect_number', 'Your card number is incorrect.', 'number');
  const [, month, year] = expiry.replace(/\s/g, '').match(/^(\d{1,2})\/(\d{2}|20\d{2})$/) ?? [];
  const expMonth = Number(month);
  const expYear = year?.length === 2 ? 2000 + Number(year) : Number(year);
  if (!(expMonth >= 1 && expMonth <= 12))
    throw cardError('invalid_expiry_month', "Your card's expiration date is invalid.", 'exp_month');
  const today = new Date(now * 1000);
  if (expYear * 12 + expMonth < today.getUTCFullYear() * 12 + today.getUTCMonth() + 1)
    throw cardError('invalid_expiry_year', "Your card's expiration date is in the past.", 'exp_year');
  const card = cards[digits];
  if (!/^\d{3,4}$/.test(cvc.trim())) throw cardError('invalid_cvc', "Your card's security code is incomplete.", 'cvc');
  if (!card)
    throw cardError(
      'card_declined',
      'Your card was declined. Your request was in test mode, but used a non test card.',
      'number',
      'test_mode_live_card',
    );
  return { brand: card.brand, last4: digits.slice(-4), expMonth, expYear, behaviour: card.behaviour };
}

/** The card behind one of the names that the API takes for test cards. */
export function cardOfToken(token: string, now: number): CardDetails | undefined {
  const found = Object.entries(cards).find(([, card]) => card.token === token);
  if (!found) return undefined;
  const [number, { brand, behaviour }] = found;
  return {
    brand,
    last4: number.slice(-4),
    expMonth: 12,
    expYear: new Date(now * 1000).getUTCFullYear() + 2,
    behaviour,
  };
}

/** Why a charge of this card fails, or `undefined` when it succeeds. */
export function declineOf(behaviour: CardBehaviour, occasion: Occasion): StripeError | undefined {
  if (behaviour.kind === 'declined') {
    const { code, declineCode, message } = behaviour;
    return new StripeError(402, message, { code, decline_code: declineCode }, 'card_error');
  }
  if (behaviour.kind === 'fails-later' && occasion !== 'first' && occasion !== 'authenticated') {
    return new StripeError(
      402,
      'Your card was declined.',
      { code: 'card_declined', decline_code: 'generic_decline' },
      'card_error',
    );
  }
  return undefined;
}

/** Whether the bank wants to ask the buyer first. */
export function asksBank({ kind }: CardBehaviour, occasion: Occasion): boolean {
  if (occasion === 'authenticated') return false;
  return kind === 'authenticates-always' || (kind === 'authenticates' && occasion === 'first');
}

/** How a charge of the card ends. */
export function verdictOn(
  behaviour: CardBehaviour,
  occasion: Occasion,
): 'accepted' | 'disputed' | 'asks' | StripeError {
  if (asksBank(behaviour, occasion)) return 'asks';
  return declineOf(behaviour, occasion) ?? (behaviour.kind === 'disputed' ? 'disputed' : 'accepted');
}
