import type { BehaviourEvent } from '@tenantry/core/events/event';
import { type Corpus, createCorpusBuilder } from '../index/corpus.ts';
import { collectColumns, type EventColumns } from './event-columns.ts';

/** A shopper who does nothing for this long begins a new session. */
const SESSION_GAP_MS = 30 * 60 * 1000;

/** What shoppers did, without who they were. */
export interface ShopSessions {
  readonly corpus: Corpus;
  /** By item number. */
  readonly itemIds: readonly string[];
}

export interface TimedSessions extends ShopSessions {
  /** When each session began, in seconds. */
  readonly began: Uint32Array;
}

/**
 * Cuts events, given in any order and some of them twice, into sessions: by `sessionId` where the shop sends one, else by
 * shopper and pause. The result is in order of time, and the same for every order of the input.
 * @param numbered ids of items that have numbers already; new ones come after those
 */
export async function collectSessions(
  events: AsyncIterable<BehaviourEvent>,
  numbered: readonly string[] = [],
): Promise<TimedSessions> {
  return cutSessions(await collectColumns(events), numbered);
}

/** The same for events that are in memory. */
export function cutSessions(columns: EventColumns, numbered: readonly string[] = []): TimedSessions {
  const order = inOrderOfOwners(columns);
  const sessions = inOrderOfTime(columns, order, cut(columns, order));
  return renumbered(columns, order, sessions, numbered);
}

/** A session as the positions `from … to` of the order. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Events by owner, then time, then id. */
function inOrderOfOwners({ count, owners, ownerCount, times, idsHigh, idsLow }: EventColumns): Uint32Array {
  const starts = new Uint32Array(ownerCount + 1);
  for (let event = 0; event < count; event++) {
    const next = (owners[event] ?? 0) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let owner = 0; owner < ownerCount; owner++) starts[owner + 1] = (starts[owner + 1] ?? 0) + (starts[owner] ?? 0);
  const cursor = starts.slice();
  const order = new Uint32Array(count);
  for (let event = 0; event < count; event++) {
    const owner = owners[event] ?? 0;
    const at = cursor[owner] ?? 0;
    order[at] = event;
    cursor[owner] = at + 1;
  }
  for (let owner = 0; owner < ownerCount; owner++) {
    order
      .subarray(starts[owner], starts[owner + 1])
      .sort(
        (a, b) =>
          (times[a] ?? 0) - (times[b] ?? 0) ||
          (idsHigh[a] ?? 0) - (idsHigh[b] ?? 0) ||
          (idsLow[a] ?? 0) - (idsLow[b] ?? 0),
      );
  }
  return order;
}

function cut({ count, owners, times, named }: EventColumns, order: Uint32Array): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (let at = 1; at <= count; at++) {
    const last = order[at - 1] ?? 0;
    const event = order[at] ?? 0;
    const owner = owners[last] ?? 0;
    const goesOn =
      at < count &&
      owners[event] === owner &&
      (named[owner] === 1 || (times[event] ?? 0) - (times[last] ?? 0) <= SESSION_GAP_MS);
    if (goesOn) continue;
    spans.push({ from, to: at });
    from = at;
  }
  return spans;
}

/** By their end; of those that ended at the same time, by the id of their first event. */
function inOrderOfTime({ times, idsHigh, idsLow }: EventColumns, order: Uint32Array, spans: Span[]): readonly Span[] {
  const end = ({ to }: Span): number => times[order[to - 1] ?? 0] ?? 0;
  const first = ({ from }: Span): number => order[from] ?? 0;
  return spans.sort(
    (a, b) =>
      end(a) - end(b) ||
      (idsHigh[first(a)] ?? 0) - (idsHigh[first(b)] ?? 0) ||
      (idsLow[first(a)] ?? 0) - (idsLow[first(b)] ?? 0),
  );
}

/** Numbers items by their first event, and drops an event that came twice. */
function renumbered(
  { items, types, times, idsHigh, idsLow, itemIds }: EventColumns,
  order: Uint32Array,
  spans: readonly Span[],
  numbered: readonly string[],
): TimedSessions {
  const ids = [...numbered];
  const numberOf = new Map(numbered.map((id, item) => [id, item]));
  const numbers = new Int32Array(itemIds.length).fill(-1);
  const builder = createCorpusBuilder(numbered.length);
  const isRepeated = (event: number, last: number): boolean =>
    times[event] === times[last] && idsHigh[event] === idsHigh[last] && idsLow[event] === idsLow[last];
  const numberFor = (item: number): number => {
    const known = numbers[item] ?? -1;
    if (known >= 0) return known;
    const id = itemIds[item] ?? '';
    const number = numberOf.get(id) ?? ids.push(id) - 1;
    numbers[item] = number;
    return number;
  };
  const began = new Uint32Array(spans.length);
  for (const [session, { from, to }] of spans.entries()) {
    began[session] = Math.floor((times[order[from] ?? 0] ?? 0) / 1000);
    const sessionItems: number[] = [];
    const sessionTypes: number[] = [];
    for (let at = from; at < to; at++) {
      const event = order[at] ?? 0;
      if (at > from && isRepeated(event, order[at - 1] ?? 0)) continue;
      sessionItems.push(numberFor(items[event] ?? 0));
      sessionTypes.push(types[event] ?? 0);
    }
    builder.add(sessionItems, sessionTypes, Math.floor((times[order[to - 1] ?? 0] ?? 0) / 1000));
  }
  return { corpus: builder.build(), itemIds: ids, began };
}
