import type { ItemStatistics } from './item-statistics.ts';

/** Items in an order that is the same for every shopper, best first, with their scores. */
export interface ItemList {
  readonly items: Uint32Array;
  readonly scores: Float32Array;
}

export interface ItemLists {
  /** Every item. */
  readonly popular: ItemList;
  /** Those that are looked at more in the newest tenth of the sessions than before. */
  readonly trending: ItemList;
  /** Those that were bought. */
  readonly bestsellers: ItemList;
}

const LIST_MAX = 2000;
/** An event of the newest tenth of the sessions counts as so many more for popularity. */
const RECENT_EXTRA = 4;

export function itemLists({ counts, recentCounts, bought }: ItemStatistics): ItemLists {
  return {
    popular: listOf(
      counts.map((count, item) => count + RECENT_EXTRA * (recentCounts[item] ?? 0)),
      counts.length,
    ),
    trending: listOf(
      // By how many deviations it is above what an even course would have given.
      counts.map((count, item) => ((recentCounts[item] ?? 0) - count / 10) / Math.sqrt(count / 10 + 1)),
      LIST_MAX,
    ),
    bestsellers: listOf(bought, LIST_MAX),
  };
}

/** The items with a score above zero; of equal scores the smaller number first. */
function listOf(scores: Float32Array, most: number): ItemList {
  const order = Uint32Array.from(scores.keys())
    .filter((item) => (scores[item] ?? 0) > 0)
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const items = order.slice(0, most);
  return { items, scores: Float32Array.from(items, (item) => scores[item] ?? 0) };
}
