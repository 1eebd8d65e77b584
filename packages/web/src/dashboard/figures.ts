import type { CallOutput } from '../api/client.ts';

type Usage = CallOutput<'getUsage'>;
type Performance = CallOutput<'getPerformance'>;

/** The stretches of days that the dashboard shows. */
export const spans = ['7', '30', '90'] as const;
export type Span = (typeof spans)[number];

const DAY_MS = 86_400_000;

export const dayBefore = (day: string, count: number): string =>
  new Date(Date.parse(day) - count * DAY_MS).toISOString().slice(0, 10);

/** All days from the first to the last. */
export function daysFrom(first: string, last: string): readonly string[] {
  const count = Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, n) => dayBefore(first, -n));
}

/** A stretch of days that ends today, and the one of the same length before it. */
export function windowOf(span: Span, today: string) {
  const length = Number(span);
  const first = dayBefore(today, length - 1);
  return { first, last: today, before: { first: dayBefore(first, length), last: dayBefore(first, 1) } };
}

/** One figure of a stretch of days, beside the same of the days before. */
export interface Figure {
  readonly value: number;
  readonly before: number;
  readonly series: readonly { readonly at: string; readonly value: number }[];
}

type ByDay = ReadonlyMap<string, number>;
const sumOf = (byDay: ByDay, { first, last }: { readonly first: string; readonly last: string }): number =>
  daysFrom(first, last).reduce((sum, day) => sum + (byDay.get(day) ?? 0), 0);

export function figureOf(byDay: ByDay, window: ReturnType<typeof windowOf>): Figure {
  return {
    value: sumOf(byDay, window),
    before: sumOf(byDay, window.before),
    series: daysFrom(window.first, window.last).map((day) => ({ at: day, value: byDay.get(day) ?? 0 })),
  };
}

/** A share of two counts, by the day and as a whole. */
export function shareOf(part: ByDay, whole: ByDay, window: ReturnType<typeof windowOf>): Figure {
  const share = (a: number, b: number): number => (b === 0 ? 0 : a / b);
  return {
    value: share(sumOf(part, window), sumOf(whole, window)),
    before: share(sumOf(part, window.before), sumOf(whole, window.before)),
    series: daysFrom(window.first, window.last).map((day) => ({
      at: day,
      value: share(part.get(day) ?? 0, whole.get(day) ?? 0),
    })),
  };
}

/** How much more or less than before, as a share of it; undefined where there was nothing before. */
export const changeOf = ({ value, before }: Figure): number | undefined =>
  before === 0 ? undefined : value / before - 1;

export function meterByDay(usage: Usage, name: Usage['meters'][number]['meter']): ByDay {
  const series = usage.meters.find(({ meter }) => meter === name)?.series ?? [];
  return new Map(series.map(({ at, quantity }) => [at.slice(0, 10), quantity]));
}

export function countByDay(
  { days }: Pick<Performance, 'days'>,
  amountOf: (row: Performance['days'][number]) => number,
): ByDay {
  const sums = new Map<string, number>();
  for (const row of days) sums.set(row.day, (sums.get(row.day) ?? 0) + amountOf(row));
  return sums;
}

/** The currency in which most was earned; undefined while nothing was. */
export function mainCurrency({ days }: Pick<Performance, 'days'>): string | undefined {
  const purchases = new Map<string, number>();
  for (const { revenue, conversions } of days) {
    for (const currency of Object.keys(revenue)) {
      purchases.set(currency, (purchases.get(currency) ?? 0) + conversions);
    }
  }
  return [...purchases].sort(([, a], [, b]) => b - a)[0]?.[0];
}
