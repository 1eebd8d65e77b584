import { type Corpus, sessionCount, sliceCorpus } from '@tenantry/recommender/index/corpus';
import { buildIndex } from '@tenantry/recommender/index/session-index';
import type { RankRequest } from '@tenantry/recommender/model/model';
import { encodeModel, type ModelContent } from '@tenantry/recommender/model/model-file';
import { loadModel } from '@tenantry/recommender/model/session-model';
import { mergeSessions } from '@tenantry/recommender/training/merge';
import { trainOnSessions } from '@tenantry/recommender/training/train';
import { generated, generatedIds } from './generated.ts';
import { inTurns, type Measurement, measured, middle } from './measurement.ts';
import { serving } from './serving/serving.ts';

const RUNS = 7;
const SESSIONS = 100_000;
const MERGED_SESSIONS = 2_000;
const RANKINGS = 1_000;
/** The floor is so quick that it needs repeating to be seen by the clock of a core's time. */
const FLOOR_TIMES = 20;

/** The recommender in process, on generated events: sessions that stay on a shelf of a shop whose shelves are unequally visited. */
export async function* recommender(): AsyncGenerator<Measurement> {
  const corpus = generated(SESSIONS);
  const itemIds = generatedIds();
  const model = trainOnSessions({ corpus, itemIds }, { version: 'bench' });
  yield* building(corpus);
  yield* merging(model, itemIds);
  yield* loading(encodeModel(model));
  yield* ranking(model, itemIds);
  yield* serving();
}

const seconds = (act: () => unknown): number => {
  const began = performance.now();
  act();
  return (performance.now() - began) / 1000;
};

/** Of a core, whatever else it did meanwhile. */
function cpuSeconds(act: () => unknown): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Events a second; the floor reads each event once and adds it to a sum of its item. */
async function* building(corpus: Corpus): AsyncGenerator<Measurement> {
  const events = corpus.items.length;
  const sums = new Float64Array(corpus.itemCount);
  const { samples, floors } = await inTurns(
    RUNS,
    () => events / seconds(() => buildIndex(corpus)),
    () =>
      events /
      seconds(() => {
        for (const item of corpus.items) sums[item] = (sums[item] ?? 0) + 1;
      }),
  );
  yield measured('recommender.index-events-per-second', '1/s', samples, middle(floors).median);
}

/** A model to which the newest sessions are added; the floor builds its index anew. */
async function* merging(model: ModelContent, itemIds: readonly string[]): AsyncGenerator<Measurement> {
  const { corpus } = model.index;
  const from = sessionCount(corpus) - MERGED_SESSIONS;
  const older = { ...model, index: buildIndex(sliceCorpus(corpus, 0, from)) };
  const newer = { corpus: sliceCorpus(corpus, from, sessionCount(corpus)), itemIds };
  const { samples, floors } = await inTurns(
    RUNS,
    () => seconds(() => mergeSessions(older, newer, { version: 'merged' })),
    () => seconds(() => buildIndex(corpus)),
  );
  yield measured('recommender.merge-seconds', 's', samples, middle(floors).median);
}

/** From bytes to a model that answers; the floor copies the bytes. */
async function* loading(blob: Uint8Array): AsyncGenerator<Measurement> {
  const { samples, floors } = await inTurns(
    RUNS,
    () => 1000 * seconds(() => loadModel(blob)),
    () => 1000 * seconds(() => blob.slice()),
  );
  yield measured('recommender.load-ms', 'ms', samples, middle(floors).median);
  yield measured('recommender.model-bytes', 'B', [blob.byteLength]);
}

/** Lists of 20 for a shopper; the floor gives the same popular items to everybody, through the same model. */
async function* ranking(model: ModelContent, itemIds: readonly string[]): AsyncGenerator<Measurement> {
  const loaded = loadModel(encodeModel(model));
  const { starts, items } = model.index.corpus;
  const requests = Array.from({ length: RANKINGS }, (_, at): RankRequest => {
    const session = sessionCount(model.index.corpus) - 1 - at;
    const seen = Array.from(items.subarray(starts[session], starts[session + 1]), (item) => itemIds[item] ?? '');
    return { ...nothing, history: seen.reverse().map((itemId) => ({ itemId, type: 'view' })) };
  });
  for (const request of requests) loaded.rank(request);
  const each = new Float64Array(RANKINGS).fill(Number.POSITIVE_INFINITY);
  const { samples, floors } = await inTurns(
    RUNS,
    () =>
      RANKINGS /
      cpuSeconds(() => {
        requests.forEach((request, at) => {
          // The least of all turns is the list's own time, without that in which the process waited for the machine.
          each[at] = Math.min(each[at] ?? 0, 1000 * seconds(() => loaded.rank(request)));
        });
      }),
    () =>
      (FLOOR_TIMES * RANKINGS) /
      cpuSeconds(() => {
        for (let time = 0; time < FLOOR_TIMES; time++) for (const _ of requests) loaded.rank(nothing);
      }),
  );
  yield measured('recommender.rankings-per-second', '1/s', samples, middle(floors).median);
  const sorted = each.toSorted();
  for (const share of [50, 90, 99]) {
    yield measured(`recommender.ranking-ms/p${share}`, 'ms', [sorted[Math.floor((sorted.length * share) / 100)] ?? 0]);
  }
}

const nothing: RankRequest = { scenario: 'personal', history: [], about: [], limit: 20, exclude: [] };
