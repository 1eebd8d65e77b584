import type { BehaviourEvent } from '@tenantry/core/events/event';
import { sessionCount } from '../index/corpus.ts';
import { itemLists } from '../index/item-lists.ts';
import { buildIndex, mergeIndex } from '../index/session-index.ts';
import { decodeItemIds, encodeItemIds } from '../model/item-ids.ts';
import { decodeModel, encodeModel, type ModelContent } from '../model/model-file.ts';
import type { ModelMeta, RankingMetrics } from '../model/model-meta.ts';
import { chooseAlgorithm } from './choose.ts';
import { collectSessions, type ShopSessions } from './sessions.ts';

export interface TrainedModel {
  /** The versioned model file. */
  readonly blob: Uint8Array;
  readonly algorithm: string;
  /** Distinct events that it was trained on. */
  readonly events: number;
  readonly items: number;
  /** What the chosen algorithm reached on the newest sessions; nothing where there were too few to tell. */
  readonly metrics?: RankingMetrics | undefined;
}

const SEED = 1;

/**
 * Trains a tenant's model. Deterministic: the same events in any order give the same bytes.
 * @throws {Error} when there is no event at all.
 */
export async function trainModel(
  events: AsyncIterable<BehaviourEvent>,
  options: { readonly version: string },
): Promise<TrainedModel> {
  return encoded(trainOnSessions(await collectSessions(events), options));
}

/** @throws {Error} when there is no event at all. */
export function trainOnSessions(
  { corpus, itemIds }: ShopSessions,
  options: { readonly version: string },
): ModelContent {
  if (corpus.items.length === 0) throw new Error('There are no events to train on yet; send some, then train again.');
  const { algorithm, heldOut, network } = chooseAlgorithm(corpus, SEED);
  const index = buildIndex(corpus);
  return {
    meta: {
      version: options.version,
      algorithm,
      events: corpus.items.length,
      sessions: sessionCount(corpus),
      heldOut,
    },
    ids: encodeItemIds(itemIds),
    index,
    lists: itemLists(index.statistics),
    network,
  };
}

/**
 * Adds newer sessions to a model: its index is then what it would be if it had been built on all of them, while the algorithm and what
 * the network has learnt stay.
 * @param newer with items numbered as in the model, new ones after those
 */
export function mergeSessions(
  model: ModelContent,
  newer: ShopSessions,
  options: { readonly version: string },
): ModelContent {
  const index = mergeIndex(model.index, newer.corpus);
  const meta: ModelMeta = {
    ...model.meta,
    version: options.version,
    events: index.corpus.items.length,
    sessions: sessionCount(index.corpus),
  };
  const ids = newer.itemIds.length === model.index.corpus.itemCount ? model.ids : encodeItemIds(newer.itemIds);
  return { ...model, meta, ids, index, lists: itemLists(index.statistics) };
}

/**
 * The same for a model file and events. A session whose beginning the model holds is continued as one of its own.
 * @param events none of which the model holds
 * @throws {Error} when the bytes are no model that this version can serve
 */
export async function mergeEvents(
  blob: Uint8Array,
  events: AsyncIterable<BehaviourEvent>,
  options: { readonly version: string },
): Promise<TrainedModel> {
  const model = decodeModel(blob);
  return encoded(mergeSessions(model, await collectSessions(events, decodeItemIds(model.ids)), options));
}

function encoded(model: ModelContent): TrainedModel {
  const { algorithm, events, heldOut } = model.meta;
  return {
    blob: encodeModel(model),
    algorithm,
    events,
    items: model.index.corpus.itemCount,
    metrics: heldOut[algorithm],
  };
}
