import type { Interval } from '../experiment/statistics.ts';

/** The 97.5th percentile of the normal distribution. */
const Z = 1.959963984540054;

/** What two were asked about one session: how many times, and how often only one of them was right. */
export interface SessionPair {
  readonly queries: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

/**
 * How much more often the first is right than the second where both were asked the same: Bonett and Price's interval of 95 % for paired
 * shares, which holds for few differences, too. Questions about one session are alike, so the interval is as much wider as the sessions differ more
 * than single questions would.
 * @returns shares of all queries; -1 … 1 when there were none
 */
export function pairedDifference(sessions: readonly SessionPair[]): { readonly value: number } & Interval {
  const sum = (of: (pair: SessionPair) => number): number => sessions.reduce((total, pair) => total + of(pair), 0);
  const queries = sum((pair) => pair.queries);
  if (queries === 0) return { value: 0, low: -1, high: 1 };
  const onlyFirst = sum((pair) => pair.onlyFirst);
  const onlySecond = sum((pair) => pair.onlySecond);
  const value = (onlyFirst - onlySecond) / queries;

  const [first, second] = [(onlyFirst + 1) / (queries + 2), (onlySecond + 1) / (queries + 2)];
  const centre = first - second;
  const variance = (first + second - centre ** 2) / (queries + 2);
  const half = Z * Math.sqrt(variance * Math.max(1, alikeness(sessions, { queries, value, onlyFirst, onlySecond })));
  return { value, low: Math.max(-1, centre - half), high: Math.min(1, centre + half) };
}

/** By how much the variance among sessions is above that among single queries: the design effect. */
function alikeness(
  sessions: readonly SessionPair[],
  all: { readonly queries: number; readonly value: number; readonly onlyFirst: number; readonly onlySecond: number },
): number {
  const single = all.onlyFirst + all.onlySecond - all.queries * all.value ** 2;
  if (single <= 0) return 1;
  const bySession = sessions.reduce(
    (total, { queries, onlyFirst, onlySecond }) => total + (onlyFirst - onlySecond - queries * all.value) ** 2,
    0,
  );
  return bySession / single;
}
