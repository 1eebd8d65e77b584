import type { Incident } from './incidents.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export interface DayStatus {
  /** `2026-11-30`, in UTC. */
  readonly day: string;
  /** Minutes of incidents; maintenance that was announced is none. */
  readonly minutes: number;
}

/**
 * How each of the last days was, the oldest first.
 * @param last the newest day, as `2026-11-30` @param until when an incident that is not over is counted to
 */
export function historyOf(
  incidents: readonly Incident[],
  last: string,
  days: number,
  until: Date,
): readonly DayStatus[] {
  const end = Date.parse(`${last}T00:00:00.000Z`);
  const spans = incidents
    .filter(({ impact }) => impact !== 'maintenance')
    .map(({ from, to }) => [Date.parse(from), to ? Date.parse(to) : until.getTime()] as const)
    .toSorted(([a], [b]) => a - b);
  return Array.from({ length: days }, (_, index) => {
    const start = end - (days - 1 - index) * DAY_MS;
    let covered = start;
    let bad = 0;
    // Incidents at the same time count once.
    for (const [from, to] of spans) {
      const begins = Math.max(from, covered);
      const ends = Math.min(to, start + DAY_MS);
      if (ends <= begins) continue;
      bad += ends - begins;
      covered = ends;
    }
    return { day: new Date(start).toISOString().slice(0, 10), minutes: Math.ceil(bad / MINUTE_MS) };
  });
}
