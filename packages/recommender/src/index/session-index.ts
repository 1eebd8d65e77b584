import { type CoVisitation, countCoVisitation } from './co-visitation.ts';
import { appendCorpus, type Corpus } from './corpus.ts';
import { type ItemStatistics, itemStatistics } from './item-statistics.ts';
import { occurrencesOf, type Postings, postingsOf, sessionsOfEvents } from './postings.ts';

/** Of an item that more sessions hold, the newest ones are compared with a shopper's. */
const POSTINGS_MAX = 1000;

/** All that ranking looks up: a pure function of the corpus. */
export interface SessionIndex extends CoVisitation {
  readonly corpus: Corpus;
  readonly postings: Postings;
  readonly statistics: ItemStatistics;
}

export const buildIndex = (corpus: Corpus): SessionIndex => assemble(corpus);

/**
 * The index of the sessions so far and of newer ones, equal to one that is built anew from both. Only the rows of items in the newer
 * sessions are counted again.
 * @param newer with items numbered as in the index, new ones after those
 */
export function mergeIndex(index: SessionIndex, newer: Corpus): SessionIndex {
  const corpus = appendCorpus(index.corpus, newer);
  const changed = new Uint8Array(corpus.itemCount);
  for (let event = 0; event < newer.items.length; event++) changed[newer.items[event] ?? 0] = 1;
  return assemble(corpus, { rows: index, changed });
}

function assemble(corpus: Corpus, previous?: Parameters<typeof countCoVisitation>[3]): SessionIndex {
  const occurrences = occurrencesOf(corpus);
  const sessionOf = sessionsOfEvents(corpus);
  return {
    corpus,
    postings: postingsOf(occurrences, sessionOf, corpus.itemCount, POSTINGS_MAX),
    ...countCoVisitation(corpus, occurrences, sessionOf, previous),
    statistics: itemStatistics(corpus),
  };
}
