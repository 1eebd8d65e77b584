import * as z from 'zod';
import { addRevenue, type DayCounts, readCounts } from '../attribution/counters.ts';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import type { Day } from '../usage/hours.ts';
import type { MeterName } from '../usage/meter-name.ts';
import { readDays } from '../usage/read.ts';
import { daysOfWeek, earlierWeek, type Week } from './week.ts';

const amount = z.int().nonnegative();

const totalsSchema = z.object({
  events: amount,
  recommendations: amount,
  /** Lists that shoppers saw, and those of them in which they clicked. */
  impressions: amount,
  clickedLists: amount,
  /** What was bought after a click, in minor units by currency. */
  revenue: z.record(z.string(), z.int()),
});
export type WeekTotals = z.infer<typeof totalsSchema>;

/** What a company's week came to, beside the week before. */
export const weeklyReportSchema = z.object({
  week: z.string(),
  first: z.string(),
  last: z.string(),
  totals: totalsSchema,
  before: totalsSchema,
  /** Events of each day, Monday first, and of the same day a week earlier. */
  days: z.array(z.object({ day: z.string(), events: amount, before: amount })),
});
export type WeeklyReport = z.infer<typeof weeklyReportSchema>;

/** The share of the lists seen in which somebody clicked; undefined while none was seen. */
export const clickRate = ({ impressions, clickedLists }: WeekTotals): number | undefined =>
  impressions === 0 ? undefined : clickedLists / impressions;

interface Sources {
  readonly events: ReadonlyMap<Day, number>;
  readonly recommendations: ReadonlyMap<Day, number>;
  readonly counts: readonly DayCounts[];
}

function totalsOf({ events, recommendations, counts }: Sources, week: Week): WeekTotals {
  const days = daysOfWeek(week);
  const sum = (of: ReadonlyMap<Day, number>) => days.reduce((total, day) => total + (of.get(day) ?? 0), 0);
  const counted = counts.filter(({ day }) => days.includes(day));
  return {
    events: sum(events),
    recommendations: sum(recommendations),
    impressions: counted.reduce((total, { impressions }) => total + impressions, 0),
    clickedLists: counted.reduce((total, { clickedLists }) => total + clickedLists, 0),
    revenue: counted.reduce((total: WeekTotals['revenue'], { revenue }) => addRevenue(total, revenue), {}),
  };
}

/** @param sources of the week and the one before it */
export function reportOf(sources: Sources, week: Week): WeeklyReport {
  const earlier = earlierWeek(week);
  const earlierDays = daysOfWeek(earlier);
  const { events } = sources;
  return {
    week: week.name,
    first: week.first,
    last: week.last,
    totals: totalsOf(sources, week),
    before: totalsOf(sources, earlier),
    days: daysOfWeek(week).map((day, index) => ({
      day,
      events: events.get(day) ?? 0,
      before: events.get(earlierDays[index] ?? day) ?? 0,
    })),
  };
}

/**
 * What a company's week came to, by its meters and by what its lists were counted to come to.
 * @returns undefined when nothing happened in it, nor in the week before
 */
export async function readWeeklyReport(
  tables: { readonly usage: Table; readonly attribution: Table },
  tenantId: TenantId,
  week: Week,
): Promise<WeeklyReport | undefined> {
  const range = { first: earlierWeek(week).first, last: week.last };
  const metered = (meter: MeterName) => readDays(tables.usage, tenantId, meter, range);
  const [events, recommendations, counts] = await Promise.all([
    metered('events_collected'),
    metered('recommendations_served'),
    readCounts(tables.attribution, tenantId, range),
  ]);
  if (events.size === 0 && recommendations.size === 0 && counts.length === 0) return undefined;
  return reportOf({ events, recommendations, counts }, week);
}
