import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import type { BillingPeriod } from './billing-period.ts';
import { dayOf, hourOf, startOfDay, startOfHour } from './hours.ts';
import type { MeterName } from './meter-name.ts';
import { unitsOf } from './meters.ts';
import { readDays, readHours } from './read.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * What was metered of a tenant in a billing period, in units. A period begins and ends within a day: of its first and last day the hours count, and
 * an hour in which one ends and the next begins is the next one's.
 */
export async function readPeriodUse(
  usage: Table,
  tenantId: TenantId,
  meter: MeterName,
  { from, to }: BillingPeriod,
): Promise<number> {
  const first = hourOf(from);
  const end = hourOf(to);
  const sameDay = dayOf(first) === dayOf(end);
  const lastHour = hourOf(new Date(startOfHour(end).getTime() - HOUR_MS));
  const parts = await Promise.all([
    readHours(usage, tenantId, meter, { first, last: sameDay ? lastHour : `${dayOf(first)}T23` }),
    readDays(usage, tenantId, meter, {
      first: dayOf(hourOf(new Date(startOfDay(dayOf(first)).getTime() + DAY_MS))),
      last: dayOf(hourOf(new Date(startOfDay(dayOf(end)).getTime() - DAY_MS))),
    }),
    sameDay ? new Map() : readHours(usage, tenantId, meter, { first: `${dayOf(end)}T00`, last: lastHour }),
  ]);
  const steps = parts.flatMap((part) => [...part.values()]).reduce((sum, value) => sum + value, 0);
  return unitsOf(meter, steps);
}
