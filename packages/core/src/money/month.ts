/** A month in UTC: `2026-11`. */
export type Month = string;

const HOUR_MS = 3_600_000;

export const monthPattern = /^20\d{2}-(0[1-9]|1[0-2])$/;

export const monthOf = (at: Date): Month => at.toISOString().slice(0, 7);
export const startOfMonth = (month: Month): Date => new Date(`${month}-01T00:00:00.000Z`);

export function endOfMonth(month: Month): Date {
  const start = startOfMonth(month);
  return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1));
}

export const previousMonth = (month: Month): Month => monthOf(new Date(startOfMonth(month).getTime() - 1));

/** So many months up to that of a time, the oldest first. */
export const monthsUntil = (at: Date, count: number): readonly Month[] =>
  Array.from({ length: count }, (_, back) =>
    monthOf(new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - (count - 1 - back), 1))),
  );

/** Hours of the month that have passed by then; 0 before it. */
export function hoursPassed(month: Month, at: Date): number {
  const until = Math.min(at.getTime(), endOfMonth(month).getTime());
  return Math.max(0, until - startOfMonth(month).getTime()) / HOUR_MS;
}
