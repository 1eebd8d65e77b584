import type { BehaviourEvent } from '@tenantry/core/events/event';
import { sessionCount } from '../index/corpus.ts';
import { itemLists } from '../index/item-lists.ts';
import { mergeIndex } from '../index/session-index.ts';
import { decodeItemIds, encodeItemIds } from '../model/item-ids.ts';
import { decodeModel, type ModelContent } from '../model/model-file.ts';
import type { ModelMeta } from '../model/model-meta.ts';
import { collectSessions, type ShopSessions } from './sessions.ts';
import { type MadeModel, made, secondsOf } from './trained-model.ts';

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
): Promise<MadeModel> {
  const model = decodeModel(blob);
  const newer = await collectSessions(events, decodeItemIds(model.ids));
  return made(mergeSessions(model, newer, options), secondsOf(newer));
}
