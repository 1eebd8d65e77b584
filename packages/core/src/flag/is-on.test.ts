import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '../ids/id.ts';
import { tierNames } from '../tier/catalogue.ts';
import { type FlagName, flagNamed, flagNames } from './flags.ts';
import { isOn } from './is-on.ts';

const name: FlagName = flagNames[0];
const subject = fc.record({
  tenantId: fc.integer({ min: 0, max: 2 ** 40 }).map((at) => newId('tenant', at)),
  tier: fc.constantFrom(...tierNames),
});

describe('a flag', () => {
  it('is what its table says while nobody has set it', () => {
    fc.assert(fc.property(subject, (one) => isOn(name, undefined, one) === flagNamed(name).default));
  });

  it('is on for nobody at 0 %, for everybody at 100 %, and whoever is in stays in when the part grows', () => {
    const percent = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(subject, percent, percent, (one, a, b) => {
        const on = (percentage: number) => isOn(name, { kind: 'percentage', percentage }, one);
        expect([on(0), on(100)]).toEqual([false, true]);
        expect(on(Math.min(a, b)) && !on(Math.max(a, b))).toBe(false);
        expect(on(a)).toBe(on(a));
      }),
    );
  });

  it('is on for about as many as was asked for', () => {
    const ids = Array.from({ length: 4000 }, (_, at) => newId('tenant', at));
    const share =
      ids.filter((tenantId) => isOn(name, { kind: 'percentage', percentage: 25 }, { tenantId, tier: 'standard' }))
        .length / ids.length;
    expect(share).toBeGreaterThan(0.22);
    expect(share).toBeLessThan(0.28);
  });

  it('is on for the companies and the tiers that are named, and no others', () => {
    fc.assert(
      fc.property(subject, subject, (one, other) => {
        expect(isOn(name, { kind: 'companies', tenantIds: [one.tenantId] }, one)).toBe(true);
        expect(isOn(name, { kind: 'companies', tenantIds: [other.tenantId] }, one)).toBe(
          one.tenantId === other.tenantId,
        );
        expect(isOn(name, { kind: 'tiers', tiers: [other.tier] }, one)).toBe(one.tier === other.tier);
      }),
    );
  });
});
