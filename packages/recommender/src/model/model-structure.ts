import { type Corpus, typeCodes } from '../index/corpus.ts';
import type { ItemList } from '../index/item-lists.ts';
import { CANDIDATE_FEATURES, FEATURES } from '../ranking/features.ts';
import { HIDDEN, type Network } from '../ranking/network.ts';
import type { ItemIds } from './item-ids.ts';
import type { ModelContent } from './model-file.ts';
import { ModelFileError } from './model-file-error.ts';

/** As many items as a model may have; see docs/recommender.md. */
const ITEMS_MAX = 4_194_304;
/** Far above what counts and weights come to, and so low that no sum of products of them leaves the range of a 32-bit float. */
const NUMBER_MAX = 1e12;
const TYPE_MAX = Math.max(...Object.values(typeCodes));

function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new ModelFileError(`The model is not whole: ${what}.`);
}

/** That `starts` cuts `length` places into `count` rows, one after the other. */
function assertRows(starts: Uint32Array, count: number, length: number, what: string): void {
  assert(starts.length === count + 1 && starts[0] === 0 && starts[count] === length, `${what} are cut otherwise`);
  let ordered = true;
  for (let row = 1; row <= count; row++) ordered = ordered && (starts[row] ?? 0) >= (starts[row - 1] ?? 0);
  assert(ordered, `${what} overlap`);
}

function assertBelow(values: Uint32Array, bound: number, what: string): void {
  let inside = true;
  for (let at = 0; at < values.length; at++) inside = inside && (values[at] ?? 0) < bound;
  assert(inside, `${what} lead out of it`);
}

/** @param least counts and weights of neighbours are never below zero, as rankings rely on; weights of a network may be */
function assertNumbers(values: Float32Array, length: number, what: string, least: number): void {
  assert(values.length === length, `${what} are too many or too few`);
  let inside = true;
  for (let at = 0; at < length; at++) {
    const value = values[at] ?? 0;
    inside = inside && value >= least && value <= NUMBER_MAX;
  }
  assert(inside, `${what} are no numbers of that kind`);
}

function assertIds({ bytes, offsets, slots }: ItemIds, count: number): void {
  assertRows(offsets, count, bytes.length, 'item ids');
  const { length } = slots;
  assert(length > 0 && (length & (length - 1)) === 0, 'the table of item ids has an odd size');
  assertBelow(slots, count + 1, 'places of item ids');
  // Else looking for an id that is not there would never end.
  assert(slots.includes(0), 'the table of item ids is full');
}

function assertCorpus({ starts, items, types, endedAt, itemCount }: Corpus): void {
  assertRows(starts, endedAt.length, items.length, 'sessions');
  assert(types.length === items.length, 'events have no types');
  assertBelow(items, itemCount, 'events');
  let known = true;
  for (let event = 0; event < types.length; event++) known = known && (types[event] ?? 0) <= TYPE_MAX;
  assert(known, 'events are of types that are not known');
}

function assertList({ items, scores }: ItemList, itemCount: number, what: string): void {
  assertBelow(items, itemCount, what);
  assertNumbers(scores, items.length, what, 0);
}

function assertNetwork({ hidden, hiddenBias, output, direct }: Network): void {
  assertNumbers(hidden, HIDDEN * FEATURES, 'weights of the network', -NUMBER_MAX);
  assertNumbers(hiddenBias, HIDDEN, 'weights of the network', -NUMBER_MAX);
  assertNumbers(output, HIDDEN, 'weights of the network', -NUMBER_MAX);
  assertNumbers(direct, CANDIDATE_FEATURES, 'weights of the network', -NUMBER_MAX);
}

/**
 * Looks once at every number of a model that leads somewhere, so that ranking need not: each stays within what the model holds, and each sum
 * of weights is a number.
 * @throws {ModelFileError} with what is not as it must be
 */
export function assertWhole({ ids, index, lists, network }: ModelContent): void {
  const { corpus, postings, forward, symmetric, statistics } = index;
  const { itemCount } = corpus;
  assert(Number.isSafeInteger(itemCount) && itemCount >= 0 && itemCount <= ITEMS_MAX, 'it has too many items');
  assertIds(ids, itemCount);
  assertCorpus(corpus);
  assertRows(postings.starts, itemCount, postings.sessions.length, 'sessions of items');
  assertBelow(postings.sessions, corpus.endedAt.length, 'sessions of items');
  for (const { starts, items, weights } of [forward, symmetric]) {
    assertRows(starts, itemCount, items.length, 'neighbours of items');
    assertBelow(items, itemCount, 'neighbours of items');
    assertNumbers(weights, items.length, 'weights of neighbours', 0);
  }
  for (const values of Object.values(statistics)) assertNumbers(values, itemCount, 'counts of items', 0);
  for (const [name, list] of Object.entries(lists)) assertList(list, itemCount, `items of the list ${name}`);
  if (network) assertNetwork(network);
}
