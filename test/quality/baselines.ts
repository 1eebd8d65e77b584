import type { SessionIndex } from '@tenantry/recommender/index/session-index';
import { createEvidence, EVIDENCE_KINDS, evidence, type Prefix } from '@tenantry/recommender/ranking/evidence';
import { createItemRanking, type Ranking } from '@tenantry/recommender/ranking/rank-items';

type RankItems = (prefix: Prefix) => Ranking;

/** Ranks by one kind of evidence alone. */
function byEvidence(index: SessionIndex, kind: number): RankItems {
  const evidenceOf = createEvidence(index);
  return (prefix) => {
    const { slots, items, values } = evidenceOf(prefix);
    const score = (slot: number): number => values[slot * EVIDENCE_KINDS + kind] ?? 0;
    const order = Uint32Array.from({ length: slots }, (_, slot) => slot)
      .filter((slot) => score(slot) > 0)
      .sort((a, b) => score(b) - score(a) || a - b);
    return {
      count: order.length,
      items: order.map((slot) => items[slot] ?? 0),
      scores: Float32Array.from(order, score),
    };
  };
}

/** What a shop could do without training a network, from the same index. */
export const baselines: Readonly<Record<string, (index: SessionIndex) => RankItems>> = {
  'what followed the last item': (index) => byEvidence(index, evidence.forwardLast),
  'co-visitation with the session': (index) => byEvidence(index, evidence.symmetricAll),
  'session kNN': (index) => byEvidence(index, evidence.sessionsNear),
  'all sums, untrained': (index) => createItemRanking(index),
};
