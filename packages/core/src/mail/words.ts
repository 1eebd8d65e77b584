import { isCurrency } from '../billing/plan.ts';
import type { Language } from '../tenant/language.ts';
import { minorDigits } from '../tier/price.ts';

const locales = { en: 'en-US', ko: 'ko-KR' } as const satisfies Record<Language, string>;

/** Days are those of UTC, as deadlines are. @param time RFC 3339, or milliseconds since the epoch */
export const dayWords = (time: string | number, language: Language): string =>
  new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(time));

/** A moment, in UTC and saying so. @param time RFC 3339 */
export const momentWords = (time: string, language: Language): string =>
  new Intl.DateTimeFormat(locales[language], {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
    hourCycle: 'h23',
  })
    .format(new Date(time))
    .concat(' UTC');

export const numberWords = (value: number, language: Language): string =>
  new Intl.NumberFormat(locales[language]).format(value);

/** Minor units as people write them. */
export function moneyWords(amount: number, currency: string, language: Language): string {
  const digits = isCurrency(currency) ? minorDigits[currency] : 2;
  return new Intl.NumberFormat(locales[language], { style: 'currency', currency: currency.toUpperCase() }).format(
    amount / 10 ** digits,
  );
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function bytesWords(bytes: number, language: Language): string {
  const power = Math.min(bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0, UNITS.length - 1);
  return new Intl.NumberFormat(locales[language], {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** power);
}
