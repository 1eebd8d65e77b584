import type { Recommendation } from '@tenantry/core/contract/recommendation';
import type { BehaviourEvent } from '@tenantry/core/events/event';

/** What a list is for. `recently-viewed` needs no model. */
export type RankedScenario = 'personal' | 'similar' | 'bought-together' | 'trending' | 'bestsellers' | 'cart';

/** Why an item is in a list. */
export type RankReason = Recommendation['items'][number]['reason'];

/** One item of a list. Scores compare within one list only. */
export interface RankedItem {
  readonly itemId: string;
  readonly score: number;
  readonly reason: RankReason;
  /** The item of the history, cart or request that speaks most for it. */
  readonly because?: string | undefined;
}

export interface RankRequest {
  readonly scenario: RankedScenario;
  /** The shopper's latest events, newest first. */
  readonly history: readonly Pick<BehaviourEvent, 'itemId' | 'type'>[];
  /** What the scenario is about: one item for `similar` and `bought-together`, the cart for `cart`. */
  readonly about: readonly string[];
  readonly limit: number;
  /** Items that must not be in the list. */
  readonly exclude: readonly string[];
  /** Whether an item may be in the list at all; asked at most once for an item. */
  readonly accept?: ((itemId: string) => boolean) | undefined;
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
