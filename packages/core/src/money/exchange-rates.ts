import { type Currency, minorDigits } from '../tier/price.ts';

/**
 * What one of a currency is worth in US dollars, in which AWS charges, for comparing revenue with costs and for nothing else: no invoice is made from it. Set by
 * hand from the month's average; the row of a month keeps the date of the rates that it was made with.
 */
export const exchangeRates = {
  asOf: '2026-11-01',
  usdPer: { usd: 1, eur: 1.09, krw: 0.00073 },
} as const satisfies { asOf: string; usdPer: Readonly<Record<Currency, number>> };

/** Millionths of a US dollar for minor units of a currency. */
export const microUsdOf = (minor: number, currency: Currency): number =>
  Math.round((minor / 10 ** minorDigits[currency]) * exchangeRates.usdPer[currency] * 1_000_000);
