import { matcherOf } from '@tenantry/core/catalogue/filter';
import type { Snapshot } from '@tenantry/core/catalogue/snapshot';
import { listLengthMax, type Recommendation, type RecommendationRequest } from '@tenantry/core/contract/recommendation';
import type { BehaviourEvent } from '@tenantry/core/events/event';
import { asUsual, type Treatment, treatmentFor } from '@tenantry/core/experiment/treatment';
import { onlyExcluding, rulesFor } from '@tenantry/core/rules/rules-for';
import type { Model, RankedItem, RankRequest } from '../model/model.ts';
import { arrange } from './arrange.ts';

export interface ListSources {
  /** The shopper's latest events, newest first; empty where they cannot be read. */
  readonly history: readonly Pick<BehaviourEvent, 'itemId' | 'type'>[];
  readonly model: Model;
  /** The model of an experiment, for those who are to get it; absent where it is not there. */
  readonly candidate?: Model | undefined;
  readonly catalogue: Snapshot;
  readonly now: Date;
}

export type ListPage = Pick<Recommendation, 'modelVersion' | 'items' | 'nextOffset' | 'variant'>;

/** One page of a list, from memory only. Pages of the same list fit together as long as its sources stay the same. */
export function listPage(request: RecommendationRequest, sources: ListSources): ListPage {
  const { history, catalogue, now } = sources;
  const { scenario, limit, offset } = request;
  const { treatment, model } = treated(request, sources);
  const maxPerCategory = request.maxPerCategory ?? treatment.maxPerCategory;
  const end = offset + limit;
  const all = rulesFor(catalogue.rules.rules, scenario, now);
  const rules = treatment.rules ? all : onlyExcluding(all);
  const exclude = [
    ...request.exclude,
    ...(request.excludePurchased ? history.filter(({ type }) => type === 'purchase').map(({ itemId }) => itemId) : []),
  ];
  const itemOf = (itemId: string) => catalogue.items.get(itemId);
  const may = mayBeListed(request, catalogue, rules);
  const rearranged = rules.reorders || rules.pins.length > 0 || maxPerCategory !== undefined;
  const asked = {
    // What is put into another order must be the same whatever page is asked for; else one more tells whether there is a next one.
    limit: rearranged ? listLengthMax + 1 : end + 1,
    exclude,
    accept: may,
  };
  const about = request.itemId === undefined ? (request.cart ?? []) : [request.itemId];
  const [modelVersion, ranked] =
    scenario === 'recently-viewed'
      ? ['none', recentlyViewed(history, asked)]
      : [model.version, model.rank({ scenario, history, about, ...asked })];
  const never = new Set([...exclude, ...about]);
  const accept = (itemId: string): boolean => !never.has(itemId) && may(itemId);
  const list = rearranged ? arrange(ranked, { rules, itemOf, accept, maxPerCategory }) : ranked;
  const hasNext = list.length > end && end < listLengthMax;
  return { modelVersion, items: list.slice(offset, end), nextOffset: hasNext ? end : null, variant: treatment.variant };
}

/** How the list is made, and by which model. Who is to get a model that is not there gets a list as usual, which does not count for it. */
function treated(
  { scenario, shopperId }: RecommendationRequest,
  { model, candidate, catalogue }: ListSources,
): { readonly treatment: Treatment; readonly model: Model } {
  const treatment = treatmentFor(catalogue.experiment, scenario, shopperId);
  if (treatment.model === undefined) return { treatment, model };
  return candidate?.version === treatment.model ? { treatment, model: candidate } : { treatment: asUsual, model };
}

/** What filters, rules and the catalogue say of an item. One that the catalogue does not know passes where nothing is asked of it. */
function mayBeListed(
  { filters, includeUnavailable }: RecommendationRequest,
  catalogue: Snapshot,
  rules: ReturnType<typeof rulesFor>,
): (itemId: string) => boolean {
  const matches = filters && matcherOf(filters);
  return (itemId) => {
    const item = catalogue.items.get(itemId);
    if (rules.excludes(itemId, item)) return false;
    if (item && !item.available && !includeUnavailable) return false;
    return !matches || (item !== undefined && matches(item));
  };
}

/** Each item once, the last one seen first. */
function recentlyViewed(
  history: ListSources['history'],
  {
    limit,
    exclude,
    accept,
  }: Required<Pick<RankRequest, 'limit' | 'exclude'>> & { accept: (itemId: string) => boolean },
): readonly RankedItem[] {
  const left = new Set(exclude);
  const viewed = new Set<string>();
  for (const { itemId, type } of history) if (type === 'view' && !left.has(itemId)) viewed.add(itemId);
  return [...viewed]
    .filter(accept)
    .slice(0, limit)
    .map((itemId, place): RankedItem => ({ itemId, score: 1 / (1 + place), reason: 'recently-viewed' }));
}
