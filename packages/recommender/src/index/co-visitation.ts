import type { Corpus } from './corpus.ts';
import type { Occurrences } from './postings.ts';
import { createRowOrder } from './row-order.ts';

/** Neighbours of items: those of item i are `items[starts[i] … starts[i + 1]]`, best first, with their weights. */
export interface WeightedRows {
  readonly starts: Uint32Array;
  readonly items: Uint32Array;
  readonly weights: Float32Array;
}

export interface CoVisitation {
  /** What was seen after an item. */
  readonly forward: WeightedRows;
  /** What was seen before or after it. */
  readonly symmetric: WeightedRows;
}

/** Events further apart than this in a session say nothing about each other. */
const WINDOW = 10;
/** How much a pair at a distance counts; the first is that of neighbours. */
const distanceWeights = Float64Array.from({ length: WINDOW + 1 }, (_, distance) => 1 / Math.max(1, distance));
/** How much an event counts by its type, as a neighbour. */
export const typeWeights = Float64Array.of(1, 2, 3);
export const NEIGHBOURS_MAX = 64;
/** Of an item that occurs more often, the newest occurrences tell who its neighbours are. */
const OCCURRENCES_MAX = 20_000;

/**
 * Counts which items are seen together, near ones more. A row follows from the events around its item alone, so that sessions which
 * are added change only the rows of their own items.
 * @param previous rows that stay as they are, except those of the items for which `changed` is 1
 */
export function countCoVisitation(
  corpus: Corpus,
  occurrences: Occurrences,
  sessionOf: Uint32Array,
  previous?: { readonly rows: CoVisitation; readonly changed: Uint8Array },
): CoVisitation {
  const { itemCount, items, types, starts } = corpus;
  const after = new Float64Array(itemCount);
  const around = new Float64Array(itemCount);
  const seen = new Uint8Array(itemCount);
  const touched = new Uint32Array(itemCount);
  const forward = createRows(itemCount, previous?.rows.forward);
  const symmetric = createRows(itemCount, previous?.rows.symmetric);

  for (let item = 0; item < itemCount; item++) {
    if (previous && previous.changed[item] === 0) {
      forward.keep(item);
      symmetric.keep(item);
      continue;
    }
    let count = 0;
    const end = occurrences.starts[item + 1] ?? 0;
    for (let at = Math.max(occurrences.starts[item] ?? 0, end - OCCURRENCES_MAX); at < end; at++) {
      const event = occurrences.events[at] ?? 0;
      const session = sessionOf[event] ?? 0;
      const first = Math.max(starts[session] ?? 0, event - WINDOW);
      const last = Math.min((starts[session + 1] ?? 0) - 1, event + WINDOW);
      for (let other = first; other <= last; other++) {
        const neighbour = items[other] ?? 0;
        if (neighbour === item) continue;
        if (seen[neighbour] === 0) {
          seen[neighbour] = 1;
          touched[count] = neighbour;
          count += 1;
        }
        const weight = (distanceWeights[Math.abs(other - event)] ?? 0) * (typeWeights[types[other] ?? 0] ?? 1);
        around[neighbour] = (around[neighbour] ?? 0) + weight;
        if (other > event) after[neighbour] = (after[neighbour] ?? 0) + weight;
      }
    }
    forward.add(item, touched, count, after);
    symmetric.add(item, touched, count, around);
    for (let at = 0; at < count; at++) {
      const neighbour = touched[at] ?? 0;
      seen[neighbour] = 0;
      after[neighbour] = 0;
      around[neighbour] = 0;
    }
  }
  return { forward: forward.build(), symmetric: symmetric.build() };
}

/** Rows that grow item by item; each is cut to its best neighbours. */
function createRows(itemCount: number, previous: WeightedRows | undefined) {
  const order = createRowOrder(itemCount);
  const starts = new Uint32Array(itemCount + 1);
  let items = new Uint32Array(Math.max(1024, previous?.items.length ?? 0));
  let weights = new Float32Array(items.length);
  let length = 0;
  const grow = (): void => {
    if (length + NEIGHBOURS_MAX <= items.length) return;
    const [shortItems, shortWeights] = [items, weights];
    items = new Uint32Array(shortItems.length * 2);
    weights = new Float32Array(shortItems.length * 2);
    items.set(shortItems);
    weights.set(shortWeights);
  };
  return {
    add(item: number, touched: Uint32Array, count: number, sums: Float64Array): void {
      grow();
      length += order(touched, count, sums, NEIGHBOURS_MAX, items, weights, length);
      starts[item + 1] = length;
    },
    keep(item: number): void {
      grow();
      const from = previous?.starts[item] ?? 0;
      const to = previous?.starts[item + 1] ?? from;
      for (let at = from; at < to; at++) {
        items[length] = previous?.items[at] ?? 0;
        weights[length] = previous?.weights[at] ?? 0;
        length += 1;
      }
      starts[item + 1] = length;
    },
    build: (): WeightedRows => ({ starts, items: items.slice(0, length), weights: weights.slice(0, length) }),
  };
}
