import type { BehaviourEvent } from '@tenantry/core/events/event';

/** One item of a list. Scores compare within one list only. */
export interface RankedItem {
  readonly itemId: string;
  readonly score: number;
  readonly reason: 'co-visited' | 'popular';
}

export interface RankRequest {
  /** The shopper's latest events, newest first. */
  readonly history: readonly Pick<BehaviourEvent, 'itemId' | 'type'>[];
  readonly limit: number;
  /** Items that must not be in the list. */
  readonly exclude: readonly string[];
}

/** A trained model, whatever its algorithm. Ranking is synchronous and reads memory only. */
export interface Model {
  readonly version: string;
  readonly algorithm: string;
  readonly items: number;
  rank(request: RankRequest): readonly RankedItem[];
}

/** What serves while a tenant has no model: it knows nothing, and says so by an empty list. */
export const emptyModel: Model = { version: 'none', algorithm: 'none', items: 0, rank: () => [] };
