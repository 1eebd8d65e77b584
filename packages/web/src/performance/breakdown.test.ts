import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakdown, courses, figures, groupings, totalsOf } from './breakdown.ts';

const count = fc.integer({ min: 0, max: 50 });
const day = fc.record({
  day: fc.constantFrom('2026-03-09', '2026-03-10'),
  scenario: fc.constantFrom('personal', 'cart', 'similar'),
  modelVersion: fc.constantFrom('m1', 'm2'),
  variant: fc.constantFrom('none', 'a'),
  impressions: count,
  clickedLists: count,
  clicks: count,
  conversions: count,
  revenue: fc.dictionary(fc.constantFrom('EUR', 'KRW'), count),
});

describe('what lists came to', () => {
  it('is the same as a whole, however it is broken down', () => {
    fc.assert(
      fc.property(fc.array(day), fc.constantFrom(...groupings), (days, by) => {
        const groups = breakdown(days, by);
        const sum = (of: (one: (typeof groups)[number]) => number) => groups.reduce((all, one) => all + of(one), 0);
        const whole = totalsOf(days);
        expect(sum(({ impressions }) => impressions)).toBe(whole.impressions);
        expect(sum(({ conversions }) => conversions)).toBe(whole.conversions);
        expect(sum(({ revenue }) => revenue.EUR ?? 0)).toBe(whole.revenue.EUR ?? 0);
        expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
      }),
    );
  });

  it('has no rate where there was nothing to divide by, and a gap in the chart where nothing was', () => {
    expect(figures.clickRate(totalsOf([]))).toBeNull();
    const one = { day: '2026-03-10', scenario: 'cart', modelVersion: 'm', variant: 'none', revenue: {} } as const;
    const days = [{ ...one, impressions: 4, clickedLists: 1, clicks: 2, conversions: 0 }];
    const all = ['2026-03-09', '2026-03-10'];
    expect(courses(days, { by: 'scenario', figure: 'clickRate', names: ['cart'], all })).toEqual([
      { at: '2026-03-09', line0: null },
      { at: '2026-03-10', line0: 0.25 },
    ]);
  });
});
