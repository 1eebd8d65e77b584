import type { ItemLookup } from './item-ids.ts';
import type { RankedItem, RankReason } from './model.ts';

/** A list in the making: no item twice, none that is left out, none that is not accepted. */
export interface Listing {
  readonly items: readonly RankedItem[];
  /** Whether it has all its items, or has asked for more of them than is reasonable. */
  full(): boolean;
  add(item: number, score: number, reason: RankReason, because?: (item: number) => string | undefined): void;
  /** The last item's score; what fills up ranks below it. */
  lowest(): number;
}

/** A filter that accepts next to nothing must not make a request walk the whole catalogue. */
const ASKED_MAX = 20_000;

export function createListing(options: {
  readonly lookup: ItemLookup;
  readonly left: ReadonlySet<number>;
  readonly limit: number;
  readonly accept: ((itemId: string) => boolean) | undefined;
}): Listing {
  const { lookup, left, limit, accept } = options;
  const items: RankedItem[] = [];
  const asked = new Set<number>();
  return {
    items,
    full: () => items.length >= limit || asked.size >= ASKED_MAX,
    add(item, score, reason, because) {
      if (left.has(item) || asked.has(item)) return;
      asked.add(item);
      const itemId = lookup.idOf(item);
      if (accept && !accept(itemId)) return;
      items.push({ itemId, score, reason, because: because?.(item) });
    },
    lowest: () => items.at(-1)?.score ?? 1,
  };
}
