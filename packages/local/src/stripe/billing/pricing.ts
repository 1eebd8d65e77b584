/** From lines to what is to be paid: discounts come off, tax goes on. */

import type Stripe from 'stripe';
import type { InvoiceLine } from '../objects/invoice.ts';
import { decimal, roundMoney } from '../objects/money.ts';
import { idOf } from './lines.ts';
import { type LineTax, type Taxpayer, taxOn } from './tax.ts';
import type { Work } from './work.ts';

export interface PricedLine {
  readonly line: InvoiceLine;
  readonly discounts: readonly { readonly amount: number; readonly discount: string }[];
  readonly taxes: readonly LineTax[];
}

/** A reduction and the name under which an invoice shows it. */
export interface Reduction {
  readonly discount: string;
  readonly coupon: Stripe.Coupon;
}

/** The reductions of a subscription that are in force. */
export function reductionsOf(work: Work, discounts: Stripe.Subscription['discounts']): Reduction[] {
  return discounts.flatMap((named) => {
    const discount = work.store.require('discount', idOf(named) ?? '');
    if (discount.end !== null && discount.end <= work.now) return [];
    return [{ discount: discount.id, coupon: work.store.require('coupon', idOf(discount.source.coupon) ?? '') }];
  });
}

export function taxpayerOf(work: Work, customer: Stripe.Customer): Taxpayer {
  const exempt = customer.tax_exempt;
  return {
    country: customer.address?.country ?? null,
    exempt: exempt === 'exempt' ? 'exempt' : exempt === 'reverse' ? 'reverse' : 'none',
    hasTaxId: work.store.page('tax_id', { customer: customer.id }, { limit: 1 }).data.length > 0,
  };
}

/** Minor units that the coupon takes off in the currency; none when it is not for the currency. */
function amountOff({ amount_off, currency, currency_options }: Stripe.Coupon, money: string): number {
  if (amount_off === null) return 0;
  return currency === money ? amount_off : (currency_options?.[money]?.amount_off ?? 0);
}

/** What the coupon takes off each of the amounts. Amounts below 0, which are credits, get a percentage back and no more. */
function reduce(coupon: Stripe.Coupon, amounts: readonly number[], money: string): number[] {
  const { percent_off } = coupon;
  if (percent_off !== null)
    return amounts.map((amount) =>
      roundMoney(decimal(amount).mul(decimal(percent_off)).div(decimal(100), 34, 'half-even')),
    );
  const positive = amounts.map((amount) => Math.max(0, amount));
  const whole = positive.reduce((sum, amount) => sum + amount, 0);
  let left = Math.min(whole, amountOff(coupon, money));
  let weight = whole;
  // Each line takes its share of what is left, so that the shares add up to the whole.
  return positive.map((amount) => {
    const share = weight === 0 ? 0 : Math.round((left * amount) / weight);
    weight -= amount;
    left -= share;
    return share;
  });
}

export interface Pricing {
  readonly currency: string;
  readonly reductions: readonly Reduction[];
  /** Nobody when tax is not reckoned. */
  readonly taxpayer: Taxpayer | undefined;
}

export function priceLines(work: Work, lines: readonly InvoiceLine[], pricing: Pricing): PricedLine[] {
  const { currency, reductions, taxpayer } = pricing;
  const taken = lines.map((): { amount: number; discount: string }[] => []);
  const remaining = lines.map(({ amount }) => amount);
  for (const { discount, coupon } of reductions) {
    const products = coupon.applies_to?.products;
    const eligible = lines.map((line, place) =>
      (products && !products.includes(line.product)) || (coupon.percent_off === null && line.proration)
        ? 0
        : (remaining[place] ?? 0),
    );
    reduce(coupon, eligible, currency).forEach((amount, place) => {
      if (amount === 0) return;
      taken[place]?.push({ amount, discount });
      remaining[place] = (remaining[place] ?? 0) - amount;
    });
  }
  return lines.map((line, place) => {
    const inclusive = work.store.find('price', line.price)?.tax_behavior === 'inclusive';
    const tax = taxpayer && taxOn(remaining[place] ?? 0, inclusive ? 'inclusive' : 'exclusive', taxpayer);
    return { line, discounts: taken[place] ?? [], taxes: tax ? [tax] : [] };
  });
}

export interface Totals {
  readonly subtotal: number;
  readonly discount: number;
  /** On top of the subtotal. */
  readonly exclusiveTax: number;
  /** Within the subtotal. */
  readonly inclusiveTax: number;
  readonly total: number;
}

export function totalsOf(lines: readonly PricedLine[]): Totals {
  let [subtotal, discount, exclusiveTax, inclusiveTax] = [0, 0, 0, 0];
  for (const { line, discounts, taxes } of lines) {
    subtotal += line.amount;
    for (const { amount } of discounts) discount += amount;
    for (const { amount, tax_behavior } of taxes) {
      if (tax_behavior === 'inclusive') inclusiveTax += amount;
      else exclusiveTax += amount;
    }
  }
  return { subtotal, discount, exclusiveTax, inclusiveTax, total: subtotal - discount + exclusiveTax };
}
