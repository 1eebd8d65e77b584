import type { SessionIndex } from '../index/session-index.ts';
import type { Prefix } from './evidence.ts';
import { CANDIDATES_MAX, createCandidates } from './features.ts';
import { createScoring, type Network } from './network.ts';
import { createScoreOrder } from './score-order.ts';

/** Items, best first, with their scores; good until the next call. */
export interface Ranking {
  readonly count: number;
  readonly items: Uint32Array;
  readonly scores: Float32Array;
}

/** Longer prefixes are cut to their latest events. */
export const PREFIX_MAX = 100;

/**
 * Ranks what could come next after a prefix, items of the prefix included. Without a network the sums that need no training decide.
 * @returns a function with arrays of its own that are used again and again, so one at a time may use it
 */
export function createItemRanking(index: SessionIndex, network?: Network): (prefix: Prefix) => Ranking {
  const candidatesOf = createCandidates(index);
  const score = network && createScoring(network);
  const scores = new Float32Array(CANDIDATES_MAX);
  const order = createScoreOrder(scores, CANDIDATES_MAX);
  const positions = new Uint32Array(CANDIDATES_MAX);
  const items = new Uint32Array(CANDIDATES_MAX);
  const ordered = new Float32Array(CANDIDATES_MAX);
  return (prefix) => {
    const candidates = candidatesOf(prefix);
    const { count } = candidates;
    if (score) score(candidates, scores);
    else scores.set(candidates.untrained.subarray(0, count));
    order(count, positions);
    for (let place = 0; place < count; place++) {
      const at = positions[place] ?? 0;
      items[place] = candidates.items[at] ?? 0;
      ordered[place] = scores[at] ?? 0;
    }
    return { count, items, scores: ordered };
  };
}
