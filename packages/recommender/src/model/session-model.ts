import { typeCodes } from '../index/corpus.ts';
import type { ItemList } from '../index/item-lists.ts';
import { boughtTogether } from '../ranking/bought-together.ts';
import type { Prefix } from '../ranking/evidence.ts';
import { createItemRanking, PREFIX_MAX } from '../ranking/rank-items.ts';
import { createItemLookup } from './item-ids.ts';
import { createListing, type Listing } from './listing.ts';
import type { Model, RankedItem, RankReason, RankRequest } from './model.ts';
import { decodeModel, type ModelContent } from './model-file.ts';

/** So many of the newest items of a history are named as reasons, each as strong as this share of the one after it. */
const SPEAKERS_MAX = 12;
const SPEAKER_DECAY = 0.75;

/** @throws {ModelFileError} when the bytes are no model that this version can serve */
export const loadModel = (bytes: Uint8Array): Model => serveModel(decodeModel(bytes));

/** A model in memory. It keeps scratch arrays, which is safe since ranking is synchronous. */
export function serveModel({ meta, ids, index, lists, network }: ModelContent): Model {
  const lookup = createItemLookup(ids);
  const rankItems = createItemRanking(index, network);
  const { symmetric, statistics } = index;
  const prefix = { items: new Uint32Array(PREFIX_MAX), types: new Uint8Array(PREFIX_MAX), length: 0 };

  const known = (itemIds: readonly string[]): number[] => [
    ...new Set(itemIds.map(lookup.numberOf).filter((item) => item >= 0)),
  ];

  const prefixOf = (history: RankRequest['history']): Prefix => {
    const latest: [item: number, type: number][] = [];
    for (const { itemId, type } of history) {
      if (latest.length === PREFIX_MAX) break;
      const item = lookup.numberOf(itemId);
      if (item >= 0) latest.push([item, typeCodes[type]]);
    }
    latest.reverse().forEach(([item, type], at) => {
      prefix.items[at] = item;
      prefix.types[at] = type;
    });
    prefix.length = latest.length;
    return prefix;
  };

  /** Of some items the one whose neighbour each is most; newest first, and older ones say less. */
  const because = (speakers: readonly number[]): ((item: number) => string | undefined) => {
    const asked = speakers.slice(0, SPEAKERS_MAX);
    return (item) => {
      let most = 0;
      let strongest = -1;
      for (let rank = 0; rank < asked.length; rank++) {
        const speaker = asked[rank] ?? 0;
        const end = symmetric.starts[speaker + 1] ?? 0;
        let at = symmetric.starts[speaker] ?? 0;
        while (at < end && symmetric.items[at] !== item) at += 1;
        const weight = at < end ? (symmetric.weights[at] ?? 0) * SPEAKER_DECAY ** rank : 0;
        if (weight <= most) continue;
        most = weight;
        strongest = speaker;
      }
      return strongest < 0 ? undefined : lookup.idOf(strongest);
    };
  };

  const addAll = (
    listing: Listing,
    scored: Map<number, number>,
    reason: RankReason,
    speakers: readonly number[],
  ): void => {
    const speaker = because(speakers);
    const ranked = [...scored].sort(([itemA, a], [itemB, b]) => b - a || itemA - itemB);
    for (const [item, score] of ranked) {
      if (listing.full()) return;
      listing.add(item, score, reason, speaker);
    }
  };

  const addList = (listing: Listing, { items, scores }: ItemList, reason: RankReason): void => {
    const most = scores[0] ?? 1;
    const floor = listing.lowest();
    for (let at = 0; at < items.length && !listing.full(); at++) {
      listing.add(items[at] ?? 0, floor * ((scores[at] ?? 0) / most), reason);
    }
  };

  const personal = (listing: Listing, { history }: RankRequest): void => {
    if (meta.algorithm === 'popularity/1') return;
    const latest = prefixOf(history);
    if (latest.length === 0) return;
    const speaker = because(known(history.map(({ itemId }) => itemId)));
    const { count, items, scores } = rankItems(latest);
    for (let at = 0; at < count && !listing.full(); at++) {
      // Above zero and 1 for the first, whatever a network's scores are.
      const score = network ? Math.exp((scores[at] ?? 0) - (scores[0] ?? 0)) : (scores[at] ?? 0) / (scores[0] || 1);
      listing.add(items[at] ?? 0, score, 'co-visited', speaker);
    }
  };

  /** What is seen around an item rather than everywhere. */
  const similar = (listing: Listing, about: readonly number[]): void => {
    const sums = new Map<number, number>();
    for (const item of about) {
      for (let at = symmetric.starts[item] ?? 0; at < (symmetric.starts[item + 1] ?? 0); at++) {
        const other = symmetric.items[at] ?? 0;
        const weight = (symmetric.weights[at] ?? 0) / Math.sqrt((statistics.counts[other] ?? 0) + 5);
        sums.set(other, (sums.get(other) ?? 0) + weight);
      }
    }
    addAll(listing, sums, 'similar', about);
  };

  const together = (listing: Listing, about: readonly number[]): void => {
    const sums = boughtTogether(index, about);
    for (const [item, sum] of sums) sums.set(item, sum / ((statistics.counts[item] ?? 0) + 5) ** 0.3);
    addAll(listing, sums, 'bought-together', about);
  };

  const rank = (request: RankRequest): readonly RankedItem[] => {
    const { scenario, history, limit } = request;
    const about = known(request.about);
    const left = new Set(
      known([...request.exclude, ...(scenario === 'personal' ? history.map(({ itemId }) => itemId) : [])]),
    );
    if (scenario !== 'personal') for (const item of about) left.add(item);
    const listing = createListing({ lookup, left, limit, accept: request.accept });
    switch (scenario) {
      case 'personal':
        personal(listing, request);
        break;
      case 'similar':
        similar(listing, about);
        break;
      case 'bought-together':
      case 'cart':
        together(listing, about);
        break;
      case 'trending':
        addList(listing, lists.trending, 'trending');
        break;
      case 'bestsellers':
        addList(listing, lists.bestsellers, 'bestseller');
        break;
    }
    addList(listing, lists.popular, 'popular');
    return listing.items;
  };

  return { version: meta.version, algorithm: meta.algorithm, items: lookup.count, rank };
}
