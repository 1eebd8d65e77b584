import type { BillingPeriod } from './billing-period.ts';
import type { MeterName } from './meter-name.ts';
import { type Meter, meters } from './meters.ts';

/** Parts of an allowance, in percent, at which a company is told that it has used so much of it. */
export const thresholds = [80, 100] as const;
export type Threshold = (typeof thresholds)[number];

const HOUR_MS = 3_600_000;

/** Whether a period may use more than what it includes. Nothing is said of an allowance that nobody can go beyond, nor of none. */
export function canGoBeyond(meter: MeterName, included: number, { from, to }: BillingPeriod): boolean {
  const { perHourMax }: Meter = meters[meter];
  const most = perHourMax === undefined ? Number.POSITIVE_INFINITY : (perHourMax * (+to - +from)) / HOUR_MS;
  return included > 0 && included < most;
}

/**
 * The highest threshold that was reached; undefined below all. Whoever gets to several at once hears of the highest.
 * @param used units @param included units, more than none
 */
export const thresholdReached = (used: number, included: number): Threshold | undefined =>
  thresholds.findLast((percent) => used * 100 >= included * percent);
