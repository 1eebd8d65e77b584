import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createIdSource, type IdKind, idPattern, idPrefixes, isTenantId, timeOfId } from './id.ts';

const kinds = Object.keys(idPrefixes) as IdKind[];

it('makes ids that match their pattern, carry their time, and sort in the order in which they were made', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 30 }),
      (kind, steps) => {
        const newId = createIdSource();
        let at = 1_790_000_000_000;
        const ids = steps.map((step) => {
          at += step;
          return newId(kind, at);
        });
        for (const id of ids) expect(id).toMatch(idPattern(kind));
        expect(timeOfId(ids.at(-1) ?? '')).toBe(at);
        expect([...ids].sort()).toEqual(ids);
        expect(new Set(ids).size).toBe(ids.length);
      },
    ),
  );
});

it('gives an id of the past its own time, whatever was made before', () => {
  const newId = createIdSource();
  newId('event', 2_000_000);
  expect(timeOfId(newId('event', 1_000_000))).toBe(1_000_000);
});

it.each([
  'ten_',
  'ten_01J',
  'usr_01m7xjdzh3gk7e4thh79zjpbzj',
  'TEN_01m7xjdzh3gk7e4thh79zjpbzj',
  'ten_01M7XJDZH3GK7E4THH79ZJPBZJ',
  7,
  null,
])('takes %s for no tenant id', (value) => {
  expect(isTenantId(value)).toBe(false);
});
