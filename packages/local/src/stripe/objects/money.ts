import Stripe from 'stripe';

/** A decimal as Stripe's types have it; on the wire it is text, and text it is when read back from the store. */
export const decimal = (amount: number | string): Stripe.Decimal => Stripe.Decimal.from(amount);

/** An amount from the text that it is kept as. */
export const parseDecimal = (amount: Stripe.Decimal | null): Stripe.Decimal => decimal(amount?.toString() ?? '0');

/** Whole minor units: halves go away from zero. */
export function roundMoney(amount: Stripe.Decimal): number {
  return Number(amount.toFixed(0, 'half-up'));
}

/** Minor units of a currency as people write them. Fractions of a minor unit are shown as far as they go. */
export function formatMoney(amount: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency: currency.toUpperCase() });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  if (Number.isInteger(amount)) return format.format(amount / 10 ** digits);
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: currency.toUpperCase(),
    maximumFractionDigits: digits + 12,
  }).format(amount / 10 ** digits);
}
