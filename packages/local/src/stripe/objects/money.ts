import Stripe from 'stripe';

/** A decimal as Stripe's types have it; on the wire it is text, and text it is when read back from the store. */
export const decimal = (amount: number): Stripe.Decimal => Stripe.Decimal.from(amount);

/** Minor units of a currency as people write them. */
export function formatMoney(amount: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency: currency.toUpperCase() });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
