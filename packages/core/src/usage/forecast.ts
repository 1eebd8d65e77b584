import type { Day } from './hours.ts';
import { startOfDay } from './hours.ts';

/** Use of a whole day in UTC. */
export interface DayOfUse {
  readonly day: Day;
  readonly quantity: number;
}

const DAY_MS = 86_400_000;
const WEEKDAYS = 7;
/** Fewer whole days tell nothing. */
export const DAYS_MIN = 3;
/** Older days say less about the days to come than they disturb: four of each weekday. */
export const DAYS_MAX = 28;
/** How many average days each weekday is thought to have had beside those that were seen, so that one odd day is not taken for a rule. */
const PRIOR_DAYS = 1;

/**
 * How much there will be until `until`, if it goes on as in the last four weeks: what was used so far, and for the time that is left
 * the average day, weighted by weekday. A weekday's weight is its average over that of all days, drawn towards 1 as long as few of
 * its kind were seen. What is left of today and of the last day counts by its share of the day.
 * @param input.used what was used in the period so far, today included
 * @param input.history whole days before today, without gaps; a day without use is a day with 0
 * @returns undefined while fewer than `DAYS_MIN` whole days are known
 */
export function forecastQuantity(input: {
  readonly used: number;
  readonly history: readonly DayOfUse[];
  readonly now: Date;
  readonly until: Date;
}): number | undefined {
  const days = input.history.slice(-DAYS_MAX);
  if (days.length < DAYS_MIN) return undefined;
  const mean = average(days.map(({ quantity }) => quantity));
  const expected = Array.from({ length: WEEKDAYS }, (_, weekday) => {
    const seen = days.filter(({ day }) => startOfDay(day).getUTCDay() === weekday).map(({ quantity }) => quantity);
    return (sum(seen) + PRIOR_DAYS * mean) / (seen.length + PRIOR_DAYS);
  });
  let total = input.used;
  for (let at = input.now.getTime(); at < input.until.getTime(); ) {
    const midnight = (Math.floor(at / DAY_MS) + 1) * DAY_MS;
    const end = Math.min(midnight, input.until.getTime());
    total += ((expected[new Date(at).getUTCDay()] ?? mean) * (end - at)) / DAY_MS;
    at = end;
  }
  return total;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const average = (values: readonly number[]): number => sum(values) / values.length;
