import { CANDIDATE_FEATURES, type Candidates, FEATURES } from './features.ts';

export const HIDDEN = 32;

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
  const start = new Float64Array(HIDDEN);
  // The part of the weights that candidates differ by, four units side by side, so that a feature is read once for four.
  const weights = new Float32Array(HIDDEN * CANDIDATE_FEATURES);
  for (let unit = 0; unit < HIDDEN; unit++) {
    for (let feature = 0; feature < CANDIDATE_FEATURES; feature++) {
      const at = (unit >> 2) * 4 * CANDIDATE_FEATURES + feature * 4 + (unit & 3);
      weights[at] = hidden[unit * FEATURES + feature] ?? 0;
    }
  }
  return ({ count, features, context }, scores) => {
    for (let unit = 0; unit < HIDDEN; unit++) {
      let sum = hiddenBias[unit] ?? 0;
      for (let at = 0; at < context.length; at++) {
        sum += (hidden[unit * FEATURES + CANDIDATE_FEATURES + at] ?? 0) * (context[at] ?? 0);
      }
      start[unit] = sum;
    }
    for (let candidate = 0; candidate < count; candidate++) {
      const from = candidate * CANDIDATE_FEATURES;
      let score = 0;
      for (let feature = 0; feature < CANDIDATE_FEATURES; feature++) {
        score += (direct[feature] ?? 0) * (features[from + feature] ?? 0);
      }
      let at = 0;
      for (let unit = 0; unit < HIDDEN; unit += 4) {
        let a = start[unit] ?? 0;
        let b = start[unit + 1] ?? 0;
        let c = start[unit + 2] ?? 0;
        let d = start[unit + 3] ?? 0;
        for (let feature = 0; feature < CANDIDATE_FEATURES; feature++) {
          const value = features[from + feature] ?? 0;
          a += value * (weights[at] ?? 0);
          b += value * (weights[at + 1] ?? 0);
          c += value * (weights[at + 2] ?? 0);
          d += value * (weights[at + 3] ?? 0);
          at += 4;
        }
        if (a > 0) score += a * (output[unit] ?? 0);
        if (b > 0) score += b * (output[unit + 1] ?? 0);
        if (c > 0) score += c * (output[unit + 2] ?? 0);
        if (d > 0) score += d * (output[unit + 3] ?? 0);
      }
      scores[candidate] = score;
    }
  };
}
