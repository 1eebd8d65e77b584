import type { z } from 'zod';
import type { Granularity, meterUsageSchema } from '../contract/usage.ts';
import type { Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { tierCatalogue } from '../tier/catalogue.ts';
import { type BillingPeriod, periodAt } from './billing-period.ts';
import { DAYS_MAX, forecastQuantity } from './forecast.ts';
import { dayOf, daysBetween, hourOf, hoursBetween, startOfDay, startOfHour } from './hours.ts';
import { type MeterName, meterNames } from './meter-name.ts';
import { meters, unitsOf } from './meters.ts';
import { overageAmount, overageUnits } from './price.ts';
import { readDays, readHours } from './read.ts';
import type { UsageCatalogue } from './terms.ts';

type MeterUsage = z.output<typeof meterUsageSchema>;

const DAY_MS = 86_400_000;
const LONGEST_MS = { hour: 31 * DAY_MS, day: 400 * DAY_MS } as const satisfies Record<Granularity, number>;
const USUAL_MS = { hour: DAY_MS, day: 30 * DAY_MS } as const satisfies Record<Granularity, number>;

export interface UsageQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly granularity: Granularity;
}

/**
 * What was metered of a tenant: the series that were asked for, today, the present billing period, and what the invoice will be.
 * @param context.periodEnd the end of the subscription's present period, as far as it is known
 * @param context.catalogue what the company pays, and what that covers
 * @throws {DomainError} `invalid_request` when the range is empty, or too long for its granularity
 */
export async function viewUsage(
  usage: Table,
  tenant: Tenant,
  query: UsageQuery,
  context: { readonly now: Date; readonly periodEnd: Date | undefined; readonly catalogue: UsageCatalogue },
) {
  const { now, catalogue } = context;
  const range = rangeOf(query, now);
  const period = periodAt(now, context.periodEnd, catalogue.months);
  // A trial is shorter than the periods that follow, and nobody has used anything before being there.
  const shownFrom = new Date(Math.max(period.from.getTime(), Date.parse(tenant.createdAt)));
  const meterViews = await Promise.all(
    meterNames.map((meter) => viewMeter(usage, tenant, meter, { ...query, range, period, now, catalogue })),
  );
  return {
    granularity: query.granularity,
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    period: { from: shownFrom.toISOString(), to: period.to.toISOString() },
    meters: meterViews,
    invoice: forecastInvoice(meterViews, catalogue),
  };
}

interface Range {
  readonly from: Date;
  readonly to: Date;
}

/** Widened to full hours or days. */
function rangeOf({ from: first, to: last, granularity }: UsageQuery, now: Date): Range {
  const stepMs = granularity === 'hour' ? DAY_MS / 24 : DAY_MS;
  const to = last ? new Date(last) : now;
  const from = first ? new Date(first) : new Date(to.getTime() - USUAL_MS[granularity]);
  const invalid = (message: string) =>
    new DomainError('invalid_request', 'The range cannot be shown.', { fields: [{ field: 'from', message }] });
  if (from >= to) throw invalid('must be before `to`');
  if (to.getTime() - from.getTime() > LONGEST_MS[granularity]) {
    throw invalid(`must be at most ${LONGEST_MS[granularity] / DAY_MS} days before \`to\` by the ${granularity}`);
  }
  return {
    from: new Date(Math.floor(from.getTime() / stepMs) * stepMs),
    to: new Date(Math.ceil(to.getTime() / stepMs) * stepMs),
  };
}

async function viewMeter(
  usage: Table,
  { tenantId, tier, createdAt }: Tenant,
  meter: MeterName,
  context: {
    readonly range: Range;
    readonly granularity: Granularity;
    readonly period: BillingPeriod;
    readonly now: Date;
    readonly catalogue: UsageCatalogue;
  },
): Promise<MeterUsage> {
  const { range, granularity, period, now, catalogue } = context;
  const today = dayOf(hourOf(now));
  const known = new Date(Math.max(Date.parse(createdAt), startOfDay(today).getTime() - DAYS_MAX * DAY_MS));
  const firstDay = dayOf(hourOf(known < period.from ? known : period.from));
  const [days, firstHours, series] = await Promise.all([
    readDays(usage, tenantId, meter, { first: firstDay, last: today }),
    // The day on which the period began belongs to it from an hour on.
    readHours(usage, tenantId, meter, {
      first: hourOf(period.from),
      last: `${dayOf(hourOf(period.from))}T23`,
    }),
    granularity === 'hour'
      ? readHours(usage, tenantId, meter, { first: hourOf(range.from), last: hourOf(before(range.to)) })
      : readDays(usage, tenantId, meter, { first: dayOf(hourOf(range.from)), last: dayOf(hourOf(before(range.to))) }),
  ]);
  const units = (steps: number | undefined) => unitsOf(meter, steps ?? 0);
  const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
  const periodDay = dayOf(hourOf(period.from));
  const laterDays = [...days].flatMap(([day, steps]) => (day > periodDay ? [steps] : []));
  const inPeriod = sum(firstHours.values()) + sum(laterDays);
  // The first day was no whole one.
  const wholeDays = daysBetween(known, startOfDay(today)).map((day) => ({ day, quantity: units(days.get(day)) }));
  const forecast = forecastQuantity({ used: units(inPeriod), history: wholeDays, now, until: period.to });
  const places =
    granularity === 'hour'
      ? hoursBetween(range.from, range.to).map((hour) => ({ at: startOfHour(hour), steps: series.get(hour) }))
      : daysBetween(range.from, range.to).map((day) => ({ at: startOfDay(day), steps: series.get(day) }));
  return {
    meter,
    title: meters[meter].title,
    unit: meters[meter].unit,
    today: units(days.get(today)),
    limitPerDay: meter === 'events_collected' ? tierCatalogue[tier].limits.eventsPerDay : null,
    period: units(inPeriod),
    included: catalogue.terms[meter].included,
    forecast: forecast === undefined ? null : Math.round(forecast * 1000) / 1000,
    series: places.map(({ at, steps }) => ({ at: at.toISOString(), quantity: units(steps) })),
  };
}

const before = (at: Date): Date => new Date(at.getTime() - 1);

/** What the tier costs and what goes beyond what it includes, if each meter ends as forecast. */
function forecastInvoice(views: readonly MeterUsage[], { currency, base, terms }: UsageCatalogue) {
  const lines = [];
  for (const { meter, forecast } of views) {
    if (forecast === null) return null;
    const units = Math.floor(forecast);
    const amount = overageAmount(units, terms[meter]);
    if (amount > 0) lines.push({ meter, units: overageUnits(units, terms[meter]), amount });
  }
  return { currency, base, overage: lines, total: lines.reduce((total, { amount }) => total + amount, base) };
}
