import { CANDIDATE_FEATURES, type Candidates, FEATURES } from './features.ts';

export const HIDDEN = 32;
/** An own name: a module's own constants are the quickest in inner loops. */
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
  const start = new Float64Array(HIDDEN);
  // In the precision that sums are made in, so that no weight is converted again for each candidate. Candidates differ by this part of the weights;
  // it lies four units side by side.
  const weights = new Float64Array(HIDDEN * WIDTH);
  for (let unit = 0; unit < HIDDEN; unit++) {
    for (let feature = 0; feature < WIDTH; feature++) {
      const at = (unit >> 2) * 4 * WIDTH + feature * 4 + (unit & 3);
      weights[at] = hidden[unit * FEATURES + feature] ?? 0;
    }
  }
  const outputs = Float64Array.from(output);
  const directs = Float64Array.from(direct);
  /** Two candidates side by side: a weight that is read serves both. */
  const pair = new Float64Array(2 * WIDTH);
  return ({ count, features, context }, scores) => {
    for (let unit = 0; unit < HIDDEN; unit++) {
      let sum = hiddenBias[unit] ?? 0;
      for (let at = 0; at < context.length; at++) {
        sum += (hidden[unit * FEATURES + WIDTH + at] ?? 0) * (context[at] ?? 0);
      }
      start[unit] = sum;
    }
    for (let candidate = 0; candidate < count; candidate += 2) {
      const from = candidate * WIDTH;
      let score = 0;
      let score2 = 0;
      for (let feature = 0; feature < WIDTH; feature++) {
        const value = features[from + feature] ?? 0;
        const value2 = features[from + WIDTH + feature] ?? 0;
        const weight = directs[feature] ?? 0;
        pair[2 * feature] = value;
        pair[2 * feature + 1] = value2;
        score += value * weight;
        score2 += value2 * weight;
      }
      let at = 0;
      for (let unit = 0; unit < HIDDEN; unit += 4) {
        let a = start[unit] ?? 0;
        let b = start[unit + 1] ?? 0;
        let c = start[unit + 2] ?? 0;
        let d = start[unit + 3] ?? 0;
        let a2 = a;
        let b2 = b;
        let c2 = c;
        let d2 = d;
        for (let place = 0; place < 2 * WIDTH; place += 2) {
          const value = pair[place] ?? 0;
          const value2 = pair[place + 1] ?? 0;
          const forA = weights[at] ?? 0;
          const forB = weights[at + 1] ?? 0;
          const forC = weights[at + 2] ?? 0;
          const forD = weights[at + 3] ?? 0;
          a += value * forA;
          a2 += value2 * forA;
          b += value * forB;
          b2 += value2 * forB;
          c += value * forC;
          c2 += value2 * forC;
          d += value * forD;
          d2 += value2 * forD;
          at += 4;
        }
        const ofA = outputs[unit] ?? 0;
        const ofB = outputs[unit + 1] ?? 0;
        const ofC = outputs[unit + 2] ?? 0;
        const ofD = outputs[unit + 3] ?? 0;
        score += Math.max(a, 0) * ofA + Math.max(b, 0) * ofB + Math.max(c, 0) * ofC + Math.max(d, 0) * ofD;
        score2 += Math.max(a2, 0) * ofA + Math.max(b2, 0) * ofB + Math.max(c2, 0) * ofC + Math.max(d2, 0) * ofD;
      }
      scores[candidate] = score;
      if (candidate + 1 < count) scores[candidate + 1] = score2;
    }
  };
}
