import type { ApiClient } from './api-client.ts';
import type { Person } from './journey.ts';
import { until } from './journey.ts';
import { replay, withinRate } from './replay.ts';
import { type ShopSession, toEvents } from './shop-events.ts';

/** What a tenant saw when its shop's events were replayed and its shoppers asked for lists. */
export interface TrialResult {
  readonly events: {
    readonly sent: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly perSecond: number;
  };
  readonly archiveSeconds: number;
  readonly trainingSeconds: number;
  readonly model: { readonly version: string; readonly events: number; readonly items: number; readonly bytes: number };
  readonly lists: {
    readonly asked: number;
    /** Lists of as many items as were asked for. */
    readonly full: number;
    /** Lists that hold the item that the shopper looked at next. */
    readonly hits: number;
    readonly servedBy: readonly string[];
    readonly p50Ms: number;
    readonly p99Ms: number;
  };
  /** Whether an event sent right before changed the very next list. */
  readonly freshEventSeen: boolean;
}

const LIST_ITEMS = 20;

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;

/** Sends a shop's past, trains on it, then asks for a list for each held-out visitor. */
export async function runTrial(
  person: Person,
  apiKey: string,
  sessions: { readonly past: readonly ShopSession[]; readonly heldOut: readonly ShopSession[] },
  onProgress: (step: string) => void,
): Promise<TrialResult> {
  const { api } = person;
  const pastEvents = toEvents(sessions.past, Date.now());
  onProgress(`sending ${pastEvents.length} events`);
  const sent = await replay(api, apiKey, pastEvents);

  onProgress('waiting for the archive');
  const archiveStarted = performance.now();
  await archived(person, sent.accepted);
  const archiveSeconds = (performance.now() - archiveStarted) / 1000;

  onProgress('training the model');
  const trainingStarted = performance.now();
  const model = await train(person);
  const trainingSeconds = (performance.now() - trainingStarted) / 1000;

  onProgress(`asking for ${sessions.heldOut.length} lists`);
  const lists = await askForLists(api, apiKey, model.version, sessions.heldOut);
  const freshEventSeen = await seesFreshEvent(api, apiKey, sessions.past);
  return {
    events: {
      sent: pastEvents.length,
      accepted: sent.accepted,
      rejected: sent.rejected,
      perSecond: Math.round(sent.accepted / sent.seconds),
    },
    archiveSeconds,
    trainingSeconds,
    model,
    lists,
    freshEventSeen,
  };
}

/** Waits until as many events are in the archive, from where training reads them. */
export async function archived(person: Person, events: number): Promise<void> {
  await until(
    'Archiving the events',
    async () => {
      const { archivedEvents } = await person.api('getActivity', {
        bearer: person.accessToken,
        query: { minutes: '1' },
      });
      return archivedEvents >= events ? true : undefined;
    },
    120_000,
  );
}

/** Trains a model and waits until it serves. */
export async function train(person: Person): Promise<TrialResult['model']> {
  await person.api('trainModel', { bearer: person.accessToken });
  return until(
    'The training',
    async () => {
      const { models, training } = await person.api('listModels', { bearer: person.accessToken });
      if (training?.reason) throw new Error(`The training came to nothing: ${training.reason}`);
      const serving = models.find((model) => model.serving);
      if (training?.status !== 'succeeded' || !serving) return undefined;
      const { version, events, items, bytes } = serving;
      return { version, events, items, bytes };
    },
    300_000,
  );
}

/** More than a silo of the demonstration has replicas, which answer in turn. */
const ANSWERS_IN_A_ROW = 8;

async function askForLists(
  api: ApiClient,
  apiKey: string,
  version: string,
  heldOut: readonly ShopSession[],
): Promise<TrialResult['lists']> {
  const prefixes = heldOut.map(({ id, items }) => ({ id, items: items.slice(0, -1) }));
  await replay(api, apiKey, toEvents(prefixes, Date.now()));
  const ask = (id: string) =>
    withinRate(() => api('recommend', { bearer: apiKey, body: { shopperId: `shopper-${id}`, limit: LIST_ITEMS } }));
  // A model that was promoted a moment ago may take a second to be noticed, by each replica for itself.
  await until('Serving the new model', async () => {
    for (let asked = 0; asked < ANSWERS_IN_A_ROW; asked += 1) {
      const { modelVersion } = await ask(heldOut[0]?.id ?? 'nobody');
      if (modelVersion !== version) return undefined;
    }
    return true;
  });
  const milliseconds: number[] = [];
  const servedBy = new Set<string>();
  let full = 0;
  let hits = 0;
  for (const { id, items } of heldOut) {
    const started = performance.now();
    const list = await ask(id);
    milliseconds.push(performance.now() - started);
    servedBy.add(list.servedBy);
    if (list.items.length === LIST_ITEMS) full += 1;
    if (list.items.some(({ itemId }) => itemId === items.at(-1))) hits += 1;
  }
  milliseconds.sort((a, b) => a - b);
  return {
    asked: heldOut.length,
    full,
    hits,
    servedBy: [...servedBy],
    p50Ms: Number(quantile(milliseconds, 0.5).toFixed(1)),
    p99Ms: Number(quantile(milliseconds, 0.99).toFixed(1)),
  };
}

/** A shopper of whom nothing is known looks at one item; the very next list must come of it. */
async function seesFreshEvent(api: ApiClient, apiKey: string, past: readonly ShopSession[]): Promise<boolean> {
  const shopperId = `shopper-fresh-${Date.now()}`;
  const body = { shopperId, limit: 5 };
  const before = await api('recommend', { bearer: apiKey, body });
  const itemId = past.find(({ items }) => new Set(items).size > 2)?.items[0] ?? '';
  await api('collectEvents', { bearer: apiKey, body: { events: [{ shopperId, itemId, type: 'view' }] } });
  const after = await api('recommend', { bearer: apiKey, body });
  return before.items.every(({ reason }) => reason === 'popular') && after.items[0]?.reason === 'co-visited';
}
