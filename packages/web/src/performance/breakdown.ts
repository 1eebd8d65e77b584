import type { CallOutput } from '../api/client.ts';

type Day = CallOutput<'getPerformance'>['days'][number];

export const groupings = ['scenario', 'modelVersion', 'variant'] as const;
export type Grouping = (typeof groupings)[number];

/** What some lists came to together. */
export interface Totals {
  readonly impressions: number;
  readonly clickedLists: number;
  readonly clicks: number;
  readonly conversions: number;
  /** Minor units by currency. */
  readonly revenue: Readonly<Record<string, number>>;
}

const none: Totals = { impressions: 0, clickedLists: 0, clicks: 0, conversions: 0, revenue: {} };

function plus(a: Totals, b: Totals): Totals {
  const revenue: Record<string, number> = { ...a.revenue };
  for (const [currency, amount] of Object.entries(b.revenue)) revenue[currency] = (revenue[currency] ?? 0) + amount;
  return {
    impressions: a.impressions + b.impressions,
    clickedLists: a.clickedLists + b.clickedLists,
    clicks: a.clicks + b.clicks,
    conversions: a.conversions + b.conversions,
    revenue,
  };
}

export const totalsOf = (days: readonly Day[]): Totals => days.reduce<Totals>(plus, none);

/** Totals by what the lists have in common, those that were seen most first. */
export function breakdown(days: readonly Day[], by: Grouping): readonly (Totals & { readonly name: string })[] {
  const groups = new Map<string, Totals>();
  for (const day of days) groups.set(day[by], plus(groups.get(day[by]) ?? none, day));
  return [...groups]
    .map(([name, totals]) => ({ name, ...totals }))
    .sort((a, b) => b.impressions - a.impressions || (a.name < b.name ? -1 : 1));
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
export const figures = {
  impressions: ({ impressions }: Totals) => impressions,
  clickRate: ({ clickedLists, impressions }: Totals) => share(clickedLists, impressions),
  clicks: ({ clicks }: Totals) => clicks,
  conversions: ({ conversions }: Totals) => conversions,
  conversionRate: ({ conversions, clicks }: Totals) => share(conversions, clicks),
} as const satisfies Record<string, (totals: Totals) => number | null>;
export type FigureName = keyof typeof figures;

/** A line for each of the first groups by the day, for a chart; days without anything of a group are null there. */
export function courses(
  days: readonly Day[],
  { by, figure, names, all }: { by: Grouping; figure: FigureName; names: readonly string[]; all: readonly string[] },
): readonly ({ readonly at: string } & Readonly<Record<string, number | null>>)[] {
  const byDay = Map.groupBy(days, ({ day }) => day);
  return all.map((at) => {
    const rows = byDay.get(at) ?? [];
    const values = names.map((name, index): [string, number | null] => {
      const own = rows.filter((row) => row[by] === name);
      return [`line${index}`, own.length === 0 ? null : figures[figure](totalsOf(own))];
    });
    return Object.assign({ at }, Object.fromEntries(values) as Record<string, number | null>);
  });
}
