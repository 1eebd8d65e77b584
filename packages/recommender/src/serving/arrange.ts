import type { ListedItem } from '@tenantry/core/catalogue/snapshot';
import type { RulesInForce } from '@tenantry/core/rules/rules-for';
import type { RankedItem } from '../model/model.ts';

export interface Arrangement {
  readonly rules: RulesInForce;
  readonly itemOf: (itemId: string) => ListedItem | undefined;
  /** Whether an item may be in the list at all. */
  readonly accept: (itemId: string) => boolean;
  readonly maxPerCategory?: number | undefined;
}

/** Puts a ranked list into the order that a company's rules want: boosted, buried, mixed, and pinned last of all. */
export function arrange(ranked: readonly RankedItem[], arrangement: Arrangement): readonly RankedItem[] {
  const { rules, maxPerCategory } = arrangement;
  const weighed = rules.reorders ? weigh(ranked, arrangement) : ranked;
  const mixed = maxPerCategory === undefined ? weighed : mix(weighed, arrangement, maxPerCategory);
  return rules.pins.length > 0 ? pin(mixed, arrangement) : mixed;
}

function weigh(ranked: readonly RankedItem[], { rules, itemOf }: Arrangement): readonly RankedItem[] {
  const [front, back]: [RankedItem[], RankedItem[]] = [[], []];
  for (const one of ranked) {
    const item = itemOf(one.itemId);
    const boosted = { ...one, score: one.score * rules.boostOf(one.itemId, item) };
    (rules.buries(one.itemId, item) ? back : front).push(boosted);
  }
  // The sort is stable, so equal scores stay in the model's order.
  return [...front.sort((a, b) => b.score - a.score), ...back];
}

function mix(ranked: readonly RankedItem[], { itemOf }: Arrangement, most: number): readonly RankedItem[] {
  const counts = new Map<string, number>();
  return ranked.filter(({ itemId }) => {
    const category = itemOf(itemId)?.category;
    if (!category) return true;
    const name = JSON.stringify(category);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count <= most;
  });
}

/** Items that the model does not rank are pinned all the same, unless they must not be in the list. */
function pin(ranked: readonly RankedItem[], { rules, accept }: Arrangement): readonly RankedItem[] {
  const pinned = new Map<string, number>();
  for (const { itemIds, position } of rules.pins) {
    for (const [at, itemId] of itemIds.filter(accept).entries()) {
      if (!pinned.has(itemId)) pinned.set(itemId, position + at);
    }
  }
  const scores = new Map(ranked.map(({ itemId, score }) => [itemId, score]));
  const list = ranked.filter(({ itemId }) => !pinned.has(itemId));
  // From the top down, so that each place is still the place once all are in.
  for (const [itemId, position] of [...pinned].sort(([, a], [, b]) => a - b)) {
    list.splice(position - 1, 0, { itemId, score: scores.get(itemId) ?? 0, reason: 'pinned' });
  }
  return list;
}
