import { describe, expect, it } from 'vitest';
import { checkItems } from './item.ts';

const fieldsOf = (item: object): string => {
  const { verdicts } = checkItems([{ id: 'a', ...item }]);
  return verdicts[0]?.errors?.map(({ field }) => field).join() ?? 'none';
};

describe('an item', () => {
  it.each([
    ['without an id', { id: undefined }, 'items.0.id'],
    ['with an id of two words', { id: 'a b' }, 'items.0.id'],
    ['with a field that nobody knows', { colour: 'red' }, 'items.0.colour'],
    ['with half a cent', { price: { amount: 0.5, currency: 'EUR' } }, 'items.0.price.amount'],
    ['with a price below nothing', { price: { amount: -1, currency: 'EUR' } }, 'items.0.price.amount'],
    ['with a price in no currency', { price: { amount: 1, currency: 'euro' } }, 'items.0.price.currency'],
    ['with an address that runs a script', { url: 'javascript:alert(1)' }, 'items.0.url'],
    ['with nine levels of categories', { category: Array(9).fill('a') }, 'items.0.category'],
    ['with no category', { category: [] }, 'items.0.category'],
    ['with a number that is none', { attributes: { size: Number.NaN } }, 'items.0.attributes.size'],
    ['with a name that is none', { attributes: { 'Size!': 1 } }, 'items.0.attributes.Size!'],
    [
      'with 21 attributes',
      { attributes: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`a${n}`, 1])) },
      'items.0.attributes',
    ],
    [
      'with attributes that are too large',
      {
        attributes: Object.fromEntries(Array.from({ length: 3 }, (_, n) => [`a${n}`, Array(20).fill('x'.repeat(100))])),
      },
      'items.0.attributes',
    ],
    ['with a title of control characters', { title: 'a\u0000b' }, 'items.0.title'],
    ['with an availability in words', { available: 'yes' }, 'items.0.available'],
  ])('%s is refused by the field', (_, item, field) => {
    expect(fieldsOf(item)).toBe(field);
  });

  it('needs an id and nothing else, and is available unless it says otherwise', () => {
    expect(checkItems([{ id: 'a' }]).items).toEqual([{ id: 'a', available: true }]);
  });
});

it('of an item that comes twice the last stands, and bad ones do not take good ones with them', () => {
  const { items, verdicts } = checkItems([{ id: 'a', title: 'old' }, null, { id: 'b' }, { id: 'a', title: 'new' }]);
  expect(items).toEqual([
    { id: 'a', title: 'new', available: true },
    { id: 'b', available: true },
  ]);
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['accepted', 'rejected', 'accepted', 'accepted']);
});
