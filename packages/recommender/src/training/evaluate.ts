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

/** Where the item is in the first 20 of a list, from 1; 0 when it is not among them. */
export function rankOf(item: number, items: ArrayLike<number>, count: number): number {
  for (let at = 0; at < Math.min(count, LIST); at++) if (items[at] === item) return at + 1;
  return 0;
}

/** Sums up ranks, all of them and those of queries whose next item was new to the prefix. */
export function createMetrics(): { add(rank: number, novel: boolean): void; result(): RankingMetrics } {
  const all = { hits: 0, reciprocal: 0, queries: 0 };
  const novel = { hits: 0, reciprocal: 0, queries: 0 };
  const share = (sum: number, queries: number): number => (queries === 0 ? 0 : sum / queries);
  return {
    add(rank, isNovel) {
      for (const sums of isNovel ? [all, novel] : [all]) {
        sums.queries += 1;
        if (rank > 0) {
          sums.hits += 1;
          sums.reciprocal += 1 / rank;
        }
      }
    },
    result: () => ({
      hr20: share(all.hits, all.queries),
      mrr20: share(all.reciprocal, all.queries),
      novelHr20: share(novel.hits, novel.queries),
      novelMrr20: share(novel.reciprocal, novel.queries),
      queries: all.queries,
      novelQueries: novel.queries,
    }),
  };
}

/** How well something ranks: HR@20 and MRR@20, items of the prefix left in its lists. */
export function evaluate(rank: (prefix: Prefix) => Ranking, queries: Iterable<Query>): RankingMetrics {
  const metrics = createMetrics();
  for (const { prefix, next } of queries) {
    const { items, count } = rank(prefix);
    metrics.add(rankOf(next, items, count), prefix.items.subarray(0, prefix.length).indexOf(next) < 0);
  }
  return metrics.result();
}
