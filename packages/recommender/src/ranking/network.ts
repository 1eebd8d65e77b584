import { CANDIDATE_FEATURES, type Candidates, FEATURES } from './features.ts';
import { KERNEL_UNITS, scoreCandidates } from './kernel/score.ts';

export const HIDDEN = KERNEL_UNITS;
const WIDTH = CANDIDATE_FEATURES;

/** A network of one hidden layer with a direct path beside it; its inputs are brought to mean 0 and deviation 1 within its weights. */
export interface Network {
  /** Hidden unit h has `FEATURES` weights from `h * FEATURES`. */
  readonly hidden: Float32Array;
  readonly hiddenBias: Float32Array;
  readonly output: Float32Array;
  /** From each feature to the score. */
  readonly direct: Float32Array;
}

/** @returns a function that writes a score for each candidate; scores compare within one prefix only. */
export function createScoring({
  hidden,
  hiddenBias,
  output,
  direct,
}: Network): (candidates: Candidates, scores: Float32Array) => void {
  const start = new Float32Array(HIDDEN);
  // The part of the weights that candidates differ by; the prefix's part is the same for all of them.
  const weights = new Float32Array(HIDDEN * WIDTH);
  for (let unit = 0; unit < HIDDEN; unit++) {
    for (let feature = 0; feature < WIDTH; feature++) {
      weights[feature * HIDDEN + unit] = hidden[unit * FEATURES + feature] ?? 0;
    }
  }
  const network = { width: WIDTH, weights, output, direct: direct.subarray(0, WIDTH) };
  return ({ count, features, context }, scores) => {
    for (let unit = 0; unit < HIDDEN; unit++) {
      let sum = hiddenBias[unit] ?? 0;
      for (let at = 0; at < context.length; at++) {
        sum += (hidden[unit * FEATURES + WIDTH + at] ?? 0) * (context[at] ?? 0);
      }
      start[unit] = sum;
    }
    scoreCandidates(network, { count, start, features }, scores);
  };
}
