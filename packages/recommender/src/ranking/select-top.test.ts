import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTopSelection } from './select-top.ts';

it('picks as many as are asked for, none twice, and none that is clearly less than one that it leaves', () => {
  const select = createTopSelection();
  const value = fc.oneof(fc.double({ min: 0, max: 5, noNaN: true }), fc.constantFrom(0, 1, 1e-6));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 300 }), fc.integer({ min: 1, max: 60 }), (given, most) => {
      const values = Float32Array.from(given);
      const positions = new Uint32Array(most);
      const count = select(values, values.length, most, positions);
      const chosen = new Set(positions.subarray(0, count));
      expect(count).toBe(Math.min(most, given.length));
      expect(chosen.size).toBe(count);
      const least = Math.min(...[...chosen].map((at) => values[at] ?? 0));
      const greatest = Math.max(0, ...values);
      values.forEach((left, at) => {
        if (!chosen.has(at)) expect(left).toBeLessThanOrEqual(least + greatest / 1000);
      });
    }),
  );
});
