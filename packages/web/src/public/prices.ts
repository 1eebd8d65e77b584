import { type Currency, type Interval, offeredCurrencies, offeredIntervals } from '@tenantry/core/contract/choices';
import type { PublicLanguage } from './addresses.ts';
import { locales } from './languages.ts';

export const intervals = offeredIntervals;
export const currencies = offeredCurrencies;

/** Every way to pay; one of them is shown at a time. */
export const choices: readonly { readonly interval: Interval; readonly currency: Currency }[] = intervals.flatMap(
  (interval) => currencies.map((currency) => ({ interval, currency })),
);

/** What is shown until somebody chooses. */
export const firstCurrency = { en: 'usd', ko: 'krw' } as const satisfies Record<PublicLanguage, Currency>;

/** Minor units as people write them. */
export function money(amount: number, currency: string, language: PublicLanguage): string {
  const format = new Intl.NumberFormat(locales[language], {
    style: 'currency',
    currency,
    trailingZeroDisplay: 'stripIfInteger',
  });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

export const number = (value: number, language: PublicLanguage): string =>
  new Intl.NumberFormat(locales[language]).format(value);
