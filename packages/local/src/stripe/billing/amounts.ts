/** What a quantity of something costs: by the unit, or by tiers. */

import type Stripe from 'stripe';
import { decimal, parseDecimal, roundMoney } from '../objects/money.ts';
import { pricedIn } from '../objects/price.ts';
import { invalid } from '../wire/error.ts';

/** A part of the quantity that has one price per unit. */
export interface Charge {
  readonly quantity: number;
  /** Minor units of a unit, with fractions. */
  readonly unitAmount: Stripe.Decimal;
  /** Whole minor units. */
  readonly amount: number;
  /** Counted from 1; none for a price without tiers. */
  readonly tier?: number;
}

function perUnit(quantity: number, unitAmount: Stripe.Decimal, flat = 0): Charge {
  return { quantity, unitAmount, amount: flat + roundMoney(unitAmount.mul(decimal(quantity))) };
}

const flatOf = (tier: Stripe.Price.Tier): number => roundMoney(parseDecimal(tier.flat_amount_decimal));

function graduated(tiers: readonly Stripe.Price.Tier[], quantity: number): Charge[] {
  const charges: Charge[] = [];
  let from = 0;
  for (const [index, tier] of tiers.entries()) {
    const until = tier.up_to ?? Number.POSITIVE_INFINITY;
    const part = Math.min(quantity, until) - from;
    // The first tier has a line of its own even when nothing was used, so that the invoice tells so.
    if (part > 0 || index === 0)
      charges.push({
        ...perUnit(Math.max(0, part), parseDecimal(tier.unit_amount_decimal), flatOf(tier)),
        tier: index + 1,
      });
    if (quantity <= until) break;
    from = until;
  }
  return charges;
}

function byVolume(tiers: readonly Stripe.Price.Tier[], quantity: number): Charge[] {
  const index = tiers.findIndex(({ up_to }) => up_to === null || quantity <= up_to);
  const tier = tiers[index];
  return tier ? [{ ...perUnit(quantity, parseDecimal(tier.unit_amount_decimal), flatOf(tier)), tier: index + 1 }] : [];
}

/** @throws {StripeError} when the price has no amount in the currency */
export function chargesFor(price: Stripe.Price, currency: string, quantity: number): Charge[] {
  const option = pricedIn(price, currency);
  if (!option) throw invalid(`The price \`${price.id}\` is not available in \`${currency}\`.`, 'currency');
  // Usage that was taken back by more than there was counts as none.
  const counted = Math.max(0, quantity);
  if (!option.tiers) return [perUnit(counted, parseDecimal(option.unit_amount_decimal))];
  return price.tiers_mode === 'volume' ? byVolume(option.tiers, counted) : graduated(option.tiers, counted);
}

/** Whole minor units. @throws {StripeError} when the price has no amount in the currency */
export function amountFor(price: Stripe.Price, currency: string, quantity: number): number {
  return chargesFor(price, currency, quantity).reduce((sum, { amount }) => sum + amount, 0);
}
