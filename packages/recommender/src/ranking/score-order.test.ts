import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScoreOrder } from './score-order.ts';

describe('the order of scores', () => {
  const most = 12;
  const score = fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, -0, 1, -1, 1e-45, -1e-45));

  it('is from the greatest down, of equal ones the first first', () => {
    const scores = new Float32Array(most);
    const order = createScoreOrder(scores, most);
    fc.assert(
      fc.property(fc.array(score, { maxLength: most }), (values) => {
        scores.set(values);
        const positions = new Uint32Array(most);
        order(values.length, positions);
        const expected = [...values.keys()].sort((a, b) => {
          const [one = 0, other = 0] = [values[a], values[b]];
          return one === other ? a - b : one > other ? -1 : 1;
        });
        expect([...positions.subarray(0, values.length)]).toEqual(expected);
      }),
    );
  });
});
