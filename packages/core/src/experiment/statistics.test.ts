import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare } from './results.ts';
import { difference, wilson } from './statistics.ts';

/** A generator of its own, so that the shares below are the same every time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const draw = (next: () => number, share: number, trials: number) => ({
  successes: Array.from({ length: trials }, next).filter((n) => n < share).length,
  trials,
});

describe('an interval', () => {
  it('is what the textbooks compute', () => {
    // Newcombe (1998), Statistics in Medicine 17: 81 of 263 by method 3, and 56 of 70 against 48 of 80 by method 10.
    const share = wilson({ successes: 81, trials: 263 });
    expect([share.low, share.high].map((n) => n.toFixed(4))).toEqual(['0.2553', '0.3662']);
    const lift = difference({ successes: 48, trials: 80 }, { successes: 56, trials: 70 });
    expect([lift.low, lift.high].map((n) => n.toFixed(4))).toEqual(['0.0524', '0.3339']);
  });

  it('stays within 0 and 1 and holds the share that was seen', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 1, max: 500 }), (some, more) => {
        const trials = some + more;
        const { low, high } = wilson({ successes: some, trials });
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(some / trials + 1e-12);
        expect(high).toBeGreaterThanOrEqual(some / trials - 1e-12);
      }),
    );
  });

  it.each([0.02, 0.1, 0.5])('of a share of %d holds the truth about 95 of 100 times', (share) => {
    const next = random(7);
    const runs = 1000;
    const [held, heldOfBoth] = [0, 0].map(
      (_, which) =>
        Array.from({ length: runs }, () => {
          const first = draw(next, share, 300);
          if (which === 0) {
            const { low, high } = wilson(first);
            return low <= share && share <= high;
          }
          const { low, high } = difference(first, draw(next, share, 300));
          return low <= 0 && 0 <= high;
        }).filter(Boolean).length / runs,
    );
    for (const level of [held, heldOfBoth]) {
      expect(level).toBeGreaterThan(0.925);
      expect(level).toBeLessThan(0.985);
    }
  });
});

describe('variants', () => {
  const variant = (name: string, shoppers: number, clickedShoppers: number) => ({
    name,
    shoppers,
    clickedShoppers,
    conversions: 0,
  });
  const verdicts = (...variants: readonly ReturnType<typeof variant>[]) =>
    compare(variants).map(({ verdict }) => verdict);

  it('are better or worse than the first only where chance would not explain it', () => {
    expect(verdicts(variant('a', 1000, 100), variant('b', 1000, 150))).toEqual(['first', 'better']);
    expect(verdicts(variant('a', 1000, 150), variant('b', 1000, 100))).toEqual(['first', 'worse']);
    expect(verdicts(variant('a', 1000, 100), variant('b', 1000, 110))).toEqual(['first', 'open']);
    expect(verdicts(variant('a', 10, 1), variant('b', 10, 3), variant('c', 0, 0))).toEqual(['first', 'open', 'open']);
  });

  it('that nobody saw have no share', () => {
    expect(compare([variant('a', 0, 0), variant('b', 5, 1)])).toMatchObject([
      { clickRate: null, lift: null, verdict: 'first' },
      { clickRate: { value: 0.2 }, lift: null, verdict: 'open' },
    ]);
  });
});
