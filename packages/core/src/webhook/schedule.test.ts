import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptsMax, waitAfter } from './schedule.ts';

const HOUR_MS = 3_600_000;
const waits = (randoms: readonly number[]): readonly number[] =>
  randoms.flatMap((random, index) => waitAfter(index + 1, () => random) ?? []);
const randoms = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
  minLength: attemptsMax,
  maxLength: attemptsMax,
});

describe('the waits between attempts', () => {
  it('come to about a day in all, whatever the jitter', () => {
    fc.assert(
      fc.property(randoms, (drawn) => {
        const all = waits(drawn);
        expect(all).toHaveLength(attemptsMax - 1);
        const total = all.reduce((sum, wait) => sum + wait, 0);
        expect(total).toBeGreaterThan(18 * HOUR_MS);
        expect(total).toBeLessThan(29 * HOUR_MS);
      }),
    );
  });

  it('only grow, and begin with seconds', () => {
    fc.assert(
      fc.property(randoms, (drawn) => {
        const all = waits(drawn);
        expect(all).toEqual([...all].sort((a, b) => a - b));
        expect(all[0]).toBeLessThanOrEqual(6000);
      }),
    );
  });

  it('end with the last attempt', () => {
    fc.assert(
      fc.property(fc.integer({ min: attemptsMax, max: 1000 }), (failed) => {
        expect(waitAfter(failed, Math.random)).toBeUndefined();
      }),
    );
  });
});
