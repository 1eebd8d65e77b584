import { type WeightedRows, typeWeights as weightsOfTypes } from '../index/co-visitation.ts';
import { sessionCount } from '../index/corpus.ts';
import type { SessionIndex } from '../index/session-index.ts';
import { createSimilarSessions } from './similar-sessions.ts';

/** An own name: a module's own constants are the quickest in inner loops. */
const typeWeights = weightsOfTypes;

/** What speaks for an item, each a sum of its own. */
export const evidence = {
  forwardLast: 0,
  forwardSecond: 1,
  forwardThird: 2,
  forwardAll: 3,
  symmetricLast: 4,
  symmetricSecond: 5,
  symmetricThird: 6,
  symmetricAll: 7,
  twoHop: 8,
  sessions: 9,
  sessionsNear: 10,
  sessionsRecent: 11,
  /** As `symmetricAll`, with older items of the prefix as strong as newer ones. */
  symmetricEven: 12,
} as const;
export const EVIDENCE_KINDS = 13;
const {
  sessions: SESSIONS,
  sessionsNear: SESSIONS_NEAR,
  sessionsRecent: SESSIONS_RECENT,
  twoHop: TWO_HOP,
  symmetricEven: SYMMETRIC_EVEN,
} = evidence;

/** What a shopper did, oldest first, in item numbers. */
export interface Prefix {
  readonly items: Uint32Array;
  readonly types: Uint8Array;
  readonly length: number;
}

/** Items that something speaks for: their evidence lies at `slot * EVIDENCE_KINDS`. Good until the next prefix. */
export interface EvidenceTable {
  readonly slots: number;
  readonly items: Uint32Array;
  readonly values: Float32Array;
  /** The greatest of each kind. */
  readonly greatest: Float64Array;
}

const SLOTS_MAX = 8192;
/** Of a longer prefix, so many of the latest distinct items are asked; older ones say little. */
const ITEMS_ASKED = 16;
const POSITION_DECAY = 0.75;
const TWO_HOP_ITEMS = 3;
const TWO_HOP_NEIGHBOURS = 24;
/** Of each session this many events around what it shares with the prefix are looked at. */
const SESSION_REACH = 30;
/** How much an event counts by its distance from the shared item; what came before it, as one half further away. */
const NEAR_DECAY = 0.75;
const nearAfter = Float64Array.from({ length: SESSION_REACH + 1 }, (_, distance) => NEAR_DECAY ** (distance - 1));
const nearBefore = Float64Array.from(
  { length: SESSION_REACH + 1 },
  (_, distance) => NEAR_DECAY ** (1.5 * distance - 1),
);
/** Share of all sessions after which one counts 1/e as much, in the recent sum. */
const RECENT_SHARE = 0.1;
/** By the place of a session among all, in so many steps from the oldest on. */
const AGES = 1024;
const recency = Float32Array.from({ length: AGES }, (_, age) => Math.exp((age - AGES) / (AGES * RECENT_SHARE)));

export function createEvidence(index: SessionIndex): (prefix: Prefix) => EvidenceTable {
  const { corpus, forward, symmetric, statistics } = index;
  const { itemCount } = corpus;
  const sessions = sessionCount(corpus);
  const agePerSession = AGES / sessions;
  const slotsMax = Math.min(itemCount, SLOTS_MAX);
  const slotOf = new Int32Array(itemCount).fill(-1);
  const items = new Uint32Array(slotsMax);
  const values = new Float32Array(slotsMax * EVIDENCE_KINDS);
  const greatest = new Float64Array(EVIDENCE_KINDS);
  const rankOf = new Int32Array(itemCount).fill(-1);
  const asked = new Uint32Array(ITEMS_ASKED);
  const askedWeights = new Float64Array(ITEMS_ASKED);
  const similarSessions = createSimilarSessions(index);
  let slots = 0;

  /** The slot of an item; below zero when there is no room for another. */
  const slotFor = (item: number): number => {
    const known = slotOf[item] ?? -1;
    if (known >= 0 || slots === slotsMax) return known;
    slotOf[item] = slots;
    items[slots] = item;
    const base = slots * EVIDENCE_KINDS;
    values.fill(0, base, base + EVIDENCE_KINDS);
    slots += 1;
    return slots - 1;
  };

  const addRow = (rows: WeightedRows, item: number, share: number, single: number, all: number, even: number): void => {
    const end = rows.starts[item + 1] ?? 0;
    for (let at = rows.starts[item] ?? 0; at < end; at++) {
      const slot = slotFor(rows.items[at] ?? 0);
      if (slot < 0) continue;
      const base = slot * EVIDENCE_KINDS;
      const weight = rows.weights[at] ?? 0;
      if (single >= 0) values[base + single] = weight;
      values[base + all] = (values[base + all] ?? 0) + share * weight;
      if (even >= 0) values[base + even] = (values[base + even] ?? 0) + weight;
    }
  };

  const addTwoHop = (item: number, share: number): void => {
    const { starts, items: neighbours, weights } = symmetric;
    const begin = starts[item] ?? 0;
    const end = Math.min(starts[item + 1] ?? 0, begin + TWO_HOP_NEIGHBOURS);
    for (let at = begin; at < end; at++) {
      const middle = neighbours[at] ?? 0;
      const from = starts[middle] ?? 0;
      const to = Math.min(starts[middle + 1] ?? 0, from + TWO_HOP_NEIGHBOURS);
      const step = (share * (weights[at] ?? 0)) / Math.sqrt((statistics.counts[middle] ?? 0) + 1);
      for (let next = from; next < to; next++) {
        const slot = slotFor(neighbours[next] ?? 0);
        if (slot < 0) continue;
        const base = slot * EVIDENCE_KINDS + TWO_HOP;
        values[base] = (values[base] ?? 0) + step * (weights[next] ?? 0);
      }
    }
  };

  const addSessions = (count: number): void => {
    const { items: all, types } = corpus;
    const { sessions: similar, alike: similarity, begins, ends } = similarSessions.found;
    const found = similarSessions.find(asked, askedWeights, count);
    for (let at = 0; at < found; at++) {
      const alike = similarity[at] ?? 0;
      const recent = alike * (recency[(agePerSession * (similar[at] ?? 0)) | 0] ?? 0);
      const begin = begins[at] ?? 0;
      const end = ends[at] ?? 0;
      // A long session shares items with many.
      const shared = alike / Math.sqrt(end - begin);
      // The latest event with the newest shared item: what lies around it counts most.
      let anchor = begin;
      let best = ITEMS_ASKED;
      for (let event = end - 1; event >= begin; event--) {
        const rank = rankOf[all[event] ?? 0] ?? -1;
        if (rank >= 0 && rank < best) {
          best = rank;
          anchor = event;
          if (rank === 0) break;
        }
      }
      const from = Math.max(begin, anchor - SESSION_REACH);
      const to = Math.min(end, anchor + SESSION_REACH + 1);
      for (let event = from; event < to; event++) {
        if (event === anchor) continue;
        const slot = slotFor(all[event] ?? 0);
        if (slot < 0) continue;
        const base = slot * EVIDENCE_KINDS;
        const weight = typeWeights[types[event] ?? 0] ?? 1;
        const near = weight * ((event > anchor ? nearAfter[event - anchor] : nearBefore[anchor - event]) ?? 0);
        values[base + SESSIONS] = (values[base + SESSIONS] ?? 0) + shared * weight;
        values[base + SESSIONS_NEAR] = (values[base + SESSIONS_NEAR] ?? 0) + alike * near;
        values[base + SESSIONS_RECENT] = (values[base + SESSIONS_RECENT] ?? 0) + recent * near;
      }
    }
  };

  return (prefix) => {
    for (let slot = 0; slot < slots; slot++) slotOf[items[slot] ?? 0] = -1;
    slots = 0;
    let count = 0;
    for (let at = prefix.length - 1; at >= 0 && count < ITEMS_ASKED; at--) {
      const item = prefix.items[at] ?? 0;
      if ((rankOf[item] ?? -1) >= 0) continue;
      rankOf[item] = count;
      asked[count] = item;
      askedWeights[count] = POSITION_DECAY ** count * Math.sqrt(typeWeights[prefix.types[at] ?? 0] ?? 1);
      slotFor(item);
      count += 1;
    }
    for (let rank = 0; rank < count; rank++) {
      const item = asked[rank] ?? 0;
      const share = askedWeights[rank] ?? 0;
      addRow(forward, item, share, rank < 3 ? evidence.forwardLast + rank : -1, evidence.forwardAll, -1);
      addRow(
        symmetric,
        item,
        share,
        rank < 3 ? evidence.symmetricLast + rank : -1,
        evidence.symmetricAll,
        SYMMETRIC_EVEN,
      );
    }
    addSessions(count);
    for (let rank = 0; rank < Math.min(count, TWO_HOP_ITEMS); rank++) {
      addTwoHop(asked[rank] ?? 0, askedWeights[rank] ?? 0);
    }
    for (let rank = 0; rank < count; rank++) rankOf[asked[rank] ?? 0] = -1;
    greatest.fill(0);
    for (let slot = 0; slot < slots; slot++) {
      const base = slot * EVIDENCE_KINDS;
      for (let kind = 0; kind < EVIDENCE_KINDS; kind++) {
        const value = values[base + kind] ?? 0;
        if (value > (greatest[kind] ?? 0)) greatest[kind] = value;
      }
    }
    return { slots, items, values, greatest };
  };
}
