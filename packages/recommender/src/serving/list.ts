import type { Recommendation, RecommendationRequest } from '@tenantry/core/contract/recommendation';
import type { BehaviourEvent } from '@tenantry/core/events/event';
import type { Model, RankedItem, RankRequest } from '../model/model.ts';

export type History = readonly Pick<BehaviourEvent, 'itemId' | 'type'>[];

export type ListPage = Pick<Recommendation, 'modelVersion' | 'items' | 'nextOffset'>;

/**
 * One page of a list, from memory only. Pages of the same list fit together as long as history and model stay the same.
 * @param history the shopper's latest events, newest first; empty where they cannot be read
 */
export function listPage(request: RecommendationRequest, history: History, model: Model): ListPage {
  const { scenario, limit, offset } = request;
  const exclude = [
    ...request.exclude,
    ...(request.excludePurchased ? history.filter(({ type }) => type === 'purchase').map(({ itemId }) => itemId) : []),
  ];
  const end = offset + limit;
  const about = request.itemId === undefined ? (request.cart ?? []) : [request.itemId];
  // One more than is shown tells whether there is a next page.
  const asked = { limit: end + 1, exclude };
  const [modelVersion, list] =
    scenario === 'recently-viewed'
      ? ['none', recentlyViewed(history, asked)]
      : [model.version, model.rank({ scenario, history, about, ...asked })];
  return { modelVersion, items: list.slice(offset, end), nextOffset: list.length > end ? end : null };
}

/** Each item once, the last one seen first. */
function recentlyViewed(
  history: History,
  { limit, exclude }: Pick<RankRequest, 'limit' | 'exclude'>,
): readonly RankedItem[] {
  const left = new Set(exclude);
  const viewed = new Set<string>();
  for (const { itemId, type } of history) if (type === 'view' && !left.has(itemId)) viewed.add(itemId);
  return [...viewed]
    .slice(0, limit)
    .map((itemId, place): RankedItem => ({ itemId, score: 1 / (1 + place), reason: 'recently-viewed' }));
}
