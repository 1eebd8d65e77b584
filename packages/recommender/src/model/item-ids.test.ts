import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createItemLookup, decodeItemIds, encodeItemIds } from './item-ids.ts';

const ids = fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 128 }), { maxLength: 60 });

it('keeps item ids in any script', () => {
  fc.assert(
    fc.property(ids, (given) => {
      expect(decodeItemIds(encodeItemIds(given))).toEqual(given);
    }),
  );
});

it('finds each id by its number and each number by its id, and nothing for any other string', () => {
  fc.assert(
    fc.property(ids, fc.string({ unit: 'grapheme', maxLength: 1000 }), (given, other) => {
      const lookup = createItemLookup(encodeItemIds(given));
      given.forEach((id, item) => {
        expect(lookup.numberOf(id)).toBe(item);
        expect(lookup.idOf(item)).toBe(id);
      });
      expect(lookup.numberOf(other)).toBe(given.indexOf(other));
    }),
  );
});
