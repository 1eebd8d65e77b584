import type { ListedItem } from '@tenantry/core/catalogue/snapshot';
import { type Rule, ruleSchema } from '@tenantry/core/rules/rule';
import { rulesFor } from '@tenantry/core/rules/rules-for';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RankedItem } from '../model/model.ts';
import { arrange } from './arrange.ts';

const now = new Date('2026-06-01T12:00:00.000Z');
const ranked = (count: number): readonly RankedItem[] =>
  Array.from({ length: count }, (_, place) => ({ itemId: `i${place}`, score: 1 / (1 + place), reason: 'popular' }));
const lamps: ListedItem = { available: true, category: ['Lamps', 'Desk'], attributes: { tags: ['new', 'led'] } };

function arranged(
  rules: readonly object[],
  options: { count?: number; items?: Record<string, ListedItem>; maxPerCategory?: number; barred?: string } = {},
): string {
  const { count = 6, items = {}, maxPerCategory, barred } = options;
  const parsed = rules.map((rule) => ruleSchema.parse({ name: 'A rule', ...rule }));
  const list = arrange(ranked(count), {
    rules: rulesFor(parsed, 'personal', now),
    itemOf: (itemId) => items[itemId],
    accept: (itemId) => itemId !== barred,
    maxPerCategory,
  });
  return list.map(({ itemId }) => itemId).join(' ');
}

describe('rules', () => {
  it('put boosted items as far up as their score reaches', () => {
    expect(arranged([{ effect: 'boost', on: { itemIds: ['i3'] }, factor: 3 }])).toBe('i0 i3 i1 i2 i4 i5');
    expect(arranged([{ effect: 'boost', on: { itemIds: ['i3'] }, factor: 1 }])).toBe('i0 i1 i2 i3 i4 i5');
  });

  it('put buried items behind all else, in the order that they had', () => {
    const items = { i0: lamps, i2: lamps };
    expect(arranged([{ effect: 'bury', on: { category: ['Lamps'] } }], { items })).toBe('i1 i3 i4 i5 i0 i2');
    const byTag = { effect: 'bury', on: { attribute: { name: 'tags', equals: 'led' } } };
    expect(arranged([byTag], { items })).toBe('i1 i3 i4 i5 i0 i2');
  });

  it('pin items to their place, also those that the model does not know, but none that must not be there', () => {
    const pin = { effect: 'pin', on: { itemIds: ['i4', 'x', 'y'] }, position: 2 };
    expect(arranged([pin])).toBe('i0 i4 x y i1 i2 i3 i5');
    expect(arranged([pin], { barred: 'x' })).toBe('i0 i4 y i1 i2 i3 i5');
    expect(arranged([pin], { count: 0 })).toBe('i4 x y');
  });

  it('count only while they are in force, from the first moment to before the last', () => {
    const rule = (more: object): Rule =>
      ruleSchema.parse({ name: 'x', effect: 'bury', on: { itemIds: ['a'] }, ...more });
    const inForce = (more: object) => rulesFor([rule(more)], 'personal', now).reorders;
    expect(inForce({ from: now.toISOString() })).toBe(true);
    expect(inForce({ until: now.toISOString() })).toBe(false);
    expect(inForce({ from: '2026-06-01T12:00:00.001Z' })).toBe(false);
    expect(inForce({ until: '2026-06-01T12:00:00.001Z' })).toBe(true);
    expect(inForce({ scenarios: ['cart'] })).toBe(false);
    expect(inForce({ scenarios: ['cart', 'personal'] })).toBe(true);
  });

  it('never show an item twice and lose none, whatever they are', () => {
    const ids = fc.subarray(['i0', 'i1', 'i2', 'i3', 'i4', 'i5'], { minLength: 1 });
    const rule = fc.oneof(
      fc.record({
        effect: fc.constant('boost'),
        on: fc.record({ itemIds: ids }),
        factor: fc.integer({ min: 1, max: 9 }),
      }),
      fc.record({ effect: fc.constant('bury'), on: fc.record({ itemIds: ids }) }),
      fc.record({
        effect: fc.constant('pin'),
        on: fc.record({ itemIds: ids }),
        position: fc.integer({ min: 1, max: 9 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), (rules) => {
        expect(arranged(rules).split(' ').sort()).toEqual(['i0', 'i1', 'i2', 'i3', 'i4', 'i5']);
      }),
    );
  });

  it.each([
    ['names nothing', { effect: 'bury', on: {} }],
    ['names two things', { effect: 'bury', on: { itemIds: ['a'], category: ['b'] } }],
    ['pins a category', { effect: 'pin', on: { category: ['a'] }, position: 1 }],
    ['pins to no place', { effect: 'pin', on: { itemIds: ['a'] }, position: 0 }],
    ['boosts by less than nothing', { effect: 'boost', on: { itemIds: ['a'] }, factor: -1 }],
    [
      'ends before it begins',
      { effect: 'bury', on: { itemIds: ['a'] }, from: now.toISOString(), until: now.toISOString() },
    ],
    ['is for a list that there is not', { effect: 'bury', on: { itemIds: ['a'] }, scenarios: ['best'] }],
    ['does what nobody knows', { effect: 'burn', on: { itemIds: ['a'] } }],
  ])('a rule that %s is refused', (_, rule) => {
    expect(ruleSchema.safeParse({ name: 'A rule', ...rule }).success).toBe(false);
  });
});

it('of a category, as many are shown as were asked for; what has none is not counted', () => {
  const items = { i0: lamps, i1: lamps, i3: lamps, i4: { available: true, category: ['Hats'] } };
  expect(arranged([], { items, maxPerCategory: 1 })).toBe('i0 i2 i4 i5');
  expect(arranged([], { items, maxPerCategory: 2 })).toBe('i0 i1 i2 i4 i5');
});
