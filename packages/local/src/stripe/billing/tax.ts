/** Sales tax by country: one standard rate each, enough to see tax at work. It is no advice, and knows no regions or exceptions. */

import type Stripe from 'stripe';
import { decimal, roundMoney } from '../objects/money.ts';

/** Percent. A country that is not here is one where the account does not collect. */
export const taxRates: Readonly<Record<string, string>> = {
  AT: '20',
  AU: '10',
  BE: '21',
  CH: '8.1',
  DE: '19',
  DK: '25',
  ES: '21',
  FI: '25.5',
  FR: '20',
  GB: '20',
  IE: '23',
  IT: '22',
  JP: '10',
  KR: '10',
  NL: '21',
  NO: '25',
  PL: '23',
  PT: '23',
  SE: '25',
  SG: '9',
};

/** Where a business with a tax id accounts for the tax itself. */
const reverseCharged = new Set(['AT', 'BE', 'DE', 'DK', 'ES', 'FI', 'FR', 'IE', 'IT', 'NL', 'PL', 'PT', 'SE']);

export interface Taxpayer {
  readonly country: string | null;
  readonly exempt: 'exempt' | 'none' | 'reverse';
  readonly hasTaxId: boolean;
}

export type LineTax = Stripe.InvoiceLineItem.Tax;

/** The tax on an amount that discounts are already taken off. */
export function taxOn(amount: number, behavior: 'inclusive' | 'exclusive', payer: Taxpayer): LineTax {
  const { country, exempt, hasTaxId } = payer;
  const rate = taxRates[country ?? ''];
  const reversed = exempt === 'reverse' || (hasTaxId && reverseCharged.has(country ?? ''));
  const reason =
    exempt === 'exempt'
      ? 'customer_exempt'
      : reversed
        ? 'reverse_charge'
        : rate === undefined
          ? 'not_collecting'
          : 'standard_rated';
  const percent = decimal(reason === 'standard_rated' ? (rate ?? 0) : 0);
  const base = behavior === 'exclusive' ? decimal(100) : decimal(100).add(percent);
  return {
    amount: roundMoney(decimal(amount).mul(percent).div(base, 34, 'half-even')),
    tax_behavior: behavior,
    tax_rate_details: {
      tax_rate: `txr_local_${(country ?? 'none').toLowerCase()}_${percent.toString().replace('.', '_')}`,
    },
    taxability_reason: reason,
    taxable_amount: amount,
    type: 'tax_rate_details',
  };
}

/** The sum over lines, by rate and behaviour, as an invoice shows it. */
export function totalTaxes(taxes: readonly LineTax[]): LineTax[] {
  const totals = new Map<string, LineTax>();
  for (const tax of taxes) {
    const key = `${tax.tax_rate_details?.tax_rate} ${tax.tax_behavior} ${tax.taxability_reason}`;
    const sum = totals.get(key);
    totals.set(key, {
      ...tax,
      amount: tax.amount + (sum?.amount ?? 0),
      taxable_amount: (tax.taxable_amount ?? 0) + (sum?.taxable_amount ?? 0),
    });
  }
  return [...totals.values()];
}
