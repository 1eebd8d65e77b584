/** Billing periods: whole intervals from an anchor, in seconds since the epoch and UTC. */

export interface Period {
  readonly start: number;
  readonly end: number;
}

export interface Interval {
  readonly interval: string;
  readonly interval_count: number;
}

const DAY = 86_400;

/**
 * The moment one interval after `start`. Months keep the day of the anchor: what begins on the 31st falls on the last
 * day of shorter months and returns to the 31st.
 */
export function addInterval(start: number, { interval, interval_count: count }: Interval, anchor: number): number {
  if (interval === 'day' || interval === 'week') return start + count * (interval === 'week' ? 7 : 1) * DAY;
  const from = new Date(start * 1000);
  const months = from.getUTCMonth() + count * (interval === 'year' ? 12 : 1);
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), months + 1, 0)).getUTCDate();
  const day = Math.min(new Date(anchor * 1000).getUTCDate(), lastDay);
  const time = start % DAY;
  return Date.UTC(from.getUTCFullYear(), months, day) / 1000 + time;
}

/** Which part of the period is still to come, from 0 to 1. */
export function remainingShare({ start, end }: Period, now: number): number {
  return end <= start ? 0 : Math.min(1, Math.max(0, (end - now) / (end - start)));
}
