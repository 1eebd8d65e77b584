import type { ApiClient } from './api-client.ts';
import type { SentEvent } from './shop-events.ts';

const BATCH = 100;
const LANES = 4;

export interface ReplayResult {
  readonly accepted: number;
  readonly rejected: number;
  readonly seconds: number;
}

/** Sends events in full batches, a few at once, as a shop's server would. */
export async function replay(api: ApiClient, apiKey: string, events: readonly SentEvent[]): Promise<ReplayResult> {
  const started = performance.now();
  let next = 0;
  let accepted = 0;
  let rejected = 0;
  const lane = async (): Promise<void> => {
    while (next < events.length) {
      const batch = events.slice(next, next + BATCH);
      next += BATCH;
      const answer = await api('collectEvents', { bearer: apiKey, body: { events: batch } });
      accepted += answer.accepted;
      rejected += answer.rejected;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { accepted, rejected, seconds: (performance.now() - started) / 1000 };
}
