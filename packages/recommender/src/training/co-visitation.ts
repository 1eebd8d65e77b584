import type { CoVisitationIndex } from '../model/co-visitation.ts';
import type { Session } from './sessions.ts';

/** Items further apart than this in a session say nothing about each other. */
const WINDOW = 8;
/** What was seen after an item counts more than what was seen before. */
const BACKWARD = 0.6;
/** How much an item's general popularity takes away from its weight as a neighbour. */
const POPULARITY_POWER = 0.25;
const NEIGHBOURS_MAX = 64;
const POPULAR_MAX = 500;

const eventWeights = { view: 1, cart: 2, purchase: 3 } as const;

/** Counts which items are seen together, near ones more, and keeps the best neighbours of each. */
export function buildCoVisitation(sessions: readonly Session[]): CoVisitationIndex {
  const itemIds: string[] = [];
  const indexOf = new Map<string, number>();
  const counts: number[] = [];
  const pairs: Map<number, number>[] = [];

  const indexFor = (itemId: string): number => {
    const known = indexOf.get(itemId);
    if (known !== undefined) return known;
    const index = itemIds.push(itemId) - 1;
    indexOf.set(itemId, index);
    counts.push(0);
    pairs.push(new Map());
    return index;
  };
  const add = (from: number, to: number, weight: number): void => {
    const row = pairs[from];
    row?.set(to, (row.get(to) ?? 0) + weight);
  };

  for (const { events } of sessions) {
    const items = events.map(({ itemId, type }) => ({ item: indexFor(itemId), weight: eventWeights[type] }));
    items.forEach(({ item, weight }, at) => {
      counts[item] = (counts[item] ?? 0) + weight;
      for (let distance = 1; distance <= WINDOW && at + distance < items.length; distance++) {
        const later = items[at + distance];
        if (!later || later.item === item) continue;
        add(item, later.item, later.weight / distance);
        add(later.item, item, (BACKWARD * weight) / distance);
      }
    });
  }

  const rows = new Uint32Array(itemIds.length + 1);
  const neighbours: number[] = [];
  const weights: number[] = [];
  pairs.forEach((row, item) => {
    const best = [...row]
      .map(([other, weight]): [number, number] => [other, weight / (counts[other] ?? 1) ** POPULARITY_POWER])
      .sort(([a, x], [b, y]) => y - x || a - b)
      .slice(0, NEIGHBOURS_MAX);
    for (const [other, weight] of best) {
      neighbours.push(other);
      weights.push(weight);
    }
    rows[item + 1] = neighbours.length;
  });

  const byCount = counts
    .map((count, item): [number, number] => [item, count])
    .sort(([a, x], [b, y]) => y - x || a - b)
    .slice(0, POPULAR_MAX);
  const most = byCount[0]?.[1] ?? 1;
  return {
    itemIds,
    rows,
    neighbours: Uint32Array.from(neighbours),
    weights: Float32Array.from(weights),
    popular: Uint32Array.from(byCount, ([item]) => item),
    popularity: Float32Array.from(byCount, ([, count]) => count / most),
  };
}
