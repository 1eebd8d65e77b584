import { type BlobContent, decodeBlob, encodeBlob } from './blob.ts';
import { decodeItems, encodeItems } from './item-table.ts';
import type { Model, RankedItem, RankedScenario, RankReason, RankRequest } from './model.ts';

export const coVisitationAlgorithm = 'co-visitation/1';

/** How many of the latest items speak for a shopper, and how fast the older ones fade. */
const HISTORY_USED = 10;
const HISTORY_DECAY = 0.8;

const eventWeights = { view: 1, cart: 1.5, purchase: 1.2 } as const;

/** By whom a list is made, and what its items and those that fill it up are called. */
const scenarios = {
  personal: { speaks: 'history', reason: 'co-visited', filler: 'popular' },
  similar: { speaks: 'about', reason: 'similar', filler: 'popular' },
  'bought-together': { speaks: 'about', reason: 'bought-together', filler: 'popular' },
  cart: { speaks: 'about', reason: 'bought-together', filler: 'popular' },
  trending: { speaks: 'nothing', reason: 'trending', filler: 'trending' },
  bestsellers: { speaks: 'nothing', reason: 'bestseller', filler: 'bestseller' },
} as const satisfies Record<
  RankedScenario,
  { readonly speaks: 'history' | 'about' | 'nothing'; readonly reason: RankReason; readonly filler: RankReason }
>;

interface Vote {
  score: number;
  /** What the strongest single item gave. */
  most: number;
  because: string;
}

/** The index that training builds: for every item its neighbours in a compressed row, best first. */
export interface CoVisitationIndex {
  readonly itemIds: readonly string[];
  /** Row i is `neighbours[rows[i] … rows[i + 1]]` with the same positions in `weights`. */
  readonly rows: Uint32Array;
  readonly neighbours: Uint32Array;
  readonly weights: Float32Array;
  /** Items by popularity, best first, with their share of the best one's. */
  readonly popular: Uint32Array;
  readonly popularity: Float32Array;
}

export function encodeCoVisitation(index: CoVisitationIndex, version: string): Uint8Array {
  const { bytes, offsets } = encodeItems(index.itemIds);
  const { rows, neighbours, weights, popular, popularity } = index;
  return encodeBlob({
    meta: { version, algorithm: coVisitationAlgorithm },
    sections: { itemBytes: bytes, itemOffsets: offsets, rows, neighbours, weights, popular, popularity },
  });
}

function u32(content: BlobContent, name: string): Uint32Array {
  const section = content.sections[name];
  if (!(section instanceof Uint32Array)) throw new Error(`The model has no section ${name}.`);
  return section;
}

function f32(content: BlobContent, name: string): Float32Array {
  const section = content.sections[name];
  if (!(section instanceof Float32Array)) throw new Error(`The model has no section ${name}.`);
  return section;
}

/** @throws {Error} when the bytes are not a model of this algorithm. */
export function loadCoVisitation(blob: Uint8Array): Model {
  const content = decodeBlob(blob);
  if (content.meta.algorithm !== coVisitationAlgorithm) {
    throw new Error(`A model of the algorithm ${String(content.meta.algorithm)} cannot be served here.`);
  }
  const itemBytes = content.sections.itemBytes;
  if (!(itemBytes instanceof Uint8Array)) throw new Error('The model has no section itemBytes.');
  return coVisitationModel(
    {
      itemIds: decodeItems({ bytes: itemBytes, offsets: u32(content, 'itemOffsets') }),
      rows: u32(content, 'rows'),
      neighbours: u32(content, 'neighbours'),
      weights: f32(content, 'weights'),
      popular: u32(content, 'popular'),
      popularity: f32(content, 'popularity'),
    },
    String(content.meta.version),
  );
}

export function coVisitationModel(index: CoVisitationIndex, version: string): Model {
  const { itemIds, rows, neighbours, weights, popular, popularity } = index;
  const indexOf = new Map(itemIds.map((id, position) => [id, position]));

  /** The neighbours of the latest items, summed, the newest item counting most; and which of these gave each the most. */
  const scores = (history: RankRequest['history']): Map<number, Vote> => {
    const votes = new Map<number, Vote>();
    const seen = new Set<number>();
    for (const { itemId, type } of history) {
      if (seen.size >= HISTORY_USED) break;
      const item = indexOf.get(itemId);
      if (item === undefined || seen.has(item)) continue;
      const share = eventWeights[type] * HISTORY_DECAY ** seen.size;
      seen.add(item);
      for (let at = rows[item] ?? 0; at < (rows[item + 1] ?? 0); at++) {
        const neighbour = neighbours[at] ?? 0;
        const weight = share * (weights[at] ?? 0);
        const vote = votes.get(neighbour) ?? { score: 0, most: 0, because: itemId };
        vote.score += weight;
        if (weight > vote.most) {
          vote.most = weight;
          vote.because = itemId;
        }
        votes.set(neighbour, vote);
      }
    }
    return votes;
  };

  const rank = ({ scenario, history, about, limit, exclude, accept }: RankRequest): readonly RankedItem[] => {
    const { speaks, reason, filler } = scenarios[scenario];
    const voters = { history, about: about.map((itemId) => ({ itemId, type: 'view' as const })), nothing: [] }[speaks];
    const left = new Set([...exclude, ...voters.map(({ itemId }) => itemId)]);
    const list: RankedItem[] = [];
    const listed = new Set<number>();
    const add = (item: number, ranked: Omit<RankedItem, 'itemId'>): void => {
      const itemId = itemIds[item] ?? '';
      if (left.has(itemId) || listed.has(item)) return;
      listed.add(item);
      if (accept && !accept(itemId)) return;
      list.push({ itemId, ...ranked });
    };
    // Ties go to the item that was seen first in training, so that an answer is the same every time.
    const votes = [...scores(voters)].sort(([itemA, a], [itemB, b]) => b.score - a.score || itemA - itemB);
    for (const [item, { score, because }] of votes) {
      if (list.length >= limit) break;
      add(item, { score, reason, because });
    }
    const floor = list.at(-1)?.score ?? 1;
    for (let at = 0; at < popular.length && list.length < limit; at++) {
      add(popular[at] ?? 0, { score: floor * (popularity[at] ?? 0), reason: filler });
    }
    return list;
  };

  return { version, algorithm: coVisitationAlgorithm, items: itemIds.length, rank };
}
