import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { type Day, daysBetween } from './hours.ts';
import { readDays } from './read.ts';

const DAY_MS = 86_400_000;

/** Events and recommendations of a company by the day, the oldest first; days without any are there, too. @param count how many, today included */
export async function readDailyUse(
  usage: Table,
  tenantId: TenantId,
  { now, count }: { readonly now: Date; readonly count: number },
) {
  const tomorrow = (Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS;
  const days: readonly Day[] = daysBetween(new Date(tomorrow - count * DAY_MS), new Date(tomorrow));
  const range = { first: days[0] ?? '', last: days.at(-1) ?? '' };
  const [events, recommendations] = await Promise.all([
    readDays(usage, tenantId, 'events_collected', range),
    readDays(usage, tenantId, 'recommendations_served', range),
  ]);
  return days.map((day) => ({
    day,
    events: events.get(day) ?? 0,
    recommendations: recommendations.get(day) ?? 0,
  }));
}
