import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAYS_MIN, type DayOfUse, forecastQuantity } from './forecast.ts';
import { daysBetween, startOfDay } from './hours.ts';

const DAY_MS = 86_400_000;
/** A Monday. */
const now = new Date('2026-11-16T00:00:00.000Z');
const daysBefore = (count: number, quantityOf: (weekday: number, index: number) => number): readonly DayOfUse[] =>
  daysBetween(new Date(now.getTime() - count * DAY_MS), now).map((day, index) => ({
    day,
    quantity: quantityOf(startOfDay(day).getUTCDay(), index),
  }));
const inDays = (days: number): Date => new Date(now.getTime() + days * DAY_MS);

it('tells nothing from fewer whole days than it takes', () => {
  const forecast = (days: number) =>
    forecastQuantity({ used: 5, history: daysBefore(days, () => 10), now, until: inDays(10) });
  expect(forecast(DAYS_MIN - 1)).toBeUndefined();
  expect(forecast(DAYS_MIN)).toBe(5 + 100);
});

it('goes on with the same use each day, to the exact share of the last day', () => {
  expect(forecastQuantity({ used: 7, history: daysBefore(14, () => 24), now, until: inDays(2.5) })).toBeCloseTo(67);
});

it('expects quiet weekends where weekends were quiet, which the plain average does not', () => {
  const shop = (weekday: number) => (weekday === 0 || weekday === 6 ? 10 : 100);
  const history = daysBefore(28, shop);
  const untilFriday = forecastQuantity({ used: 0, history, now, until: inDays(5) }) ?? 0;
  const weekend = forecastQuantity({ used: 0, history, now: inDays(5), until: inDays(7) }) ?? 0;
  const plain = history.reduce((total, { quantity }) => total + quantity, 0) / 28;
  expect(Math.abs(untilFriday - 500)).toBeLessThan(Math.abs(5 * plain - 500) / 3);
  expect(Math.abs(weekend - 20)).toBeLessThan(Math.abs(2 * plain - 20) / 3);
});

it('does not take one odd day for a rule', () => {
  const history = daysBefore(7, (weekday) => (weekday === 1 ? 1000 : 10));
  const monday = forecastQuantity({ used: 0, history, now, until: inDays(1) }) ?? 0;
  expect(monday).toBeLessThan(600);
});

it('never falls below what was used, and grows with the time that is left', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1_000_000), { minLength: DAYS_MIN, maxLength: 60 }),
      fc.nat(1_000_000),
      fc.nat(40),
      fc.nat(10),
      (quantities, used, days, more) => {
        const history = daysBefore(quantities.length, (_, index) => quantities[index] ?? 0);
        const sooner = forecastQuantity({ used, history, now, until: inDays(days) }) ?? -1;
        const later = forecastQuantity({ used, history, now, until: inDays(days + more) }) ?? -1;
        expect(sooner).toBeGreaterThanOrEqual(used);
        expect(later).toBeGreaterThanOrEqual(sooner);
      },
    ),
  );
});
