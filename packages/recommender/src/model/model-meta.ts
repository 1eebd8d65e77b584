/** From the simplest to the one that needs the most data. */
export const algorithms = ['popularity/1', 'co-visitation/2', 'blend/1'] as const;
export type Algorithm = (typeof algorithms)[number];

/** How often the item that came next was in the list of 20, and how far up; shares from 0 to 1. */
export interface RankingMetrics {
  /** Share of the queries with the item among the first 20. */
  readonly hr20: number;
  /** Mean of 1 / rank; 0 beyond 20. */
  readonly mrr20: number;
  /** The same where the item was not in the prefix, with the items of the prefix left out of the list. */
  readonly novelHr20: number;
  readonly novelMrr20: number;
  readonly queries: number;
  readonly novelQueries: number;
}

/** What a model says of itself. */
export interface ModelMeta {
  readonly version: string;
  readonly algorithm: Algorithm;
  readonly events: number;
  readonly sessions: number;
  /** What each algorithm reached on the newest part of the sessions, unknown to it then; empty where there were too few. */
  readonly heldOut: { readonly [A in Algorithm]?: RankingMetrics };
}
