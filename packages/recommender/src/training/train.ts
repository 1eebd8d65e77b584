import type { BehaviourEvent } from '@tenantry/core/events/event';
import { coVisitationAlgorithm, encodeCoVisitation } from '../model/co-visitation.ts';
import { buildCoVisitation } from './co-visitation.ts';
import { collectSessions } from './sessions.ts';

export interface TrainedModel {
  /** The versioned model file. */
  readonly blob: Uint8Array;
  readonly algorithm: string;
  /** Distinct events that it was trained on. */
  readonly events: number;
  readonly items: number;
}

/**
 * Trains a tenant's model. Deterministic: the same events in any order give the same bytes.
 * @throws {Error} when there is no event at all.
 */
export async function trainModel(
  events: AsyncIterable<BehaviourEvent>,
  options: { readonly version: string },
): Promise<TrainedModel> {
  const sessions = await collectSessions(events);
  const count = sessions.reduce((sum, session) => sum + session.events.length, 0);
  if (count === 0) throw new Error('There are no events to train on yet; send some, then train again.');
  const index = buildCoVisitation(sessions);
  return {
    blob: encodeCoVisitation(index, options.version),
    algorithm: coVisitationAlgorithm,
    events: count,
    items: index.itemIds.length,
  };
}
