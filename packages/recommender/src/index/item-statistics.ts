import { type Corpus, sessionCount } from './corpus.ts';

/** What is known of each item by itself. */
export interface ItemStatistics {
  /** Events. */
  readonly counts: Float32Array;
  /** Events of the newest tenth, and of the newest fiftieth, of the sessions. */
  readonly recentCounts: Float32Array;
  readonly newestCounts: Float32Array;
  /** Events that are a purchase, or at least a cart where nothing was ever purchased. */
  readonly bought: Float32Array;
  /** Sessions that came after its last one, and since its first one. */
  readonly idle: Float32Array;
  readonly age: Float32Array;
  /** Of the sessions that hold it, the share that came back to it after another item. */
  readonly returns: Float32Array;
}

const RECENT_SHARE = 0.1;
const NEWEST_SHARE = 0.02;
/** A rate of few sessions is drawn towards the rate of all, as if that many sessions of the average had been seen too. */
const PRIOR_SESSIONS = 10;

export function itemStatistics(corpus: Corpus): ItemStatistics {
  const { starts, items, types, itemCount } = corpus;
  const sessions = sessionCount(corpus);
  const array = (): Float32Array => new Float32Array(itemCount);
  const [counts, recentCounts, newestCounts, idle, age, returns] = [
    array(),
    array(),
    array(),
    array(),
    array(),
    array(),
  ];
  const [carts, purchases] = [array(), array()];
  const held = new Uint32Array(itemCount);
  const returned = new Uint32Array(itemCount);
  const lastSession = new Int32Array(itemCount).fill(-1);
  const lastReturn = new Int32Array(itemCount).fill(-1);
  const add = (to: Float32Array, item: number): void => {
    to[item] = (to[item] ?? 0) + 1;
  };
  const recentFrom = Math.floor(sessions * (1 - RECENT_SHARE));
  const newestFrom = Math.floor(sessions * (1 - NEWEST_SHARE));
  let purchased = 0;
  let allHeld = 0;
  let allReturned = 0;
  for (let session = 0; session < sessions; session++) {
    const begin = starts[session] ?? 0;
    const end = starts[session + 1] ?? 0;
    for (let event = begin; event < end; event++) {
      const item = items[event] ?? 0;
      const type = types[event] ?? 0;
      add(counts, item);
      if (session >= recentFrom) add(recentCounts, item);
      if (session >= newestFrom) add(newestCounts, item);
      if (type === 1) add(carts, item);
      if (type === 2) {
        add(purchases, item);
        purchased += 1;
      }
      if (lastSession[item] === -1) age[item] = sessions - session;
      if (lastSession[item] !== session) {
        held[item] = (held[item] ?? 0) + 1;
        allHeld += 1;
      } else if (items[event - 1] !== item && lastReturn[item] !== session) {
        lastReturn[item] = session;
        returned[item] = (returned[item] ?? 0) + 1;
        allReturned += 1;
      }
      lastSession[item] = session;
    }
  }
  const average = allHeld === 0 ? 0 : allReturned / allHeld;
  for (let item = 0; item < itemCount; item++) {
    idle[item] = sessions - 1 - (lastSession[item] ?? -1);
    returns[item] = ((returned[item] ?? 0) + PRIOR_SESSIONS * average) / ((held[item] ?? 0) + PRIOR_SESSIONS);
  }
  return { counts, recentCounts, newestCounts, bought: purchased > 0 ? purchases : carts, idle, age, returns };
}
