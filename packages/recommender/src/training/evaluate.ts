import type { Corpus } from '../index/corpus.ts';
import type { RankingMetrics } from '../model/model-meta.ts';
import type { Prefix } from '../ranking/evidence.ts';
import { PREFIX_MAX, type Ranking } from '../ranking/rank-items.ts';

/** A prefix and what came next; -1 stands for an item that the model cannot know. */
export interface Query {
  readonly prefix: Prefix;
  readonly next: number;
}

/** Every event but the first of each session, with what came before it, from session `from` on. */
export function* queriesOf({ starts, items, types }: Corpus, from = 0): Generator<Query> {
  for (let session = from; session + 1 < starts.length; session++) {
    const begin = starts[session] ?? 0;
    const end = starts[session + 1] ?? 0;
    for (let event = begin + 1; event < end; event++) {
      const first = Math.max(begin, event - PREFIX_MAX);
      yield {
        prefix: { items: items.subarray(first, event), types: types.subarray(first, event), length: event - first },
        next: items[event] ?? -1,
      };
    }
  }
}

const LIST = 20;

/** Where an item is in the first 20 of a list, from 1; 0 when it is not among them. */
export function rankIn(item: number, items: ArrayLike<number>, count: number): number {
  for (let at = 0; at < Math.min(count, LIST); at++) if (items[at] === item) return at + 1;
  return 0;
}

/** The same in the list without the items of the prefix, which is the list that a shopper gets to see. */
export function rankAmongNew(item: number, items: ArrayLike<number>, count: number, { items: before }: Prefix): number {
  let rank = 0;
  for (let at = 0; at < count && rank < LIST; at++) {
    const listed = items[at] ?? -1;
    if (before.indexOf(listed) >= 0) continue;
    rank += 1;
    if (listed === item) return rank;
  }
  return 0;
}

/** Sums up ranks: hits and reciprocals. */
function createSums() {
  let hits = 0;
  let reciprocal = 0;
  let queries = 0;
  return {
    add(rank: number): void {
      queries += 1;
      if (rank === 0) return;
      hits += 1;
      reciprocal += 1 / rank;
    },
    result: () => ({ hr20: hits / Math.max(1, queries), mrr20: reciprocal / Math.max(1, queries), queries }),
  };
}

/** How well something ranks: HR@20 and MRR@20. Items of the prefix may be in a list, except where what came next was new. */
export function evaluate(rank: (prefix: Prefix) => Ranking, queries: Iterable<Query>): RankingMetrics {
  const all = createSums();
  const novel = createSums();
  for (const { prefix, next } of queries) {
    const { items, count } = rank(prefix);
    all.add(rankIn(next, items, count));
    if (prefix.items.indexOf(next) < 0) novel.add(rankAmongNew(next, items, count, prefix));
  }
  const among = novel.result();
  return { ...all.result(), novelHr20: among.hr20, novelMrr20: among.mrr20, novelQueries: among.queries };
}
