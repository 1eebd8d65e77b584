import { type Corpus, sessionCount, sliceCorpus } from '../index/corpus.ts';
import { itemLists } from '../index/item-lists.ts';
import { buildIndex, type SessionIndex } from '../index/session-index.ts';
import { type Algorithm, algorithms, type ModelMeta, type RankingMetrics } from '../model/model-meta.ts';
import type { Prefix } from '../ranking/evidence.ts';
import { createCandidates } from '../ranking/features.ts';
import type { Network } from '../ranking/network.ts';
import { createItemRanking, type Ranking } from '../ranking/rank-items.ts';
import { evaluate, type Query, queriesOf } from './evaluate.ts';
import { createLessons, type Lessons, trainNetwork } from './train-network.ts';

export interface Choice {
  readonly algorithm: Algorithm;
  readonly heldOut: ModelMeta['heldOut'];
  readonly network?: Network | undefined;
}

/** What the network learns from, and how it is judged: shares of the sessions, the newest. */
const LEARN_SHARE_MIN = 0.12;
const LEARN_SHARE_MAX = 0.3;
const LESSONS_WANTED = 20_000;
const LESSONS_MAX = 100_000;
/** Of the part that is learnt from, the newest share is kept for judging. */
const JUDGED_SHARE = 0.25;
const QUERIES_MAX = 10_000;
/** With fewer, a comparison says nothing. */
const QUERIES_MIN = 50;
const LESSONS_MIN = 500;
const OTHERS_PER_LESSON = 40;
/** The network sees about as many lessons in all, repeated where there are few. */
const LESSONS_SEEN = 150_000;
const EPOCHS_MAX = 8;

/**
 * Tries each algorithm on the newest sessions with an index of the older ones, and takes the best. The network is then taught by all
 * of the newer sessions.
 */
export function chooseAlgorithm(corpus: Corpus, seed: number): Choice {
  const sessions = sessionCount(corpus);
  const prefixes = corpus.items.length - sessions;
  const share = Math.min(LEARN_SHARE_MAX, Math.max(LEARN_SHARE_MIN, LESSONS_WANTED / Math.max(1, prefixes)));
  const learnFrom = Math.floor(sessions * (1 - share));
  const judgeFrom = Math.floor(sessions * (1 - share * JUDGED_SHARE));
  const queries = newest([...queriesOf(corpus, judgeFrom)], QUERIES_MAX);
  if (queries.length < QUERIES_MIN) return { algorithm: 'co-visitation/2', heldOut: {} };

  const index = buildIndex(sliceCorpus(corpus, 0, learnFrom));
  const lessons = collectLessons(index, corpus, learnFrom, judgeFrom, seed);
  const network = lessons.count < LESSONS_MIN ? undefined : teach(lessons, seed);
  const heldOut: { [A in Algorithm]?: RankingMetrics } = {
    'popularity/1': evaluate(alwaysPopular(index), queries),
    'co-visitation/2': evaluate(createItemRanking(index), queries),
    ...(network && { 'blend/1': evaluate(createItemRanking(index, network), queries) }),
  };
  const algorithm = best(heldOut);
  if (algorithm !== 'blend/1') return { algorithm, heldOut };
  return { algorithm, heldOut, network: teach(collectLessons(index, corpus, learnFrom, sessions, seed), seed) };
}

/** A list that is the same for all must be clearly better before it serves: by two standard errors. */
function best(heldOut: { readonly [A in Algorithm]?: RankingMetrics }): Algorithm {
  const worth = (algorithm: Algorithm): number => {
    const { hr20, mrr20, queries } = heldOut[algorithm] ?? { hr20: 0, mrr20: 0, queries: 1 };
    const doubt = algorithm === 'popularity/1' ? 2 * Math.sqrt((hr20 * (1 - hr20)) / queries) : 0;
    return hr20 + mrr20 - doubt;
  };
  return algorithms.reduce((one, other) => (worth(other) > worth(one) ? other : one), 'co-visitation/2');
}

function alwaysPopular(index: SessionIndex): (prefix: Prefix) => Ranking {
  const { items, scores } = itemLists(index.statistics).popular;
  return () => ({ count: items.length, items, scores });
}

const teach = (lessons: Lessons, seed: number): Network =>
  trainNetwork(lessons, {
    seed,
    epochs: Math.min(EPOCHS_MAX, Math.max(2, Math.round(LESSONS_SEEN / Math.max(1, lessons.count)))),
  });

function collectLessons(index: SessionIndex, corpus: Corpus, from: number, to: number, seed: number): Lessons {
  const candidatesOf = createCandidates(index);
  const until = corpus.starts[to] ?? 0;
  const skipped = Math.max(0, until - (corpus.starts[from] ?? 0) - (to - from) - LESSONS_MAX);
  const lessons = createLessons(LESSONS_MAX, OTHERS_PER_LESSON, seed);
  let at = 0;
  for (const { prefix, next } of queriesOf(sliceCorpus(corpus, from, to))) {
    at += 1;
    // Where there are too many the newest ones teach.
    if (at > skipped) lessons.add(candidatesOf(prefix), next);
  }
  return lessons.build();
}

const newest = (queries: readonly Query[], most: number): readonly Query[] => queries.slice(-most);
