import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeSnapshot, encodeSnapshot, type ListedItem } from './snapshot.ts';

const text = fc.string({ minLength: 1, maxLength: 8 });
const listed = fc.record(
  {
    available: fc.boolean(),
    category: fc.array(fc.constantFrom('a', 'b', '1'), { minLength: 1, maxLength: 3 }),
    price: fc.record({ amount: fc.nat(), currency: fc.constantFrom('EUR', 'USD') }),
    attributes: fc.dictionary(fc.constantFrom('colour', 'size'), fc.oneof(text, fc.integer(), fc.boolean()), {
      noNullPrototype: true,
    }),
  },
  { requiredKeys: ['available'] },
);

it('a snapshot is read as it was written, whatever is in it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, listed)), fc.nat(), (items, version) => {
      const snapshot = { items: new Map<string, ListedItem>(items), rules: { version, rules: [] }, experiment: null };
      expect(decodeSnapshot(encodeSnapshot(snapshot))).toEqual(snapshot);
    }),
  );
});

it('a snapshot of another format is refused, and so is half of one', () => {
  const whole = encodeSnapshot({
    items: new Map([['a', { available: true }]]),
    rules: { version: 1, rules: [] },
    experiment: null,
  });
  expect(() => decodeSnapshot(whole.replace('"format":1', '"format":2'))).toThrow('format 2');
  expect(() => decodeSnapshot(whole.slice(0, -5))).toThrow();
});
