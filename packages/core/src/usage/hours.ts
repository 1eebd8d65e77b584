/** An hour in UTC: `2026-11-21T10`. */
export type Hour = string;
/** A day in UTC: `2026-11-21`. */
export type Day = string;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const hourPattern = /^\d{4}-\d{2}-\d{2}T\d{2}$/;
export const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

export const hourOf = (at: Date): Hour => at.toISOString().slice(0, 13);
export const dayOf = (hour: Hour): Day => hour.slice(0, 10);
export const startOfHour = (hour: Hour): Date => new Date(`${hour}:00:00.000Z`);
export const endOfHour = (hour: Hour): Date => new Date(startOfHour(hour).getTime() + HOUR_MS);
export const startOfDay = (day: Day): Date => new Date(`${day}T00:00:00.000Z`);

/** Every hour that begins from `from` on and before `to`, oldest first. */
export const hoursBetween = (from: Date, to: Date): readonly Hour[] => every(HOUR_MS, from, to).map((at) => hourOf(at));

/** Every day that begins from `from` on and before `to`, oldest first. */
export const daysBetween = (from: Date, to: Date): readonly Day[] =>
  every(DAY_MS, from, to).map((at) => at.toISOString().slice(0, 10));

function every(stepMs: number, from: Date, to: Date): readonly Date[] {
  const first = Math.ceil(from.getTime() / stepMs);
  const count = Math.max(0, Math.ceil(to.getTime() / stepMs) - first);
  return Array.from({ length: count }, (_, i) => new Date((first + i) * stepMs));
}

/** Ids by the hour in which they arrived. */
export function idsByHour(arrivals: readonly { readonly id: string; readonly at: Date }[]): Map<Hour, string[]> {
  const byHour = new Map<Hour, string[]>();
  for (const { id, at } of arrivals) {
    const ids = byHour.get(hourOf(at));
    if (ids) ids.push(id);
    else byHour.set(hourOf(at), [id]);
  }
  return byHour;
}
