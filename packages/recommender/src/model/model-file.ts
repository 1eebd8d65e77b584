import type { WeightedRows } from '../index/co-visitation.ts';
import type { ItemList, ItemLists } from '../index/item-lists.ts';
import type { SessionIndex } from '../index/session-index.ts';
import { FEATURES } from '../ranking/features.ts';
import { HIDDEN, type Network } from '../ranking/network.ts';
import { type BlobContent, decodeBlob, encodeBlob, shown } from './blob.ts';
import type { ItemIds } from './item-ids.ts';
import { ModelFileError } from './model-file-error.ts';
import type { Algorithm, ModelMeta } from './model-meta.ts';
import { algorithms } from './model-meta.ts';
import { assertWhole } from './model-structure.ts';

/** All that a model consists of. */
export interface ModelContent {
  readonly meta: ModelMeta;
  readonly ids: ItemIds;
  readonly index: SessionIndex;
  readonly lists: ItemLists;
  /** Where the algorithm is `blend`. */
  readonly network?: Network | undefined;
}

const statisticsNames = ['counts', 'recentCounts', 'newestCounts', 'bought', 'idle', 'age', 'returns'] as const;

export function encodeModel({ meta, ids, index, lists, network }: ModelContent): Uint8Array {
  const { corpus, postings, statistics } = index;
  return encodeBlob({
    meta: { ...meta, itemCount: corpus.itemCount },
    sections: {
      idBytes: ids.bytes,
      idOffsets: ids.offsets,
      idSlots: ids.slots,
      starts: corpus.starts,
      items: corpus.items,
      types: corpus.types,
      endedAt: corpus.endedAt,
      postingStarts: postings.starts,
      postings: postings.sessions,
      ...rowSections('forward', index.forward),
      ...rowSections('symmetric', index.symmetric),
      ...Object.fromEntries(statisticsNames.map((name) => [name, statistics[name]])),
      ...listSections('popular', lists.popular),
      ...listSections('trending', lists.trending),
      ...listSections('bestsellers', lists.bestsellers),
      ...(network && {
        hidden: network.hidden,
        hiddenBias: network.hiddenBias,
        output: network.output,
        direct: network.direct,
      }),
    },
  });
}

const rowSections = (name: string, { starts, items, weights }: WeightedRows) => ({
  [`${name}Starts`]: starts,
  [`${name}Items`]: items,
  [`${name}Weights`]: weights,
});

const listSections = (name: string, { items, scores }: ItemList) => ({
  [`${name}Items`]: items,
  [`${name}Scores`]: scores,
});

/**
 * Views on the bytes; nothing is copied. What it gives can be ranked by: no number in it leads out of it.
 * @throws {ModelFileError} when they are no model that this version can serve
 */
export function decodeModel(bytes: Uint8Array): ModelContent {
  const content = decodeBlob(bytes);
  const meta = metaOf(content);
  const { algorithm } = meta;
  const of = sectionsOf(content);
  const rows = (name: string): WeightedRows => ({
    starts: of.u32(`${name}Starts`),
    items: of.u32(`${name}Items`),
    weights: of.f32(`${name}Weights`),
  });
  const list = (name: string): ItemList => ({ items: of.u32(`${name}Items`), scores: of.f32(`${name}Scores`) });
  const statistic = (name: (typeof statisticsNames)[number]): Float32Array => of.f32(name);
  const network = algorithm === 'blend/1' ? networkOf(of) : undefined;
  const model: ModelContent = {
    meta,
    ids: { bytes: of.u8('idBytes'), offsets: of.u32('idOffsets'), slots: of.u32('idSlots') },
    index: {
      corpus: {
        starts: of.u32('starts'),
        items: of.u32('items'),
        types: of.u8('types'),
        endedAt: of.u32('endedAt'),
        itemCount: Number(content.meta.itemCount),
      },
      postings: { starts: of.u32('postingStarts'), sessions: of.u32('postings') },
      forward: rows('forward'),
      symmetric: rows('symmetric'),
      statistics: {
        counts: statistic('counts'),
        recentCounts: statistic('recentCounts'),
        newestCounts: statistic('newestCounts'),
        bought: statistic('bought'),
        idle: statistic('idle'),
        age: statistic('age'),
        returns: statistic('returns'),
      },
    },
    lists: { popular: list('popular'), trending: list('trending'), bestsellers: list('bestsellers') },
    network,
  };
  assertWhole(model);
  return model;
}

function metaOf({ meta: { version, algorithm, events, sessions, heldOut } }: BlobContent): ModelMeta {
  if (!isAlgorithm(algorithm)) {
    throw new ModelFileError(`A model of the algorithm ${shown(algorithm)} cannot be served here.`);
  }
  if (typeof version !== 'string' || typeof heldOut !== 'object' || heldOut === null) {
    throw new ModelFileError('The model does not say which version it is, or how good.');
  }
  return { version, algorithm, events: Number(events), sessions: Number(sessions), heldOut };
}

const isAlgorithm = (name: unknown): name is Algorithm => (algorithms as readonly unknown[]).includes(name);

function networkOf(of: ReturnType<typeof sectionsOf>): Network {
  const hidden = of.f32('hidden');
  if (hidden.length !== HIDDEN * FEATURES) {
    throw new ModelFileError('The model was trained on other features than are computed here; train it again.');
  }
  return { hidden, hiddenBias: of.f32('hiddenBias'), output: of.f32('output'), direct: of.f32('direct') };
}

function sectionsOf({ sections }: BlobContent) {
  const section = <T>(name: string, isOne: (found: unknown) => found is T): T => {
    const found = sections[name];
    if (!isOne(found)) throw new ModelFileError(`The model has no section ${name}.`);
    return found;
  };
  return {
    u8: (name: string) => section(name, (found): found is Uint8Array => found instanceof Uint8Array),
    u32: (name: string) => section(name, (found): found is Uint32Array => found instanceof Uint32Array),
    f32: (name: string) => section(name, (found): found is Float32Array => found instanceof Float32Array),
  };
}
