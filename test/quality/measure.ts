import { sessionCount, sliceCorpus } from '@tenantry/recommender/index/corpus';
import { buildIndex } from '@tenantry/recommender/index/session-index';
import type { RankRequest } from '@tenantry/recommender/model/model';
import { encodeModel, type ModelContent } from '@tenantry/recommender/model/model-file';
import { loadModel } from '@tenantry/recommender/model/session-model';
import type { Prefix } from '@tenantry/recommender/ranking/evidence';
import { createItemRanking, type Ranking } from '@tenantry/recommender/ranking/rank-items';
import { evaluate, rankIn } from '@tenantry/recommender/training/evaluate';
import { mergeSessions } from '@tenantry/recommender/training/merge';
import { trainOnSessions } from '@tenantry/recommender/training/train';
import { baselines } from './baselines.ts';
import type { DataSet } from './data-set.ts';

/** What one core needed, whatever else ran beside it. */
function cpuSeconds<T>(act: () => T): { readonly result: T; readonly seconds: number } {
  const before = process.cpuUsage();
  const result = act();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}

const percent = (share: number): number => Number((100 * share).toFixed(2));
const rounded = (value: number): number => Number(value.toPrecision(4));
const MERGED_EVENTS = 10_000;
const TIMED_QUERIES = 10_000;
const TURNS = 3;

/** Trains on a data set and measures by the protocol: every query ranks the whole catalogue by what came before. */
export function* measure({ train, queries }: DataSet): Generator<Readonly<Record<string, unknown>>> {
  const trained = cpuSeconds(() => trainOnSessions(train, { version: 'quality' }));
  const model = trained.result;
  const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1000);
  const index = cpuSeconds(() => buildIndex(train.corpus));
  const rank = createItemRanking(model.index, model.network);
  const watched = watchFullLists(rank, queries);
  const { hr20, mrr20, novelHr20, novelMrr20, novelQueries } = evaluate(watched.rank, queries);
  const { meta } = model;
  yield {
    hr20: percent(hr20),
    mrr20: percent(mrr20),
    novelHr20: percent(novelHr20),
    novelMrr20: percent(novelMrr20),
    queries: queries.length,
    novelQueries,
    novelHr20FullLists: percent(watched.hr20()),
    algorithm: meta.algorithm,
    heldOutHr20: percent(meta.heldOut[meta.algorithm]?.hr20 ?? 0),
    heldOutMrr20: percent(meta.heldOut[meta.algorithm]?.mrr20 ?? 0),
    events: train.corpus.items.length,
    sessions: sessionCount(train.corpus),
    items: train.corpus.itemCount,
    trainSeconds: rounded(trained.seconds),
    indexSeconds: rounded(index.seconds),
    indexEventsPerSecond: Math.round(train.corpus.items.length / index.seconds),
    mergeSeconds: rounded(mergeSeconds(model, train)),
    ...served(model, train, queries),
    peakRssMb,
  };
  for (const [name, baseline] of Object.entries(baselines)) {
    const metrics = evaluate(baseline(model.index), queries);
    yield {
      baseline: name,
      hr20: percent(metrics.hr20),
      mrr20: percent(metrics.mrr20),
      novelHr20: percent(metrics.novelHr20),
      novelMrr20: percent(metrics.novelMrr20),
    };
  }
}

/** Counts novel targets in the same lists as all are counted in, where items of the prefix take places, too. */
function watchFullLists(rank: ReturnType<typeof createItemRanking>, queries: DataSet['queries']) {
  let at = 0;
  let hits = 0;
  let count = 0;
  return {
    rank(prefix: Prefix): Ranking {
      const ranking = rank(prefix);
      const next = queries[at]?.next ?? -1;
      at += 1;
      if (prefix.items.indexOf(next) < 0) {
        count += 1;
        if (rankIn(next, ranking.items, ranking.count) > 0) hits += 1;
      }
      return ranking;
    },
    hr20: () => hits / Math.max(1, count),
  };
}

/** From a loaded model without the newest sessions to a model file with them. */
function mergeSeconds(model: ModelContent, { corpus, itemIds }: DataSet['train']): number {
  const sessions = sessionCount(corpus);
  let from = sessions;
  while (from > 0 && corpus.items.length - (corpus.starts[from] ?? 0) < MERGED_EVENTS) from -= 1;
  const older = { ...model, index: buildIndex(sliceCorpus(corpus, 0, from)) };
  const newer = { corpus: sliceCorpus(corpus, from, sessions), itemIds };
  const merge = (): Uint8Array => encodeModel(mergeSessions(older, newer, { version: 'merged' }));
  merge();
  return cpuSeconds(merge).seconds;
}

/** The model as a shop asks it: by ids, from its file. */
function served(model: ModelContent, { itemIds }: DataSet['train'], queries: DataSet['queries']) {
  const blob = encodeModel(model);
  const loads = Array.from({ length: 5 }, () => cpuSeconds(() => loadModel(blob)).seconds);
  const loaded = loadModel(blob);
  const requests = queries.slice(0, TIMED_QUERIES).map(
    ({ prefix }): RankRequest => ({
      scenario: 'personal',
      history: Array.from(prefix.items, (item) => ({ itemId: itemIds[item] ?? '', type: 'view' as const })).reverse(),
      about: [],
      limit: 20,
      exclude: [],
    }),
  );
  for (const request of requests.slice(0, 2000)) loaded.rank(request);
  const times = new Float64Array(requests.length).fill(Number.POSITIVE_INFINITY);
  const { seconds } = cpuSeconds(() => {
    // A list that waited for its turn on the machine is made again: the time asked for is its own.
    for (let turn = 0; turn < TURNS; turn++) {
      requests.forEach((request, at) => {
        const began = performance.now();
        loaded.rank(request);
        times[at] = Math.min(times[at] ?? 0, performance.now() - began);
      });
    }
  });
  times.sort();
  const quantile = (q: number): number => rounded(times[Math.floor((times.length - 1) * q)] ?? 0);
  return {
    modelBytes: blob.byteLength,
    loadMs: rounded(1000 * (loads.toSorted((a, b) => a - b)[2] ?? 0)),
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    rankingsPerSecond: Math.round((TURNS * requests.length) / seconds),
  };
}
