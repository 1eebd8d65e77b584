import { contract } from '@tenantry/core/contract/routes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scenarios } from '../explorer/request.ts';
import { draftOf, effects, moved, newDraft, ruleOf, targets } from './draft.ts';

const draft = fc.record({
  name: fc.constantFrom('Summer', ' New '),
  effect: fc.constantFrom(...effects),
  target: fc.constantFrom(...targets),
  items: fc.constantFrom('a', 'a, b'),
  category: fc.constantFrom('Shoes', 'Shoes > Running'),
  attribute: fc.constant('colour'),
  value: fc.constantFrom('black', '8', 'true', 'a|b'),
  position: fc.integer({ min: 1, max: 20 }),
  factor: fc.integer({ min: 1, max: 100 }),
  scenarios: fc.subarray(scenarios),
  from: fc.constantFrom('', '2026-03-10T12:00'),
  until: fc.constantFrom('', '2026-03-11T12:00'),
  enabled: fc.boolean(),
});

describe('a rule in a form', () => {
  it('is one that the API takes, and the same after it is opened again', () => {
    fc.assert(
      fc.property(draft, (typed) => {
        const [rule] = contract.putRules.body.parse({ version: 0, rules: [ruleOf(typed)] }).rules;
        if (!rule) throw new Error('The rule is lost.');
        expect(ruleOf(draftOf(rule))).toEqual(ruleOf(typed));
      }),
    );
  });

  it('keeps a text that reads like a number as it was', () => {
    const on = { attribute: { name: 'size', equals: '42' } };
    const rule = { name: 'Size', effect: 'exclude' as const, on };
    expect(ruleOf(draftOf(rule))).toEqual(rule);
  });

  it('is none while something is missing', () => {
    expect(ruleOf(newDraft)).toBeUndefined();
    expect(ruleOf({ ...newDraft, name: 'A', category: ' > ' })).toBeUndefined();
    expect(ruleOf({ ...newDraft, name: 'A', effect: 'pin', category: 'Shoes' })).toBeUndefined();
  });

  it('moves and loses none of the others', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 1 }), fc.nat(), fc.nat(), (rules, a, b) => {
        const [from, to] = [a % rules.length, b % rules.length];
        const result = moved(rules, from, to);
        expect(result[to]).toBe(rules[from]);
        expect([...result].sort()).toEqual([...rules].sort());
      }),
    );
  });
});
