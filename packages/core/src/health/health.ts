import * as z from 'zod';
import { timeSchema } from '../contract/schemas.ts';
import { errorRateMax } from '../fleet/gate.ts';

/** What is known of a company's health, from the newest look at it. */
export const healthSchema = z.object({
  /** When it was looked at. */
  seenAt: timeSchema,
  /** The minute of its newest event; null when there was none in two days. */
  lastEventAt: timeSchema.nullable(),
  /** Requests for recommendations of the last 24 hours, and those that failed by our own fault. */
  served: z.int().nonnegative(),
  faults: z.int().nonnegative(),
  training: z
    .object({
      status: z.enum(['running', 'succeeded', 'refused', 'failed']),
      /** When it ended, or began while it runs. */
      at: timeSchema,
    })
    .nullable(),
});
export type Health = z.infer<typeof healthSchema>;

/** `failing`: something is wrong on our side; `quiet`: the shop sends nothing; `unknown`: nobody has looked yet. */
export const healthGrades = ['failing', 'quiet', 'well', 'unknown'] as const;
export type HealthGrade = (typeof healthGrades)[number];

const QUIET_MS = 24 * 3_600_000;
/** So many faults a day say nothing: one lost connection is no illness. */
const FAULTS_IGNORED = 1;

/** The part of a day's requests that failed, from 0 to 1; null when there was none. */
export const errorShare = ({ served, faults }: Pick<Health, 'served' | 'faults'>): number | null =>
  served + faults === 0 ? null : faults / (served + faults);

export function gradeOf(health: Health | undefined, now: Date): HealthGrade {
  if (!health) return 'unknown';
  const failing = health.faults > FAULTS_IGNORED && (errorShare(health) ?? 0) > errorRateMax;
  if (failing || health.training?.status === 'failed') return 'failing';
  const last = health.lastEventAt ? Date.parse(health.lastEventAt) : 0;
  return now.getTime() - last > QUIET_MS ? 'quiet' : 'well';
}
