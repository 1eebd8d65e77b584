import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencies } from '../tier/price.ts';
import { metricsOf, type Standing } from './metrics.ts';

const MONTH = '2026-11';
const company = (tenantId: string, more: Partial<Standing>): Standing => ({
  tenantId,
  currency: 'usd',
  mrr: 0,
  paidBefore: false,
  trial: null,
  ...more,
});

const standing = fc.record({
  tenantId: fc.constantFrom(...'abcdefgh'),
  currency: fc.constantFrom(...currencies, null),
  mrr: fc.integer({ min: 0, max: 1_000_000 }),
  paidBefore: fc.boolean(),
  trial: fc.constant(null),
});
const standings = fc.uniqueArray(standing, { selector: ({ tenantId }) => tenantId });

describe('the metrics of a month', () => {
  it('tell each way in which recurring revenue changes', () => {
    const before = [
      company('grows', { mrr: 4900 }),
      company('shrinks', { mrr: 49_900 }),
      company('leaves', { mrr: 4900 }),
      company('is gone', { mrr: 4900 }),
    ];
    const now = [
      company('grows', { mrr: 49_900 }),
      company('shrinks', { mrr: 4900 }),
      company('leaves', { mrr: 0 }),
      company('comes', { mrr: 4900 }),
      company('comes back', { mrr: 4900, paidBefore: true }),
    ];
    const { mrr, companies, companyChurn, revenueChurn } = metricsOf(MONTH, before, now);
    expect(mrr.usd).toEqual({
      opening: 64_600,
      new: 4900,
      expansion: 45_000,
      contraction: 45_000,
      churn: 9800,
      reactivation: 4900,
      closing: 64_600,
    });
    expect(companies).toEqual({ opening: 4, gained: 2, lost: 2, closing: 4 });
    expect(companyChurn).toBe(0.5);
    expect(revenueChurn.usd).toBeCloseTo(54_800 / 64_600);
  });

  it('count trials by when they started and ended, also within one month', () => {
    const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T00:00:00.000Z`;
    const trial = (startedAt: string, state: 'running' | 'converted' | 'lost', endedAt: string | null) => ({
      trial: { startedAt, state, endedAt },
    });
    const now = [
      company('quick', trial(at(2), 'converted', at(16))),
      company('earlier', trial('2026-10-25T00:00:00.000Z', 'converted', at(8))),
      company('lost', trial('2026-10-25T00:00:00.000Z', 'lost', at(8))),
      company('long ago', trial('2026-01-25T00:00:00.000Z', 'converted', '2026-02-08T00:00:00.000Z')),
      company('runs', trial(at(20), 'running', null)),
      company('later', trial('2026-12-01T00:00:00.000Z', 'running', null)),
      company('ended afterwards', trial(at(25), 'lost', '2026-12-09T00:00:00.000Z')),
    ];
    expect(metricsOf(MONTH, [], now).trials).toEqual({ started: 3, converted: 2, lost: 1, running: 2 });
  });

  it('explain the closing by the opening in each currency, and never add currencies up', () => {
    fc.assert(
      fc.property(standings, standings, (before, now) => {
        const { mrr, companies } = metricsOf(MONTH, before, now);
        for (const currency of currencies) {
          const sum = (all: readonly Standing[]) =>
            all.reduce((total, one) => total + (one.currency === currency ? one.mrr : 0), 0);
          const movement = mrr[currency];
          expect(movement?.opening ?? 0).toBe(sum(before));
          expect(movement?.closing ?? 0).toBe(sum(now));
          if (!movement) continue;
          const { opening, new: fresh, expansion, contraction, churn, reactivation, closing } = movement;
          expect(opening + fresh + expansion + reactivation - contraction - churn).toBe(closing);
          for (const amount of Object.values(movement)) expect(amount).toBeGreaterThanOrEqual(0);
        }
        expect(companies.opening + companies.gained - companies.lost).toBe(companies.closing);
      }),
    );
  });

  it('give no churn where nothing was at the beginning', () => {
    const { companyChurn, revenueChurn } = metricsOf(MONTH, [], [company('comes', { mrr: 4900 })]);
    expect({ companyChurn, revenueChurn }).toEqual({ companyChurn: null, revenueChurn: { usd: null } });
  });
});
