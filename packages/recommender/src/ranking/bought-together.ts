import type { SessionIndex } from '../index/session-index.ts';

/** Of an item, so many of its newest sessions are looked at. */
const SESSIONS_MAX = 300;
/** What two events of a session say about being bought together, by the types of both: views little, purchases most. */
const pairWeights = [
  [0.05, 0.1, 0.1],
  [0.1, 1, 1.5],
  [0.1, 1.5, 3],
] as const;

/** How much is bought with some items: sums by item number, for the items that share a session with any of them. */
export function boughtTogether({ corpus, postings }: SessionIndex, about: readonly number[]): Map<number, number> {
  const { starts, items, types } = corpus;
  const sums = new Map<number, number>();
  for (const item of about) {
    const end = postings.starts[item + 1] ?? 0;
    for (let at = Math.max(postings.starts[item] ?? 0, end - SESSIONS_MAX); at < end; at++) {
      const session = postings.sessions[at] ?? 0;
      const from = starts[session] ?? 0;
      const to = Math.min(starts[session + 1] ?? 0, from + SESSIONS_MAX);
      let own = 0;
      for (let event = from; event < to; event++) if (items[event] === item) own = Math.max(own, types[event] ?? 0);
      for (let event = from; event < to; event++) {
        const other = items[event] ?? 0;
        if (other === item) continue;
        const weight = pairWeights[own]?.[types[event] ?? 0] ?? 0;
        sums.set(other, (sums.get(other) ?? 0) + weight);
      }
    }
  }
  return sums;
}
