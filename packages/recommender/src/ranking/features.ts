import { sessionCount } from '../index/corpus.ts';
import type { SessionIndex } from '../index/session-index.ts';
import { createEvidence, EVIDENCE_KINDS, evidence, type Prefix } from './evidence.ts';
import { createTopSelection } from './select-top.ts';

/** Own names: a module's own constants are the quickest in inner loops. */
const KINDS = EVIDENCE_KINDS;
const SYMMETRIC_LAST = evidence.symmetricLast;

/** Items that are looked at closely for one list. */
export const CANDIDATES_MAX = 160;

/** Evidence whose size matters beside its share of the greatest. */
const absolute = Uint8Array.of(
  evidence.forwardLast,
  evidence.forwardAll,
  evidence.symmetricAll,
  evidence.twoHop,
  evidence.sessions,
  evidence.sessionsNear,
  evidence.sessionsRecent,
);

/** By which candidates are chosen: how much the share of the greatest of each kind of evidence counts. */
const preselection = new Float64Array(EVIDENCE_KINDS);
preselection[evidence.forwardAll] = 1;
preselection[evidence.symmetricAll] = 1;
preselection[evidence.forwardLast] = 1;
preselection[evidence.symmetricLast] = 0.5;
preselection[evidence.twoHop] = 0.7;
preselection[evidence.sessionsNear] = 1;
preselection[evidence.sessionsRecent] = 1;
const preselecting = Uint8Array.from([...preselection.keys()].filter((kind) => preselection[kind] !== 0));

const ITEM_FEATURES = 12;
const CONTEXT_FEATURES = 6;
/** Features that differ between candidates come first, then those of the prefix, equal for all. */
export const CANDIDATE_FEATURES = EVIDENCE_KINDS + absolute.length + ITEM_FEATURES;
export const FEATURES = CANDIDATE_FEATURES + CONTEXT_FEATURES;

/** The candidates of one prefix; good until the next. */
export interface Candidates {
  readonly count: number;
  readonly items: Uint32Array;
  /** Candidate c has `CANDIDATE_FEATURES` from `c * CANDIDATE_FEATURES`. */
  readonly features: Float32Array;
  readonly context: Float32Array;
  /** How much the sums that need no training speak for it. */
  readonly untrained: Float32Array;
}

/** @returns a function that finds the candidates for a prefix and describes them. */
export function createCandidates(index: SessionIndex): (prefix: Prefix) => Candidates {
  const { statistics } = index;
  const evidenceOf = createEvidence(index);
  const selectTop = createTopSelection();
  const sessions = sessionCount(index.corpus);
  const { itemCount } = index.corpus;
  // Once for each item rather than for each candidate.
  const logCounts = statistics.counts.map((count) => Math.log1p(count));
  const logRecent = statistics.recentCounts.map((count) => Math.log1p(count));
  const logNewest = statistics.newestCounts.map((count) => Math.log1p(count));
  const logIdle = statistics.idle.map((idle) => Math.log1p((1000 * idle) / sessions));
  const logAge = statistics.age.map((age) => Math.log1p((1000 * age) / sessions));
  const trend = statistics.recentCounts.map((count, item) =>
    Math.log((10 * count + 5) / ((statistics.counts[item] ?? 0) + 5)),
  );
  const lastAt = new Int32Array(itemCount).fill(-1);
  const timesSeen = new Uint16Array(itemCount);
  const items = new Uint32Array(CANDIDATES_MAX);
  const positions = new Uint32Array(CANDIDATES_MAX);
  const features = new Float32Array(CANDIDATES_MAX * CANDIDATE_FEATURES);
  const context = new Float32Array(CONTEXT_FEATURES);
  const untrained = new Float32Array(CANDIDATES_MAX);
  const inverse = new Float64Array(EVIDENCE_KINDS);
  const shares = new Float64Array(preselecting.length);
  let scores = new Float32Array(8192);

  return (prefix) => {
    const table = evidenceOf(prefix);
    const { slots, values, greatest } = table;
    if (slots > scores.length) scores = new Float32Array(slots * 2);
    let distinct = 0;
    for (let at = 0; at < prefix.length; at++) {
      const item = prefix.items[at] ?? 0;
      if (lastAt[item] === -1) {
        distinct += 1;
      }
      lastAt[item] = at;
      timesSeen[item] = (timesSeen[item] ?? 0) + 1;
    }
    for (let kind = 0; kind < KINDS; kind++) {
      const most = greatest[kind] ?? 0;
      inverse[kind] = most > 0 ? 1 / most : 0;
    }
    for (let at = 0; at < preselecting.length; at++) {
      const kind = preselecting[at] ?? 0;
      shares[at] = (preselection[kind] ?? 0) * (inverse[kind] ?? 0);
    }
    for (let slot = 0; slot < slots; slot++) {
      const base = slot * KINDS;
      let score = 0;
      for (let at = 0; at < preselecting.length; at++) {
        score += (values[base + (preselecting[at] ?? 0)] ?? 0) * (shares[at] ?? 0);
      }
      // What was seen in the prefix itself is always looked at.
      scores[slot] = lastAt[table.items[slot] ?? 0] === -1 ? score : score + 2;
    }
    const count = selectTop(scores, slots, CANDIDATES_MAX, positions);
    const last = prefix.items[prefix.length - 1] ?? 0;
    const lastCount = Math.max(1, statistics.counts[last] ?? 0);
    for (let candidate = 0; candidate < count; candidate++) {
      const slot = positions[candidate] ?? 0;
      const item = table.items[slot] ?? 0;
      const from = slot * KINDS;
      let to = candidate * CANDIDATE_FEATURES;
      items[candidate] = item;
      untrained[candidate] = scores[slot] ?? 0;
      for (let kind = 0; kind < KINDS; kind++) {
        features[to++] = (values[from + kind] ?? 0) * (inverse[kind] ?? 0);
      }
      for (let at = 0; at < absolute.length; at++) {
        // The fourth root tames large sums as a logarithm would, at a fraction of the time.
        features[to++] = Math.sqrt(Math.sqrt(values[from + (absolute[at] ?? 0)] ?? 0));
      }
      const seenAt = lastAt[item] ?? -1;
      const itemsCount = statistics.counts[item] ?? 0;
      features[to++] = seenAt === -1 ? 0 : 1;
      features[to++] = seenAt === -1 ? 0 : 1 / (prefix.length - seenAt);
      features[to++] = item === last ? 1 : 0;
      features[to++] = Math.sqrt(timesSeen[item] ?? 0);
      features[to++] = logCounts[item] ?? 0;
      features[to++] = logRecent[item] ?? 0;
      features[to++] = logNewest[item] ?? 0;
      features[to++] = logIdle[item] ?? 0;
      features[to++] = logAge[item] ?? 0;
      features[to++] = seenAt === -1 ? 0 : (statistics.returns[item] ?? 0);
      features[to++] = Math.sqrt((values[from + SYMMETRIC_LAST] ?? 0) / Math.sqrt(lastCount * (itemsCount + 5)));
      features[to++] = trend[item] ?? 0;
    }
    context[0] = Math.log(1 + prefix.length);
    context[1] = distinct / Math.max(1, prefix.length);
    context[2] = distinct === 1 ? 1 : 0;
    context[3] = Math.log1p(greatest[evidence.sessionsNear] ?? 0);
    context[4] = logCounts[last] ?? 0;
    context[5] = statistics.returns[last] ?? 0;
    for (let at = 0; at < prefix.length; at++) {
      const item = prefix.items[at] ?? 0;
      lastAt[item] = -1;
      timesSeen[item] = 0;
    }
    return { count, items, features, context, untrained };
  };
}
