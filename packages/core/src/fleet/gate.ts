import * as z from 'zod';

/** What a recommender counts since its process started. */
export const countersSchema = z.object({
  /** The version that it was started as. */
  version: z.string(),
  /** Requests for recommendations that it answered, with an error or not. */
  requests: z.int().nonnegative(),
  /** Of these, the ones that failed by its own fault. */
  errors: z.int().nonnegative(),
});
export type Counters = z.infer<typeof countersSchema>;

/** More than this part of the requests failing stops a rollout… */
export const errorRateMax = 0.01;
/** …when it is more than this many: one lost connection says nothing of a version. */
const ERRORS_IGNORED = 1;

/**
 * Whether a silo with a new version is well: the new version answers, and hardly ever fails.
 * @param counters of the processes that were met, each any number of times
 * @returns what is wrong, in a sentence; undefined when it may go on
 */
export function gateProblem(counters: readonly Counters[], version: string): string | undefined {
  const other = counters.find((one) => one.version !== version);
  if (other) return `It still answers as version ${other.version}.`;
  const requests = counters.reduce((sum, one) => sum + one.requests, 0);
  const errors = counters.reduce((sum, one) => sum + one.errors, 0);
  if (requests === 0) return 'It has answered no request yet.';
  if (errors <= ERRORS_IGNORED || errors / requests <= errorRateMax) return undefined;
  return `${((100 * errors) / requests).toFixed(1)} % of its requests fail.`;
}
