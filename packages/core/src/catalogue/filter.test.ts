import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Filters, filtersSchema, matcherOf } from './filter.ts';

const item = {
  category: ['Lamps', 'Desk'],
  price: { amount: 4900, currency: 'EUR' },
  attributes: { colour: 'black', sizes: ['s', 'm'], watts: 8, led: true, volts: '12' },
};
const matches = (filters: unknown): boolean => matcherOf(filtersSchema.parse(filters))(item);

describe('a filter', () => {
  it.each([
    [true, 'a category above', { categories: [['Lamps']] }],
    [true, 'one category of several', { categories: [['Hats'], ['Lamps', 'Desk']] }],
    [false, 'a category below', { categories: [['Lamps', 'Desk', 'LED']] }],
    [false, 'a category beside', { categories: [['Desk']] }],
    [true, 'its price to the cent', { price: { currency: 'EUR', min: 4900, max: 4900 } }],
    [false, 'a price above', { price: { currency: 'EUR', min: 4901 } }],
    [false, 'a price below', { price: { currency: 'EUR', max: 4899 } }],
    [false, 'the price in another currency', { price: { currency: 'USD', max: 9900 } }],
    [true, 'a value', { attributes: { colour: { equals: 'black' } } }],
    [true, 'one of several values', { attributes: { sizes: { equals: 'm' } } }],
    [true, 'a value among others', { attributes: { led: { in: [false, true] } } }],
    [true, 'a range', { attributes: { watts: { min: 8, max: 10 } } }],
    [false, 'a range of what is no number', { attributes: { colour: { min: 0 } } }],
    [false, 'a range of a number that is text', { attributes: { volts: { min: 0 } } }],
    [false, 'a number that is text', { attributes: { watts: { equals: '8' } } }],
    [false, 'an attribute that it has not', { attributes: { weight: { min: 0 } } }],
    [false, 'one of two that does not hold', { attributes: { colour: { equals: 'black' }, watts: { max: 7 } } }],
  ])('gives %s for %s', (expected, _, filters) => {
    expect(matches(filters)).toBe(expected);
  });

  it('is held by nothing of which the catalogue does not say so', () => {
    const one = fc.constantFrom<Filters>(
      { categories: [['Lamps']] },
      { price: { currency: 'EUR' } },
      { attributes: { constructor: { equals: 'Object' } } },
      { attributes: { watts: { min: 0 } } },
    );
    fc.assert(fc.property(one, (filters) => !matcherOf(filters)({}) && !matcherOf(filters)({ attributes: {} })));
  });

  it('lets through what fulfils each of its parts, and nothing else', () => {
    const parts = fc.record(
      {
        categories: fc.constantFrom([['Lamps']], [['Hats']]),
        price: fc.record({ currency: fc.constantFrom('EUR', 'USD'), min: fc.nat(9900) }),
        attributes: fc.constantFrom({ watts: { min: 5 } }, { watts: { min: 9 } }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(parts, (filters) => {
        const each = Object.entries(filters).map(([name, part]) => matches({ [name]: part }));
        expect(matches(filters)).toBe(each.every(Boolean));
      }),
    );
  });
});
