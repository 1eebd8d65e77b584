import type { CallOutput } from '../api/client.ts';

export type LiveEvent = CallOutput<'listRecentEvents'>['events'][number];

/** What a page keeps; older ones go. */
export const keptMax = 500;
/** What it shows of that. */
export const shownMax = 100;

/** Puts what arrived before what was there, each event once, and lets go of the oldest. */
export function mergeEvents(
  before: readonly LiveEvent[],
  arrived: readonly LiveEvent[],
  most = keptMax,
): readonly LiveEvent[] {
  const known = new Set(before.map(({ id }) => id));
  const fresh = arrived.filter(({ id }) => !known.has(id));
  return fresh.length === 0 ? before : [...fresh, ...before].slice(0, most);
}

export interface Wanted {
  readonly type: LiveEvent['type'] | 'all';
  /** A part of a shopper's id, in whatever case. */
  readonly shopper: string;
}

/** The events that somebody wants to see. */
export function matching(events: readonly LiveEvent[], { type, shopper }: Wanted): readonly LiveEvent[] {
  const part = shopper.trim().toLowerCase();
  return events.filter(
    (event) => (type === 'all' || event.type === type) && event.shopperId.toLowerCase().includes(part),
  );
}
