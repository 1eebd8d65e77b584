import * as z from 'zod';
import type { TenantId } from '../ids/id.ts';
import { endOfHour, type Hour } from './hours.ts';
import { usageIndex, usageKeys } from './keys.ts';
import { type MeterName, meterNameSchema } from './meter-name.ts';

/** What the biller is to be told: a row of the outbox. It is written with what was metered, and told afterwards. */
export const reportSchema = z.object({
  meter: meterNameSchema,
  hour: z.string(),
  /** Whole units. */
  units: z.int().positive(),
  /** The moment that the biller books it under: within the hour, and never in the future. */
  at: z.string(),
  /** Under which the biller counts it once. */
  identifier: z.string(),
  state: z.enum(['waiting', 'told', 'refused']),
  /** When the biller was first told under this identifier. */
  firstToldAt: z.string().optional(),
  /** How often another identifier was needed. */
  renewals: z.int().default(0),
});
export type ReportRow = z.infer<typeof reportSchema>;

/** The row of a new report; it is in the index for as long as it waits. */
export function reportItem({
  tenantId,
  meter,
  hour,
  revision,
  units,
  now,
}: {
  readonly tenantId: TenantId;
  readonly meter: MeterName;
  readonly hour: Hour;
  readonly revision: number;
  readonly units: number;
  readonly now: Date;
}) {
  const lastSecond = endOfHour(hour).getTime() - 1000;
  const row: ReportRow = {
    meter,
    hour,
    units,
    at: new Date(Math.min(lastSecond, now.getTime())).toISOString(),
    identifier: `${tenantId}.${meter}.${hour}.${revision}`,
    state: 'waiting',
    renewals: 0,
  };
  const key = usageKeys.report(tenantId, meter, hour, revision);
  return { ...key, ...row, gsi1pk: usageIndex.report, gsi1sk: `${hour}#${tenantId}#${key.sk}` };
}
