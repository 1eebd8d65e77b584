import { expect, it } from 'vitest';
import { type Tier, tierCatalogue, tierNamed, tierNames } from './catalogue.ts';

const tiers = Object.values<Tier>(tierCatalogue);

it('gives a silo its capacity, and the pool none', () => {
  for (const tier of tiers) {
    expect(tier.silo !== null).toBe(tier.isolation === 'silo');
    if (tier.silo) expect(tier.silo.replicasMin).toBeLessThanOrEqual(tier.silo.replicasMax);
  }
});

it('lists tiers from the cheapest, each allowing at least what the one before allows', () => {
  for (const [index, tier] of tiers.entries()) {
    const before = tiers[index - 1];
    if (!before) continue;
    expect(tier.price.amount).toBeGreaterThan(before.price.amount);
    for (const limit of Object.keys(tier.limits) as (keyof Tier['limits'])[]) {
      expect(tier.limits[limit]).toBeGreaterThanOrEqual(before.limits[limit]);
    }
  }
});

it('names every price differently', () => {
  expect(new Set(tiers.map(({ price }) => price.lookupKey)).size).toBe(tiers.length);
});

it.each(['gold', '', 'constructor', '__proto__', 'toString'])(
  'refuses the unknown tier "%s", naming those there are',
  (name) => {
    expect(() => tierNamed(name)).toThrow(new RegExp(tierNames.join(', ')));
  },
);
