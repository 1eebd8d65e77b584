import { sessionCount } from '../index/corpus.ts';
import type { SessionIndex } from '../index/session-index.ts';
import { createTopSelection } from './select-top.ts';
import { createSessionSums } from './session-sums.ts';

const SESSIONS_COMPARED = 256;

/** Sessions like a prefix, by their place here; good until the next prefix. */
export interface SimilarSessions {
  readonly sessions: Uint32Array;
  /** How alike each is, by the items that both hold; rare ones tell more. */
  readonly alike: Float64Array;
  /** Session at `at` is the events `begins[at] … ends[at]` of the corpus. */
  readonly begins: Uint32Array;
  readonly ends: Uint32Array;
}

export interface SimilarSessionsSource {
  readonly found: SimilarSessions;
  /** Finds the sessions that are most like the first `count` of some distinct items with their weights. @returns how many they are */
  find(items: Uint32Array, weights: Float64Array, count: number): number;
}

export function createSimilarSessions({ corpus, postings }: SessionIndex): SimilarSessionsSource {
  const total = sessionCount(corpus);
  const sums = createSessionSums();
  const selectTop = createTopSelection();
  let preference = new Float32Array(4096);
  const places = new Uint32Array(SESSIONS_COMPARED);
  const sessions = new Uint32Array(SESSIONS_COMPARED);
  const alike = new Float64Array(SESSIONS_COMPARED);
  const begins = new Uint32Array(SESSIONS_COMPARED);
  const ends = new Uint32Array(SESSIONS_COMPARED);
  const lastItems = new Uint32Array(SESSIONS_COMPARED);
  const lastTypes = new Uint8Array(SESSIONS_COMPARED);

  const compare = (items: Uint32Array, weights: Float64Array, count: number): void => {
    const { starts } = postings;
    let most = 0;
    for (let rank = 0; rank < count; rank++) {
      const item = items[rank] ?? 0;
      most += (starts[item + 1] ?? 0) - (starts[item] ?? 0);
    }
    sums.begin(most);
    for (let rank = 0; rank < count; rank++) {
      const item = items[rank] ?? 0;
      const from = starts[item] ?? 0;
      const to = starts[item + 1] ?? 0;
      sums.add(postings.sessions, from, to, (weights[rank] ?? 0) * Math.log(1 + total / (1 + to - from)));
    }
  };

  const choose = (): number => {
    const { sessions: compared, sums: sumOf, count } = sums;
    if (count > preference.length) preference = new Float32Array(2 * count);
    // Of sessions that are equally alike the newer ones are chosen.
    const newness = 0.5 / total;
    for (let at = 0; at < count; at++) preference[at] = (sumOf[at] ?? 0) * (0.5 + newness * (compared[at] ?? 0));
    const chosen = selectTop(preference, count, SESSIONS_COMPARED, places);
    for (let at = 0; at < chosen; at++) {
      sessions[at] = compared[places[at] ?? 0] ?? 0;
      alike[at] = sumOf[places[at] ?? 0] ?? 0;
    }
    return chosen;
  };

  /**
   * A large corpus is in no cache, and a core waits for many places of memory at once only where no decision hangs on them. So where sessions lie is read
   * first, then one event of each, which brings the others along: half the time of a list from ten million events.
   */
  const locate = (chosen: number): void => {
    const { starts, items, types } = corpus;
    for (let at = 0; at < chosen; at++) {
      const session = sessions[at] ?? 0;
      begins[at] = starts[session] ?? 0;
      ends[at] = starts[session + 1] ?? 0;
    }
    for (let at = 0; at < chosen; at++) {
      const last = (ends[at] ?? 0) - 1;
      lastItems[at] = items[last] ?? 0;
      lastTypes[at] = types[last] ?? 0;
    }
  };

  return {
    found: { sessions, alike, begins, ends },
    find(items, weights, count) {
      compare(items, weights, count);
      const chosen = choose();
      locate(chosen);
      return chosen;
    },
  };
}
