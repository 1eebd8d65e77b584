import type { BehaviourEvent } from '@tenantry/core/events/event';

/** How event types are kept in a byte. */
export const typeCodes = { view: 0, cart: 1, purchase: 2 } as const satisfies Record<BehaviourEvent['type'], number>;

/**
 * Sessions, oldest first, as flat arrays. Items are numbers from 0 in the order of their first event, so that sessions which are
 * appended never change the number of an item.
 */
export interface Corpus {
  /** Session s is the events `starts[s] … starts[s + 1]`. */
  readonly starts: Uint32Array;
  /** The item of each event. */
  readonly items: Uint32Array;
  /** The type of each event, as in `typeCodes`. */
  readonly types: Uint8Array;
  /** When each session ended, in seconds; only differences count, so data without times may number its sessions. */
  readonly endedAt: Uint32Array;
  /** Distinct items; every item number is below it. */
  readonly itemCount: number;
}

export const sessionCount = ({ starts }: Corpus): number => starts.length - 1;

/** The sessions `from … to`, with the numbers that items have in the whole. */
export function sliceCorpus({ starts, items, types, endedAt, itemCount }: Corpus, from: number, to: number): Corpus {
  const first = starts[from] ?? 0;
  const last = starts[to] ?? 0;
  return {
    starts: starts.slice(from, to + 1).map((start) => start - first),
    items: items.subarray(first, last),
    types: types.subarray(first, last),
    endedAt: endedAt.subarray(from, to),
    itemCount,
  };
}

/** Both, one after the other. Items of `newer` must be numbered as in `older`, new ones after those. */
export function appendCorpus(older: Corpus, newer: Corpus): Corpus {
  const base = older.items.length;
  const starts = new Uint32Array(older.starts.length + newer.starts.length - 1);
  starts.set(older.starts);
  for (let at = 1; at < newer.starts.length; at++)
    starts[older.starts.length + at - 1] = base + (newer.starts[at] ?? 0);
  return {
    starts,
    items: joined(Uint32Array, older.items, newer.items),
    types: joined(Uint8Array, older.types, newer.types),
    endedAt: joined(Uint32Array, older.endedAt, newer.endedAt),
    itemCount: Math.max(older.itemCount, newer.itemCount),
  };
}

function joined<A extends Uint8Array | Uint32Array>(Type: new (length: number) => A, one: A, other: A): A {
  const both = new Type(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** Collects a corpus session by session, without an object per event. */
export function createCorpusBuilder(itemCount = 0): {
  add(items: ArrayLike<number>, types: ArrayLike<number>, endedAt: number): void;
  build(): Corpus;
} {
  let items = new Uint32Array(1024);
  let types = new Uint8Array(1024);
  let starts = new Uint32Array(256);
  let endedAt = new Uint32Array(256);
  let sessions = 0;
  let events = 0;
  let count = itemCount;
  return {
    add(sessionItems, sessionTypes, ended) {
      const { length } = sessionItems;
      while (events + length > items.length) {
        items = joined(Uint32Array, items, new Uint32Array(items.length));
        types = joined(Uint8Array, types, new Uint8Array(types.length));
      }
      if (sessions + 2 > starts.length) {
        starts = joined(Uint32Array, starts, new Uint32Array(starts.length));
        endedAt = joined(Uint32Array, endedAt, new Uint32Array(endedAt.length));
      }
      for (let at = 0; at < length; at++) {
        const item = sessionItems[at] ?? 0;
        items[events + at] = item;
        types[events + at] = sessionTypes[at] ?? 0;
        if (item >= count) count = item + 1;
      }
      events += length;
      endedAt[sessions] = ended;
      sessions += 1;
      starts[sessions] = events;
    },
    build: () => ({
      starts: starts.slice(0, sessions + 1),
      items: items.slice(0, events),
      types: types.slice(0, events),
      endedAt: endedAt.slice(0, sessions),
      itemCount: count,
    }),
  };
}
