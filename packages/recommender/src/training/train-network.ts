import { CANDIDATE_FEATURES, type Candidates, FEATURES } from '../ranking/features.ts';
import { HIDDEN, type Network } from '../ranking/network.ts';
import { createAdam } from './adam.ts';
import { createRandom } from './random.ts';

/** Prefixes whose next item is known, ready to learn from. */
export interface Lessons {
  readonly count: number;
  /** Lesson n has the candidates `starts[n] … starts[n + 1]`, the first of which is what came next. */
  readonly starts: Uint32Array;
  /** `CANDIDATE_FEATURES` for each candidate. */
  readonly features: Float32Array;
  /** What is equal for all candidates of a lesson. */
  readonly contexts: Float32Array;
}

const CONTEXT_FEATURES = FEATURES - CANDIDATE_FEATURES;
const BATCH = 32;
const RATE = 0.004;
/** Where the parts of the network lie in one array of parameters. */
const BIAS = HIDDEN * FEATURES;
const OUTPUT = BIAS + HIDDEN;
const DIRECT = OUTPUT + HIDDEN;
const PARAMETERS = DIRECT + CANDIDATE_FEATURES;

/** Keeps a lesson: what came next, and a choice of the other candidates. */
export function createLessons(capacity: number, othersMax: number, seed: number) {
  const random = createRandom(seed);
  const starts = new Uint32Array(capacity + 1);
  const contexts = new Float32Array(capacity * CONTEXT_FEATURES);
  let features = new Float32Array(Math.min(capacity, 4096) * (othersMax + 1) * CANDIDATE_FEATURES);
  let count = 0;
  let length = 0;
  const keep = (from: Float32Array, candidate: number): void => {
    if ((length + 1) * CANDIDATE_FEATURES > features.length) {
      const longer = new Float32Array(Math.ceil(features.length * 1.5));
      longer.set(features);
      features = longer;
    }
    const begin = candidate * CANDIDATE_FEATURES;
    features.set(from.subarray(begin, begin + CANDIDATE_FEATURES), length * CANDIDATE_FEATURES);
    length += 1;
  };
  return {
    /** Nothing is learnt from a prefix whose next item is no candidate. */
    add(candidates: Candidates, next: number): void {
      if (count === capacity) return;
      const target = candidates.items.subarray(0, candidates.count).indexOf(next);
      if (target < 0 || candidates.count < 2) return;
      keep(candidates.features, target);
      const share = othersMax / (candidates.count - 1);
      for (let candidate = 0; candidate < candidates.count; candidate++) {
        if (candidate !== target && (share >= 1 || random() < share)) keep(candidates.features, candidate);
      }
      contexts.set(candidates.context, count * CONTEXT_FEATURES);
      count += 1;
      starts[count] = length;
    },
    build: (): Lessons => ({ count, starts, features: features.subarray(0, length * CANDIDATE_FEATURES), contexts }),
  };
}

/** Learns to rank what came next first, by a softmax over each list. Deterministic for a seed. */
export function trainNetwork(lessons: Lessons, options: { readonly epochs: number; readonly seed: number }): Network {
  const { count, starts, contexts } = lessons;
  const random = createRandom(options.seed);
  const { means, deviations } = standardise(lessons);
  const parameters = new Float64Array(PARAMETERS);
  for (let at = 0; at < BIAS; at++) parameters[at] = (random() - 0.5) * 2 * Math.sqrt(3 / FEATURES);
  for (let at = OUTPUT; at < DIRECT; at++) parameters[at] = (random() - 0.5) * 0.4;
  const gradient = new Float64Array(PARAMETERS);
  const adam = createAdam(parameters);
  const input = new Float64Array(CANDIDATE_FEATURES);
  const context = new Float64Array(CONTEXT_FEATURES);
  const contextSlopes = new Float64Array(HIDDEN);
  const startSums = new Float64Array(HIDDEN);
  const listMax = longest(lessons);
  const activations = new Float64Array(listMax * HIDDEN);
  const inputs = new Float64Array(listMax * CANDIDATE_FEATURES);
  const scores = new Float64Array(listMax);
  const order = Uint32Array.from({ length: count }, (_, lesson) => lesson);
  const steps = Math.ceil(count / BATCH) * options.epochs;
  let step = 0;

  const learn = (lesson: number): void => {
    const begin = starts[lesson] ?? 0;
    const size = (starts[lesson + 1] ?? 0) - begin;
    for (let at = 0; at < CONTEXT_FEATURES; at++) {
      const feature = CANDIDATE_FEATURES + at;
      const value = contexts[lesson * CONTEXT_FEATURES + at] ?? 0;
      context[at] = (value - (means[feature] ?? 0)) / (deviations[feature] ?? 1);
    }
    for (let unit = 0; unit < HIDDEN; unit++) {
      let sum = parameters[BIAS + unit] ?? 0;
      const from = unit * FEATURES + CANDIDATE_FEATURES;
      for (let at = 0; at < CONTEXT_FEATURES; at++) sum += (parameters[from + at] ?? 0) * (context[at] ?? 0);
      startSums[unit] = sum;
    }
    let greatest = Number.NEGATIVE_INFINITY;
    for (let candidate = 0; candidate < size; candidate++) {
      const from = (begin + candidate) * CANDIDATE_FEATURES;
      const to = candidate * CANDIDATE_FEATURES;
      let score = 0;
      for (let at = 0; at < CANDIDATE_FEATURES; at++) {
        const value = ((lessons.features[from + at] ?? 0) - (means[at] ?? 0)) / (deviations[at] ?? 1);
        inputs[to + at] = value;
        input[at] = value;
        score += value * (parameters[DIRECT + at] ?? 0);
      }
      for (let unit = 0; unit < HIDDEN; unit++) {
        const row = unit * FEATURES;
        let one = startSums[unit] ?? 0;
        let other = 0;
        let at = 0;
        for (; at + 1 < CANDIDATE_FEATURES; at += 2) {
          one += (input[at] ?? 0) * (parameters[row + at] ?? 0);
          other += (input[at + 1] ?? 0) * (parameters[row + at + 1] ?? 0);
        }
        if (at < CANDIDATE_FEATURES) one += (input[at] ?? 0) * (parameters[row + at] ?? 0);
        const active = Math.max(0, one + other);
        activations[candidate * HIDDEN + unit] = active;
        score += active * (parameters[OUTPUT + unit] ?? 0);
      }
      scores[candidate] = score;
      if (score > greatest) greatest = score;
    }
    let total = 0;
    for (let candidate = 0; candidate < size; candidate++) {
      const power = Math.exp((scores[candidate] ?? 0) - greatest);
      scores[candidate] = power;
      total += power;
    }
    contextSlopes.fill(0);
    for (let candidate = 0; candidate < size; candidate++) {
      const slope = (scores[candidate] ?? 0) / total - (candidate === 0 ? 1 : 0);
      if (Math.abs(slope) < 1e-5) continue;
      const from = candidate * CANDIDATE_FEATURES;
      for (let at = 0; at < CANDIDATE_FEATURES; at++) {
        gradient[DIRECT + at] = (gradient[DIRECT + at] ?? 0) + slope * (inputs[from + at] ?? 0);
      }
      for (let unit = 0; unit < HIDDEN; unit++) {
        const active = activations[candidate * HIDDEN + unit] ?? 0;
        if (active <= 0) continue;
        gradient[OUTPUT + unit] = (gradient[OUTPUT + unit] ?? 0) + slope * active;
        const down = slope * (parameters[OUTPUT + unit] ?? 0);
        contextSlopes[unit] = (contextSlopes[unit] ?? 0) + down;
        const row = unit * FEATURES;
        for (let at = 0; at < CANDIDATE_FEATURES; at++) {
          gradient[row + at] = (gradient[row + at] ?? 0) + down * (inputs[from + at] ?? 0);
        }
      }
    }
    for (let unit = 0; unit < HIDDEN; unit++) {
      const down = contextSlopes[unit] ?? 0;
      gradient[BIAS + unit] = (gradient[BIAS + unit] ?? 0) + down;
      const row = unit * FEATURES + CANDIDATE_FEATURES;
      for (let at = 0; at < CONTEXT_FEATURES; at++) {
        gradient[row + at] = (gradient[row + at] ?? 0) + down * (context[at] ?? 0);
      }
    }
  };

  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    for (let begin = 0; begin < count; begin += BATCH) {
      const end = Math.min(count, begin + BATCH);
      gradient.fill(0);
      for (let at = begin; at < end; at++) learn(order[at] ?? 0);
      for (let at = 0; at < PARAMETERS; at++) gradient[at] = (gradient[at] ?? 0) / (end - begin);
      adam(gradient, RATE * Math.min(1, 1.02 - step / steps));
      step += 1;
    }
  }
  return folded(parameters, means, deviations);
}

/** Moves the standardisation into the weights, so that ranking takes features as they are. */
function folded(parameters: Float64Array, means: Float64Array, deviations: Float64Array): Network {
  const hidden = new Float32Array(HIDDEN * FEATURES);
  const hiddenBias = new Float32Array(HIDDEN);
  for (let unit = 0; unit < HIDDEN; unit++) {
    let bias = parameters[BIAS + unit] ?? 0;
    for (let feature = 0; feature < FEATURES; feature++) {
      const weight = (parameters[unit * FEATURES + feature] ?? 0) / (deviations[feature] ?? 1);
      hidden[unit * FEATURES + feature] = weight;
      bias -= weight * (means[feature] ?? 0);
    }
    hiddenBias[unit] = bias;
  }
  return {
    hidden,
    hiddenBias,
    output: Float32Array.from(parameters.subarray(OUTPUT, DIRECT)),
    // What its means add is equal for all candidates of a list.
    direct: Float32Array.from(parameters.subarray(DIRECT), (weight, feature) => weight / (deviations[feature] ?? 1)),
  };
}

function standardise({ count, starts, features, contexts }: Lessons) {
  const means = new Float64Array(FEATURES);
  const squares = new Float64Array(FEATURES);
  const rows = starts[count] ?? 0;
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < CANDIDATE_FEATURES; at++) {
      const value = features[row * CANDIDATE_FEATURES + at] ?? 0;
      means[at] = (means[at] ?? 0) + value / rows;
      squares[at] = (squares[at] ?? 0) + (value * value) / rows;
    }
  }
  for (let lesson = 0; lesson < count; lesson++) {
    for (let at = 0; at < CONTEXT_FEATURES; at++) {
      const value = contexts[lesson * CONTEXT_FEATURES + at] ?? 0;
      const feature = CANDIDATE_FEATURES + at;
      means[feature] = (means[feature] ?? 0) + value / count;
      squares[feature] = (squares[feature] ?? 0) + (value * value) / count;
    }
  }
  const deviations = squares.map((square, at) => {
    const variance = square - (means[at] ?? 0) ** 2;
    return variance > 1e-8 ? Math.sqrt(variance) : 1;
  });
  return { means, deviations };
}

function longest({ count, starts }: Lessons): number {
  let most = 1;
  for (let lesson = 0; lesson < count; lesson++)
    most = Math.max(most, (starts[lesson + 1] ?? 0) - (starts[lesson] ?? 0));
  return most;
}

function shuffle(order: Uint32Array, random: () => number): void {
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    const kept = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = kept;
  }
}
