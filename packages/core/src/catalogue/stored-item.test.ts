import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkItems } from './item.ts';

const lamp = { id: 'sku-1', title: 'Lamp', price: { amount: 4900, currency: 'EUR' }, attributes: { watts: 8 } };

/** Anything that JSON can carry, the odd numbers and the halves of characters among it. */
const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(1e16, -1e300, 5e-324, 1e-101, -0, Number.MAX_SAFE_INTEGER, JSON.parse('1e999')),
  fc.constantFrom('\ud800', 'a\udfffb', '\u0000', '', 'x'.repeat(10_000), '𝒳', '__proto__'),
);

describe('an item', () => {
  it('that is taken can be stored, and is read back as it was; one that is not names the field', () => {
    fc.assert(
      fc.property(
        fc.record({
          title: fc.option(anything, { nil: undefined }),
          category: fc.oneof(anything, fc.array(anything, { maxLength: 3 })),
          price: fc.oneof(anything, fc.record({ amount: anything, currency: fc.constantFrom('EUR', 'eur', 7) })),
          attributes: fc.oneof(anything, fc.dictionary(fc.constantFrom('a', 'b_1', 'A', '__proto__'), anything)),
        }),
        fc.subarray(['title', 'category', 'price', 'attributes'] as const),
        (odd, changed) => {
          const input = { ...lamp, ...Object.fromEntries(changed.map((field) => [field, odd[field]])) };
          const { items, verdicts } = checkItems([input]);
          for (const item of items) {
            const stored = unmarshall(marshall({ item }, { removeUndefinedValues: true }));
            expect(JSON.stringify(stored.item)).toBe(JSON.stringify(item));
          }
          for (const { errors = [] } of verdicts) for (const { field } of errors) expect(field).toMatch(/^items\.0/);
          expect(items.length === 1).toBe(verdicts[0]?.verdict === 'accepted');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a number that no table holds', { attributes: { a: 1e300 } }, 'items.0.attributes.a'],
    ['a number that is not read back as it was', { attributes: { a: 2 ** 53 } }, 'items.0.attributes.a'],
    ['infinity', { attributes: { a: JSON.parse('1e999') } }, 'items.0.attributes.a'],
    ['half a character', { title: 'a\ud800' }, 'items.0.title'],
    ['10 MB of text', { title: 'x'.repeat(10_000_000) }, 'items.0.title'],
    [
      'a thousand unknown fields',
      Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f${i}`, i])),
      'items.0.f0',
    ],
  ])('with %s is refused by the field’s name', (_, change, field) => {
    const { items, verdicts } = checkItems([{ ...lamp, ...change }]);
    expect(items).toEqual([]);
    expect(verdicts[0]?.errors?.map((error) => error.field)).toContain(field);
    expect(JSON.stringify(verdicts).length).toBeLessThan(2000);
  });
});
