import type { Step } from '@tenantry/core/training/phases';
import { type Corpus, sessionCount, sliceCorpus } from '../index/corpus.ts';
import { itemLists } from '../index/item-lists.ts';
import { buildIndex, type SessionIndex } from '../index/session-index.ts';
import { type Algorithm, algorithms, type ModelMeta, type RankingMetrics } from '../model/model-meta.ts';
import type { Prefix } from '../ranking/evidence.ts';
import { createCandidates } from '../ranking/features.ts';
import type { Network } from '../ranking/network.ts';
import { createItemRanking, type Ranking } from '../ranking/rank-items.ts';
import { evaluate, queriesOf } from './evaluate.ts';
import { createLessons, trainNetwork } from './train-network.ts';

export interface Choice {
  readonly algorithm: Algorithm;
  readonly heldOut: ModelMeta['heldOut'];
  readonly network?: Network | undefined;
}

/** So much of the newest is set aside, in prefixes with a known next item: a share, more where there is little, and not more than this. */
const SET_ASIDE_SHARE = 0.12;
export const SET_ASIDE_SHARE_MAX = 0.3;
const LESSONS_WANTED = 20_000;
const LESSONS_MAX = 100_000;
/** Of what is set aside the newest share is kept for judging. */
const JUDGED_SHARE = 0.25;
export const QUERIES_MAX = 10_000;
/** With fewer, a comparison says nothing. */
export const QUERIES_MIN = 50;
const LESSONS_MIN = 500;
const OTHERS_PER_LESSON = 40;
/** The network sees about as many lessons in all, repeated where there are few. */
const LESSONS_SEEN = 150_000;
const EPOCHS_MAX = 8;

/**
 * Tries each algorithm on the newest sessions with an index of the older ones, and takes the best. The network is then taught by all
 * of the newer sessions.
 */
export function* choosing(corpus: Corpus, seed: number): Generator<Step, Choice> {
  const sessions = sessionCount(corpus);
  const prefixes = corpus.items.length - sessions;
  const setAside = Math.min(
    LESSONS_MAX,
    Math.max(SET_ASIDE_SHARE * prefixes, Math.min(LESSONS_WANTED, SET_ASIDE_SHARE_MAX * prefixes)),
  );
  const learnFrom = sessionBefore(corpus, setAside);
  const judgeFrom = sessionBefore(corpus, JUDGED_SHARE * setAside);
  const queries = [...queriesOf(corpus, Math.max(judgeFrom, sessionBefore(corpus, QUERIES_MAX)))];
  if (queries.length < QUERIES_MIN) return { algorithm: 'co-visitation/2', heldOut: {} };

  yield { phase: 'indexing' };
  const index = buildIndex(sliceCorpus(corpus, 0, learnFrom));
  yield { phase: 'learning' };
  const network = teach(index, corpus, learnFrom, judgeFrom, seed);
  yield { phase: 'evaluating' };
  const heldOut: { [A in Algorithm]?: RankingMetrics } = {
    'popularity/1': evaluate(rankingOf('popularity/1', index), queries),
    'co-visitation/2': evaluate(rankingOf('co-visitation/2', index), queries),
    ...(network && { 'blend/1': evaluate(rankingOf('blend/1', index, network), queries) }),
  };
  yield { counts: { queries: queries.length } };
  yield { phase: 'choosing' };
  const algorithm = best(heldOut);
  if (algorithm !== 'blend/1') return { algorithm, heldOut };
  return { algorithm, heldOut, network: teach(index, corpus, learnFrom, sessions, seed) };
}

/** How an algorithm ranks by an index; good for one prefix at a time. */
export const rankingOf = (
  algorithm: Algorithm,
  index: SessionIndex,
  network?: Network,
): ((prefix: Prefix) => Ranking) =>
  algorithm === 'popularity/1' ? alwaysPopular(index) : createItemRanking(index, network);

/** The session from which on there are about so many prefixes. */
export function sessionBefore(corpus: Corpus, prefixes: number): number {
  let session = sessionCount(corpus);
  let left = prefixes;
  while (session > 0 && left > 0) {
    session -= 1;
    left -= Math.max(0, (corpus.starts[session + 1] ?? 0) - (corpus.starts[session] ?? 0) - 1);
  }
  return session;
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

/** Teaches a network by the sessions `from … to`, none of which the index holds; nothing where there is too little to learn. */
function teach(index: SessionIndex, corpus: Corpus, from: number, to: number, seed: number): Network | undefined {
  const candidatesOf = createCandidates(index);
  const collected = createLessons(LESSONS_MAX, OTHERS_PER_LESSON, seed);
  for (const { prefix, next } of queriesOf(sliceCorpus(corpus, from, to))) collected.add(candidatesOf(prefix), next);
  const lessons = collected.build();
  if (lessons.count < LESSONS_MIN) return undefined;
  const epochs = Math.min(EPOCHS_MAX, Math.max(2, Math.round(LESSONS_SEEN / lessons.count)));
  return trainNetwork(lessons, { seed, epochs });
}
