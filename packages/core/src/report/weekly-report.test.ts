import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysOfWeek, earlierWeek, weekBefore, weekOf } from './week.ts';
import { clickRate, reportOf } from './weekly-report.ts';

describe('a week', () => {
  it.each([
    ['2026-11-30T00:00:00Z', '2026-W49', '2026-11-30', '2026-12-06'],
    ['2026-11-29T23:59:59Z', '2026-W48', '2026-11-23', '2026-11-29'],
    // Years whose first days belong to the last week of the year before, and the other way round.
    ['2027-01-01T12:00:00Z', '2026-W53', '2026-12-28', '2027-01-03'],
    ['2024-12-31T12:00:00Z', '2025-W01', '2024-12-30', '2025-01-05'],
    ['2023-01-01T12:00:00Z', '2022-W52', '2022-12-26', '2023-01-01'],
  ])('of %s is %s, from %s to %s', (at, name, first, last) => {
    expect(weekOf(new Date(at))).toEqual({ name, first, last });
  });

  it('has seven days, and follows upon the one before it without a gap', () => {
    const times = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(times, (at) => {
        const week = weekOf(at);
        const before = weekBefore(at);
        expect(daysOfWeek(week)).toContain(at.toISOString().slice(0, 10));
        expect(earlierWeek(week)).toEqual(before);
        expect(Date.parse(week.first) - Date.parse(before.last)).toBe(86_400_000);
        expect(new Set([...daysOfWeek(before), ...daysOfWeek(week)]).size).toBe(14);
        expect(before.name < week.name).toBe(true);
      }),
    );
  });
});

describe('a report', () => {
  const week = weekOf(new Date('2026-11-25T12:00:00Z'));
  const kind = { scenario: 'personal', modelVersion: 'm', variant: 'none' } as const;
  const counts = { ...kind, clicks: 0, conversions: 0, shoppers: 0, clickedShoppers: 0 };

  it('counts each day in its own week, and currencies apart', () => {
    const report = reportOf(
      {
        events: new Map([
          ['2026-11-22', 5],
          ['2026-11-23', 7],
          ['2026-11-29', 1],
        ]),
        recommendations: new Map([['2026-11-24', 3]]),
        counts: [
          { ...counts, day: '2026-11-17', impressions: 10, clickedLists: 1, revenue: { usd: 100 } },
          { ...counts, day: '2026-11-24', impressions: 4, clickedLists: 2, revenue: { usd: 300, krw: 5000 } },
          { ...counts, day: '2026-11-25', impressions: 4, clickedLists: 0, revenue: { usd: 200 } },
        ],
      },
      week,
    );
    expect(report.totals).toEqual({
      events: 8,
      recommendations: 3,
      impressions: 8,
      clickedLists: 2,
      revenue: { usd: 500, krw: 5000 },
    });
    expect(report.before).toEqual({
      events: 5,
      recommendations: 0,
      impressions: 10,
      clickedLists: 1,
      revenue: { usd: 100 },
    });
    expect(report.days[0]).toEqual({ day: '2026-11-23', events: 7, before: 0 });
    expect(report.days[6]).toEqual({ day: '2026-11-29', events: 1, before: 5 });
    expect(clickRate(report.totals)).toBe(0.25);
    expect(clickRate({ ...report.totals, impressions: 0 })).toBeUndefined();
  });
});
