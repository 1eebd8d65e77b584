import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tierCatalogue, tierNames } from '../tier/catalogue.ts';
import { intervals } from '../tier/price.ts';
import { periodAt } from './billing-period.ts';
import { usageCatalogueOf } from './terms.ts';
import { canGoBeyond, thresholdReached } from './thresholds.ts';

describe('a threshold', () => {
  it.each([
    [0, undefined],
    [79, undefined],
    [80, 80],
    [99, 80],
    [100, 100],
    [1000, 100],
  ])('of an allowance of a hundred is reached by %i as %s', (used, reached) => {
    expect(thresholdReached(used, 100)).toBe(reached);
  });

  it('never falls while use grows', () => {
    const amount = fc.integer({ min: 0, max: 2_000_000_000 });
    fc.assert(
      fc.property(amount, amount, fc.integer({ min: 1, max: 1_000_000_000 }), (used, more, included) => {
        const before = thresholdReached(used, included) ?? 0;
        expect(thresholdReached(used + more, included) ?? 0).toBeGreaterThanOrEqual(before);
      }),
    );
  });
});

describe('an allowance', () => {
  const at = fc.date({ min: new Date('2024-01-01'), max: new Date('2032-12-31'), noInvalidDate: true });

  it('of every hour that there is cannot be gone beyond, in no tier, month or year', () => {
    fc.assert(
      fc.property(at, fc.constantFrom(...tierNames), fc.constantFrom(...intervals), (now, tier, interval) => {
        const { months, terms } = usageCatalogueOf({ tier, interval, currency: 'usd' });
        expect(canGoBeyond('silo_hours', terms.silo_hours.included, periodAt(now, undefined, months))).toBe(false);
      }),
    );
  });

  it('of fewer hours than there are can be gone beyond, and none of nothing', () => {
    const period = periodAt(new Date('2026-11-30T00:00:00.000Z'), undefined);
    expect(canGoBeyond('silo_hours', 719, period)).toBe(true);
    expect(canGoBeyond('silo_hours', 720, period)).toBe(false);
    expect(canGoBeyond('events_collected', 0, period)).toBe(false);
    expect(canGoBeyond('events_collected', tierCatalogue.standard.usage.events_collected.included, period)).toBe(true);
  });
});
