/** Seconds from the first failed attempt to the second; each wait is `FACTOR` times the one before. */
const FIRST_SECONDS = 5;
const FACTOR = 4;
/** Sixteen hours, so that the last attempt comes about a day after the first. */
const WAIT_SECONDS_MAX = 57_600;
/** Each wait is this share longer or shorter, so that a receiver that comes back is not met by everything at once. */
const JITTER = 0.2;

/** As many times is an event sent before it is given up. */
export const attemptsMax = 9;

/**
 * How long to wait after a failed attempt.
 * @param failed how many attempts have failed, this one included
 * @param random from 0 to below 1
 * @returns milliseconds; undefined when that was the last
 */
export function waitAfter(failed: number, random: () => number): number | undefined {
  if (failed >= attemptsMax) return undefined;
  const seconds = Math.min(FIRST_SECONDS * FACTOR ** (failed - 1), WAIT_SECONDS_MAX);
  return Math.round(seconds * 1000 * (1 - JITTER + 2 * JITTER * random()));
}
