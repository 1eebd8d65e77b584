import { pairedDifference, type SessionPair } from '@tenantry/core/training/paired';
import { type Corpus, createCorpusBuilder, sessionCount, sliceCorpus } from '../index/corpus.ts';
import { createItemLookup } from '../model/item-ids.ts';
import type { ModelContent } from '../model/model-file.ts';
import { QUERIES_MAX, QUERIES_MIN, rankingOf, SET_ASIDE_SHARE_MAX, sessionBefore } from './choose.ts';
import { type Query, queriesOf, rankIn } from './evaluate.ts';
import { mergeSessions } from './merge.ts';
import type { TimedSessions } from './sessions.ts';

const DAY_SECONDS = 86_400;

/** What two models came to when they were asked the same. Shares from 0 to 1; times in seconds. */
export interface Rivalry {
  readonly queries: number;
  /** When the first and the last of the sessions ended. */
  readonly window: { readonly from: number; readonly to: number };
  readonly candidate: number;
  readonly serving: number;
  readonly onlyCandidate: number;
  readonly onlyServing: number;
  readonly difference: ReturnType<typeof pairedDifference>;
}

/** Sessions by which two models are compared. */
export interface HeldOut {
  /** A candidate is trained on the sessions before this one. */
  readonly cut: number;
  /** Those from there on that the other one does not know, either, oldest first. */
  readonly sessions: readonly number[];
  readonly queries: number;
}

/**
 * Sets aside the sessions of the latest day, or where these are too few of the newest part, as far as they began after the other model's
 * last. Never so many that too little is left to train on.
 * @param knownUntil when the newest session ended that the other model knows, in seconds
 * @returns nothing where there are too few to tell
 */
export function holdOut({ corpus, began }: TimedSessions, knownUntil: number): HeldOut | undefined {
  const sessions = sessionCount(corpus);
  const dayBefore = (corpus.endedAt[sessions - 1] ?? 0) - DAY_SECONDS;
  let day = sessions;
  while (day > 0 && (corpus.endedAt[day - 1] ?? 0) > dayBefore) day -= 1;
  const earliest = sessionBefore(corpus, SET_ASIDE_SHARE_MAX * (corpus.items.length - sessions));
  for (const cut of new Set([Math.max(day, earliest), earliest])) {
    if (cut === 0) continue;
    const found = unknown(corpus, began, cut, knownUntil);
    if (found.queries >= QUERIES_MIN) return { cut, ...found };
  }
  return undefined;
}

/** The newest sessions from `cut` on that began after a time, with about as many queries as are wanted at most. */
function unknown(corpus: Corpus, began: Uint32Array, cut: number, after: number): Omit<HeldOut, 'cut'> {
  const sessions: number[] = [];
  let queries = 0;
  for (let session = sessionCount(corpus) - 1; session >= cut && queries < QUERIES_MAX; session--) {
    const own = lengthOf(corpus, session) - 1;
    if ((began[session] ?? 0) <= after || own < 1) continue;
    sessions.push(session);
    queries += own;
  }
  return { sessions: sessions.reverse(), queries };
}

const lengthOf = ({ starts }: Corpus, session: number): number => (starts[session + 1] ?? 0) - (starts[session] ?? 0);

/** When the newest session ended that a model knows, in seconds. */
export const knownUntil = ({ index }: ModelContent): number => index.corpus.endedAt.at(-1) ?? 0;

/**
 * Asks both models what came next in the sessions that were set aside. The one that serves is given the sessions before these by merging,
 * as happens while it serves, so that neither knows more than the other.
 * @param candidate trained on the sessions before `heldOut.cut`, with their numbers of items
 * @param serving with numbers of items of its own
 */
export function compareModels(
  sessions: TimedSessions,
  heldOut: HeldOut,
  models: { readonly candidate: ModelContent; readonly serving: ModelContent },
): Rivalry {
  const { corpus } = sessions;
  const { candidate } = models;
  const numbers = numbersIn(models.serving, sessions.itemIds);
  const serving = upToDate(models.serving, sessions, heldOut.cut, numbers);
  const ask = {
    candidate: rankingOf(candidate.meta.algorithm, candidate.index, candidate.network),
    serving: rankingOf(serving.meta.algorithm, serving.index, serving.network),
  };
  let candidateHits = 0;
  let servingHits = 0;
  const pairs = heldOut.sessions.map((session): SessionPair => {
    let [queries, onlyFirst, onlySecond] = [0, 0, 0];
    for (const { prefix, next } of queriesOf(sliceCorpus(corpus, session, session + 1))) {
      const ofCandidate = isFound(ask.candidate, { prefix, next });
      const items = prefix.items.map((item) => numbers.of[item] ?? 0);
      const ofServing = isFound(ask.serving, { prefix: { ...prefix, items }, next: numbers.of[next] ?? -1 });
      queries += 1;
      candidateHits += ofCandidate ? 1 : 0;
      servingHits += ofServing ? 1 : 0;
      if (ofCandidate && !ofServing) onlyFirst += 1;
      if (ofServing && !ofCandidate) onlySecond += 1;
    }
    return { queries, onlyFirst, onlySecond };
  });
  const queries = pairs.reduce((sum, pair) => sum + pair.queries, 0);
  return {
    queries,
    window: {
      from: corpus.endedAt[heldOut.sessions[0] ?? 0] ?? 0,
      to: corpus.endedAt[heldOut.sessions.at(-1) ?? 0] ?? 0,
    },
    candidate: candidateHits / queries,
    serving: servingHits / queries,
    onlyCandidate: pairs.reduce((sum, { onlyFirst }) => sum + onlyFirst, 0),
    onlyServing: pairs.reduce((sum, { onlySecond }) => sum + onlySecond, 0),
    difference: pairedDifference(pairs),
  };
}

function isFound(rank: ReturnType<typeof rankingOf>, { prefix, next }: Query): boolean {
  const { items, count } = rank(prefix);
  return rankIn(next, items, count) > 0;
}

interface Numbers {
  /** By an item's number in the sessions, its number in the model; items that it does not know come after those that it does. */
  readonly of: Uint32Array;
  readonly itemIds: readonly string[];
}

function numbersIn({ ids }: ModelContent, itemIds: readonly string[]): Numbers {
  const lookup = createItemLookup(ids);
  const all = Array.from({ length: lookup.count }, (_, item) => lookup.idOf(item));
  const of = Uint32Array.from(itemIds, (id) => {
    const known = lookup.numberOf(id);
    return known >= 0 ? known : all.push(id) - 1;
  });
  return { of, itemIds: all };
}

/** The model with the sessions before `cut` that it does not know merged into it. */
function upToDate(model: ModelContent, { corpus, began }: TimedSessions, cut: number, numbers: Numbers): ModelContent {
  const after = knownUntil(model);
  const newer = createCorpusBuilder(numbers.itemIds.length);
  for (let session = 0; session < cut; session++) {
    if ((began[session] ?? 0) <= after) continue;
    const [from, to] = [corpus.starts[session] ?? 0, corpus.starts[session + 1] ?? 0];
    newer.add(
      corpus.items.subarray(from, to).map((item) => numbers.of[item] ?? 0),
      corpus.types.subarray(from, to),
      corpus.endedAt[session] ?? 0,
    );
  }
  return mergeSessions(model, { corpus: newer.build(), itemIds: numbers.itemIds }, { version: model.meta.version });
}
