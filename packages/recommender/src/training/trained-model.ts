import { encodeModel, type ModelContent } from '../model/model-file.ts';
import type { RankingMetrics } from '../model/model-meta.ts';
import type { TimedSessions } from './sessions.ts';

/** A time span in seconds since the epoch. */
export interface Seconds {
  readonly from: number;
  readonly to: number;
}

/** A model as a file, and what is said of it. */
export interface MadeModel {
  /** The versioned model file. */
  readonly blob: Uint8Array;
  readonly algorithm: string;
  /** Distinct events that it was made of. */
  readonly events: number;
  readonly items: number;
  /** What the chosen algorithm reached on the newest sessions; nothing where there were too few to tell. */
  readonly metrics?: RankingMetrics | undefined;
  /** From the first to the last of the events that were given. */
  readonly window: Seconds;
}

export function made(model: ModelContent, window: Seconds): MadeModel {
  const { algorithm, events, heldOut } = model.meta;
  return {
    blob: encodeModel(model),
    algorithm,
    events,
    items: model.index.corpus.itemCount,
    metrics: heldOut[algorithm],
    window,
  };
}

/** Zero to zero where there is no session. */
export function secondsOf({ corpus, began }: TimedSessions): Seconds {
  const first = began.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  return { from: Number.isFinite(first) ? first : 0, to: corpus.endedAt.at(-1) ?? 0 };
}
