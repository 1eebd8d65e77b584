import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSessionSums } from './session-sums.ts';

describe('sums by session', () => {
  const session = fc.oneof(fc.nat({ max: 40 }), fc.constantFrom(0, 64, 128, 192, 2 ** 31, 2 ** 32 - 1));
  const rows = fc.array(fc.tuple(fc.array(session, { maxLength: 30 }), fc.integer({ min: 1, max: 9 })), {
    maxLength: 6,
  });

  it('are those of all rows, in the order in which sessions came up, whatever was summed before', () => {
    const table = createSessionSums();
    fc.assert(
      fc.property(rows, (added) => {
        const expected = new Map<number, number>();
        table.begin(added.reduce((most, [sessions]) => most + sessions.length, 0));
        for (const [sessions, weight] of added) {
          for (const one of sessions) expected.set(one, (expected.get(one) ?? 0) + weight);
          // A row lies between others.
          table.add(Uint32Array.of(7, ...sessions, 7), 1, 1 + sessions.length, weight);
        }
        expect([...table.sessions.subarray(0, table.count)]).toEqual([...expected.keys()]);
        expect([...table.sums.subarray(0, table.count)]).toEqual([...expected.values()]);
      }),
    );
  });
});
