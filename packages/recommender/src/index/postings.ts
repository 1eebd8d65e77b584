import type { Corpus } from './corpus.ts';

/** Where items occur: the events of item i are `events[starts[i] … starts[i + 1]]`, in order. */
export interface Occurrences {
  readonly starts: Uint32Array;
  readonly events: Uint32Array;
}

/** In which sessions items occur, each session once: those of item i are `sessions[starts[i] … starts[i + 1]]`, oldest first. */
export interface Postings {
  readonly starts: Uint32Array;
  readonly sessions: Uint32Array;
}

/** A counting sort of the events by item. */
export function occurrencesOf({ items, itemCount }: Corpus): Occurrences {
  const starts = new Uint32Array(itemCount + 1);
  for (let event = 0; event < items.length; event++) {
    const next = (items[event] ?? 0) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let item = 0; item < itemCount; item++) starts[item + 1] = (starts[item + 1] ?? 0) + (starts[item] ?? 0);
  const cursor = starts.slice();
  const events = new Uint32Array(items.length);
  for (let event = 0; event < items.length; event++) {
    const item = items[event] ?? 0;
    const at = cursor[item] ?? 0;
    events[at] = event;
    cursor[item] = at + 1;
  }
  return { starts, events };
}

/** The session of each event. */
export function sessionsOfEvents({ starts, items }: Corpus): Uint32Array {
  const sessions = new Uint32Array(items.length);
  for (let session = 0; session + 1 < starts.length; session++) {
    sessions.fill(session, starts[session], starts[session + 1]);
  }
  return sessions;
}

/** The newest `perItem` sessions of each item. */
export function postingsOf(
  { starts, events }: Occurrences,
  sessionOf: Uint32Array,
  itemCount: number,
  perItem: number,
): Postings {
  const rows = new Uint32Array(itemCount + 1);
  const sessions = new Uint32Array(events.length);
  let length = 0;
  for (let item = 0; item < itemCount; item++) {
    const begin = length;
    let last = -1;
    for (let at = starts[item] ?? 0; at < (starts[item + 1] ?? 0); at++) {
      const session = sessionOf[events[at] ?? 0] ?? 0;
      if (session === last) continue;
      sessions[length] = session;
      last = session;
      length += 1;
    }
    if (length - begin > perItem) {
      sessions.copyWithin(begin, length - perItem, length);
      length = begin + perItem;
    }
    rows[item + 1] = length;
  }
  return { starts: rows, sessions: sessions.slice(0, length) };
}
