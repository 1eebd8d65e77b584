import { describe, expect, it } from 'vitest';
import { tierCatalogue, tierNamed, tierNames } from './catalogue.ts';
import { priceKey, usagePriceKey } from './price.ts';
import { assertSound, type Tier } from './tier.ts';

const { standard, premium } = tierCatalogue;
const withStandard = (change: Partial<Tier>): Readonly<Record<string, Tier>> => ({
  ...tierCatalogue,
  standard: { ...standard, ...change },
});

describe('a catalogue that is not sound is refused', () => {
  it.each<[string, Readonly<Record<string, Tier>>, RegExp]>([
    ['a silo without a capacity', { premium: { ...premium, silo: null } }, /must/],
    ['a pool with one', withStandard({ silo: premium.silo }), /only a silo/],
    [
      'a year dearer than its months',
      withStandard({ price: { ...standard.price, year: { ...standard.price.year, krw: 900_000 } } }),
      /year must not cost more/,
    ],
    ['a tier under another name', { ...tierCatalogue, standard: { ...standard, name: 'basic' } }, /calls itself/],
    [
      'a dearer tier with less of something',
      withStandard({ limits: { ...standard.limits, apiKeys: 21 } }),
      /"premium" has less apiKeys/,
    ],
    [
      'a tier that is not dearer than the one before',
      withStandard({ price: { month: premium.price.month, year: premium.price.year } }),
      /not dearer/,
    ],
    ['suspension after deactivation', withStandard({ dunning: { graceDays: 30, lastDays: 30 } }), /graceDays/],
    [
      'an amount that is a float in disguise',
      withStandard({
        usage: {
          ...standard.usage,
          silo_hours: { included: 0, overage: { usd: '1e-3', eur: '0', krw: '0' } },
        },
      }),
      /decimal/,
    ],
    [
      'half a minor unit for a period',
      withStandard({ price: { ...standard.price, month: { usd: 0.5, eur: 1, krw: 1 } } }),
      /int/,
    ],
  ])('%s', (_, catalogue, reason) => {
    expect(() => assertSound(catalogue)).toThrow(reason);
  });
});

it('every price has a name of its own in Stripe', () => {
  const names = tierNames.flatMap((tier) =>
    (['month', 'year'] as const).flatMap((interval) => [
      priceKey(tier, interval),
      ...(Object.keys(tierCatalogue[tier].usage) as (keyof Tier['usage'])[]).map((meter) =>
        usagePriceKey(tier, meter, interval),
      ),
    ]),
  );
  expect(new Set(names).size).toBe(names.length);
});

it.each(['gold', '', 'constructor', '__proto__', 'toString'])(
  'refuses the unknown tier "%s", naming those there are',
  (name) => {
    expect(() => tierNamed(name)).toThrow(new RegExp(tierNames.join(', ')));
  },
);
