import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeOf, countByDay, daysFrom, figureOf, mainCurrency, shareOf, spans, windowOf } from './figures.ts';

describe('the figures of a stretch of days', () => {
  it('stand beside those of as many days right before, and no day is in both or in none', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...spans),
        fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        (span, date) => {
          const { first, last, before } = windowOf(span, date.toISOString().slice(0, 10));
          const [days, earlier] = [daysFrom(first, last), daysFrom(before.first, before.last)];
          expect([days.length, earlier.length]).toEqual([Number(span), Number(span)]);
          expect([...earlier, ...days]).toEqual(daysFrom(before.first, last));
        },
      ),
    );
  });

  it('add up what days had, and days without anything are none', () => {
    const byDay = new Map([
      ['2026-03-10', 5],
      ['2026-03-08', 2],
      ['2026-03-01', 4],
    ]);
    const figure = figureOf(byDay, windowOf('7', '2026-03-10'));
    expect([figure.value, figure.before]).toEqual([7, 4]);
    expect(figure.series).toHaveLength(7);
    expect(figure.series.at(-2)).toEqual({ at: '2026-03-09', value: 0 });
    expect(changeOf(figure)).toBe(0.75);
    expect(changeOf({ ...figure, before: 0 })).toBeUndefined();
  });

  it('are a share of the whole stretch, not the mean of its days', () => {
    const window = windowOf('7', '2026-03-10');
    const lists = new Map([
      ['2026-03-10', 1],
      ['2026-03-09', 99],
    ]);
    expect(shareOf(new Map([['2026-03-10', 1]]), lists, window).value).toBe(0.01);
  });

  it('add up lists of all kinds, and are in the currency that most was bought in', () => {
    const row = {
      scenario: 'personal',
      modelVersion: 'm',
      variant: 'none',
      impressions: 1,
      clickedLists: 0,
      clicks: 0,
    } as const;
    const days = [
      { ...row, day: '2026-03-10', conversions: 1, revenue: { KRW: 90_000 } },
      { ...row, day: '2026-03-10', conversions: 3, revenue: { EUR: 300 } },
    ];
    expect(countByDay({ days }, ({ revenue }) => revenue.EUR ?? 0).get('2026-03-10')).toBe(300);
    expect(mainCurrency({ days })).toBe('EUR');
    expect(mainCurrency({ days: [] })).toBeUndefined();
  });
});
