import type { Catcher, Retrier } from '../definition/schema.ts';

/** Errors that no wildcard stands for: trying again would end the same way. */
const terminal = new Set(['States.DataLimitExceeded', 'States.Runtime']);
const timeouts = new Set(['States.Timeout', 'States.HeartbeatTimeout']);

/** Whether a list of error names means this error. */
export function meansError(names: readonly string[], error: string): boolean {
  return names.some((name) => {
    if (name === error) return true;
    if (name === 'States.ALL') return !terminal.has(error);
    if (name === 'States.TaskFailed') return !terminal.has(error) && !timeouts.has(error);
    return name === 'States.Timeout' && timeouts.has(error);
  });
}

/**
 * What the first retrier that means the error allows. Retriers after it are not asked, even when it is used up.
 * @param used how often each retrier was used in this visit of the state
 * @returns undefined when the state must not be tried again.
 */
export function nextRetry(
  retriers: readonly Retrier[],
  error: string,
  used: readonly number[],
  random: () => number,
): { readonly delayMs: number; readonly used: readonly number[] } | undefined {
  const index = retriers.findIndex(({ ErrorEquals }) => meansError(ErrorEquals, error));
  const retrier = retriers[index];
  if (retrier === undefined) return undefined;
  const before = used[index] ?? 0;
  if (before >= (retrier.MaxAttempts ?? 3)) return undefined;
  const counts = retriers.map((_, position) => (used[position] ?? 0) + (position === index ? 1 : 0));
  return { delayMs: delayMs(retrier, before, random), used: counts };
}

/** The wait before the retry after `before` earlier ones. */
function delayMs(retrier: Retrier, before: number, random: () => number): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
  const seconds = Math.min(IntervalSeconds * BackoffRate ** before, MaxDelaySeconds, 99_999_999);
  return Math.round(seconds * 1000 * (retrier.JitterStrategy === 'FULL' ? random() : 1));
}

/** The first catcher that means the error. */
export function catcherFor(
  catchers: readonly Catcher[],
  error: string,
): { readonly catcher: Catcher; readonly index: number } | undefined {
  const index = catchers.findIndex(({ ErrorEquals }) => meansError(ErrorEquals, error));
  const catcher = catchers[index];
  return catcher === undefined ? undefined : { catcher, index };
}
