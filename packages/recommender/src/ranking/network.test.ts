import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../training/random.ts';
import { CANDIDATE_FEATURES, CANDIDATES_MAX, FEATURES } from './features.ts';
import { createScoring, HIDDEN, type Network } from './network.ts';

describe('scores by a network', () => {
  const numbers = (seed: number, length: number) => {
    const random = createRandom(seed);
    return Float32Array.from({ length }, () => 2 * random() - 1);
  };

  /** One sum after the other, as the network is described. */
  const expectedOf = (
    { hidden, hiddenBias, output, direct }: Network,
    candidate: Float32Array,
    context: Float32Array,
  ) => {
    const inputs = [...candidate, ...context];
    let score = candidate.reduce((sum, value, at) => sum + value * (direct[at] ?? 0), 0);
    for (let unit = 0; unit < HIDDEN; unit++) {
      const from = unit * FEATURES;
      const sum = inputs.reduce((all, value, at) => all + value * (hidden[from + at] ?? 0), hiddenBias[unit] ?? 0);
      score += Math.max(0, sum) * (output[unit] ?? 0);
    }
    return score;
  };

  it('are what its weights say, for any number of candidates, and none beyond them is written', () => {
    const network: Network = {
      hidden: numbers(1, HIDDEN * FEATURES),
      hiddenBias: numbers(2, HIDDEN),
      output: numbers(3, HIDDEN),
      direct: numbers(4, FEATURES),
    };
    const score = createScoring(network);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: CANDIDATES_MAX }), fc.nat(), (count, seed) => {
        const features = numbers(seed, CANDIDATES_MAX * CANDIDATE_FEATURES);
        const context = numbers(seed + 1, FEATURES - CANDIDATE_FEATURES);
        const scores = new Float32Array(CANDIDATES_MAX).fill(9);
        const untrained = new Float32Array(CANDIDATES_MAX);
        score({ count, items: new Uint32Array(CANDIDATES_MAX), features, context, untrained }, scores);
        scores.subarray(0, count).forEach((written, candidate) => {
          const from = candidate * CANDIDATE_FEATURES;
          const own = features.subarray(from, from + CANDIDATE_FEATURES);
          expect(written).toBeCloseTo(expectedOf(network, own, context), 4);
        });
        expect(scores.subarray(count).every((untouched) => untouched === 9)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
