import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairedDifference, type SessionPair } from './paired.ts';

const pair = fc
  .record({ queries: fc.integer({ min: 1, max: 30 }), first: fc.nat(30), second: fc.nat(30) })
  .map(({ queries, first, second }): SessionPair => {
    const onlyFirst = Math.min(first, queries);
    return { queries, onlyFirst, onlySecond: Math.min(second, queries - onlyFirst) };
  });
const single = (count: number, onlyFirst: number, onlySecond: number): readonly SessionPair[] =>
  Array.from({ length: count }, (_, at) => ({
    queries: 1,
    onlyFirst: at < onlyFirst ? 1 : 0,
    onlySecond: at >= onlyFirst && at < onlyFirst + onlySecond ? 1 : 0,
  }));

describe('the difference of two that were asked the same', () => {
  it('is the opposite when they change places, and within -1 and 1', () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 40 }), (pairs) => {
        const there = pairedDifference(pairs);
        const back = pairedDifference(
          pairs.map(({ queries, onlyFirst, onlySecond }) => ({
            queries,
            onlyFirst: onlySecond,
            onlySecond: onlyFirst,
          })),
        );
        expect(back.value).toBeCloseTo(-there.value, 12);
        expect(back.low).toBeCloseTo(-there.high, 12);
        expect(there.low).toBeGreaterThanOrEqual(-1);
        expect(there.high).toBeLessThanOrEqual(1);
        expect(there.low).toBeLessThanOrEqual(there.high);
      }),
    );
  });

  it('is nothing, for sure, where both are always right together, however many times they were asked', () => {
    expect(pairedDifference(single(10_000, 0, 0)).high).toBeLessThan(0.001);
    expect(pairedDifference([])).toEqual({ value: 0, low: -1, high: 1 });
  });

  it('is chance for a few, and none for many', () => {
    // McNemar's exact test says 12.5 % for four to none, and 0.2 % for ten to none.
    expect(pairedDifference(single(200, 0, 4)).high).toBeGreaterThan(0);
    expect(pairedDifference(single(200, 0, 10)).high).toBeLessThan(0);
  });

  it('agrees with a computation by hand', () => {
    // 52 queries of sessions of their own, 2 and 10 differences: (3 - 11) / 54 ± 1.96 √((14/54 - (8/54)²) / 54).
    const { value, low, high } = pairedDifference(single(52, 2, 10));
    expect(value).toBeCloseTo(-8 / 52, 12);
    expect(low).toBeCloseTo(-0.2781, 3);
    expect(high).toBeCloseTo(-0.0182, 3);
  });

  it('is less certain where the same few sessions make all of it', () => {
    const apart = single(400, 0, 20);
    const together = [
      { queries: 20, onlyFirst: 0, onlySecond: 20 },
      ...Array.from({ length: 19 }, () => ({ queries: 20, onlyFirst: 0, onlySecond: 0 })),
    ];
    expect(pairedDifference(apart).high).toBeLessThan(0);
    expect(pairedDifference(together).high).toBeGreaterThan(0);
  });

  it('holds the truth about 95 of 100 times', () => {
    let state = 7;
    const random = (): number => {
      state = (state + 0x6d2b79f5) | 0;
      const mixed = Math.imul(state ^ (state >>> 15), state | 1);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
    let held = 0;
    const turns = 1000;
    for (let turn = 0; turn < turns; turn++) {
      // The first is right alone in 5 %, the second in 9 %.
      const pairs = Array.from({ length: 500 }, () => {
        const drawn = random();
        return { queries: 1, onlyFirst: drawn < 0.05 ? 1 : 0, onlySecond: drawn >= 0.05 && drawn < 0.14 ? 1 : 0 };
      });
      const { low, high } = pairedDifference(pairs);
      if (low <= -0.04 && high >= -0.04) held += 1;
    }
    expect(held / turns).toBeGreaterThan(0.93);
    expect(held / turns).toBeLessThan(0.975);
  });
});
