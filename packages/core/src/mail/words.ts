import { isCurrency } from '../billing/plan.ts';
import type { Language } from '../tenant/language.ts';
import { minorDigits } from '../tier/price.ts';

const locales = { en: 'en-US', ko: 'ko-KR' } as const satisfies Record<Language, string>;

/** Making a format takes far longer than using it. */
const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function formatOf<F extends Intl.NumberFormat | Intl.DateTimeFormat>(key: object, make: () => F): F {
  const name = JSON.stringify(key);
  const known = formats.get(name) as F | undefined;
  if (known) return known;
  const made = make();
  formats.set(name, made);
  return made;
}

const numbers = (language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat =>
  formatOf({ language, options }, () => new Intl.NumberFormat(locales[language], options));

const times = (language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  formatOf(
    { times: language, options },
    () => new Intl.DateTimeFormat(locales[language], { timeZone: 'UTC', ...options }),
  );

/** Days are those of UTC, as deadlines are. @param time RFC 3339, or milliseconds since the epoch */
export const dayWords = (time: string | number, language: Language): string =>
  times(language, { dateStyle: 'long' }).format(new Date(time));

/** A moment, in UTC and saying so. @param time RFC 3339 */
export const momentWords = (time: string, language: Language): string =>
  times(language, { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23' }).format(new Date(time)).concat(' UTC');

export const numberWords = (value: number, language: Language): string => numbers(language, {}).format(value);

/** Minor units as people write them. */
export function moneyWords(amount: number, currency: string, language: Language): string {
  const digits = isCurrency(currency) ? minorDigits[currency] : 2;
  return numbers(language, { style: 'currency', currency: currency.toUpperCase() }).format(amount / 10 ** digits);
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function bytesWords(bytes: number, language: Language): string {
  const power = Math.min(bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0, UNITS.length - 1);
  return numbers(language, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    maximumFractionDigits: 1,
  }).format(bytes / 1000 ** power);
}

/** Days of the week, short. @param day such as `2026-11-30` */
export const weekdayWords = (day: string, language: Language): string =>
  times(language, { weekday: 'short' }).format(new Date(day));

/** A share as people write it, to a tenth of a percent. */
export const percentWords = (share: number, language: Language): string =>
  numbers(language, { style: 'percent', maximumFractionDigits: 1 }).format(share);

/** How much more or less something became, with its sign; undefined where there was nothing before. */
export const changeWords = (now: number, before: number, language: Language): string | undefined =>
  before === 0
    ? undefined
    : numbers(language, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' }).format(
        now / before - 1,
      );
