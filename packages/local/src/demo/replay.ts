import { setTimeout as wait } from 'node:timers/promises';
import { type ApiClient, ApiProblem } from './api-client.ts';
import type { SentEvent } from './shop-events.ts';

const BATCH = 100;
const LANES = 4;
const A_SECOND_MS = 1000;

export interface ReplayResult {
  readonly accepted: number;
  readonly rejected: number;
  readonly seconds: number;
}

/** Makes a call again, a second later, for as long as the tier's requests of the second are used up. */
export async function withinRate<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.problem.limit?.name !== 'requestsPerSecond') throw error;
      await wait(A_SECOND_MS);
    }
  }
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
      const answer = await withinRate(() => api('collectEvents', { bearer: apiKey, body: { events: batch } }));
      accepted += answer.accepted;
      rejected += answer.rejected;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { accepted, rejected, seconds: (performance.now() - started) / 1000 };
}
