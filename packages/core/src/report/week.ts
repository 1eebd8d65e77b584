import type { Day } from '../usage/hours.ts';

const DAY_MS = 86_400_000;
const DAYS = 7;

/** A week from Monday to Sunday, in UTC, as ISO 8601 names it. */
export interface Week {
  /** Such as `2026-W48`. */
  readonly name: string;
  readonly first: Day;
  readonly last: Day;
}

const dayAt = (ms: number): Day => new Date(ms).toISOString().slice(0, 10);

/** The start of the Monday of the week that a time is in. */
function mondayOf(ms: number): number {
  const midnight = Math.floor(ms / DAY_MS) * DAY_MS;
  const daysSinceMonday = (new Date(midnight).getUTCDay() + 6) % DAYS;
  return midnight - daysSinceMonday * DAY_MS;
}

/** The week that a time is in. */
export function weekOf(at: Date): Week {
  const monday = mondayOf(at.getTime());
  // A week belongs to the year that its Thursday is in, and the first of a year is the one with the 4th of January.
  const year = new Date(monday + 3 * DAY_MS).getUTCFullYear();
  const number = (monday - mondayOf(Date.UTC(year, 0, 4))) / (DAYS * DAY_MS) + 1;
  return {
    name: `${year}-W${String(number).padStart(2, '0')}`,
    first: dayAt(monday),
    last: dayAt(monday + (DAYS - 1) * DAY_MS),
  };
}

/** The week before the one that a time is in. */
export const weekBefore = (at: Date): Week => weekOf(new Date(at.getTime() - DAYS * DAY_MS));

/** The same week, a week earlier. */
export const earlierWeek = ({ first }: Week): Week => weekBefore(new Date(`${first}T00:00:00.000Z`));

/** The days of a week, Monday first. */
export const daysOfWeek = ({ first }: Week): readonly Day[] =>
  Array.from({ length: DAYS }, (_, index) => dayAt(Date.parse(first) + index * DAY_MS));
