import { type Currency, currencies } from '../tier/price.ts';
import { endOfMonth, type Month, monthOf } from './month.ts';
import type { Revenue } from './revenue.ts';

/** What metrics are made from, of one company at the end of a month, or so far. */
export interface Standing extends Pick<Revenue, 'currency' | 'mrr' | 'paidBefore' | 'trial'> {
  readonly tenantId: string;
}

/** How monthly recurring revenue came from the end of one month to that of the next, in minor units. */
export interface MrrMovement {
  readonly opening: number;
  /** Of companies that never paid before. */
  readonly new: number;
  readonly expansion: number;
  readonly contraction: number;
  /** Of companies that pay nothing any more. */
  readonly churn: number;
  /** Of companies that paid before, and not in the month before. */
  readonly reactivation: number;
  readonly closing: number;
}

export interface Metrics {
  /** By currency, since amounts in different ones are never added up; currencies without any are left out. */
  readonly mrr: Readonly<Partial<Record<Currency, MrrMovement>>>;
  readonly companies: {
    readonly opening: number;
    readonly gained: number;
    readonly lost: number;
    readonly closing: number;
  };
  /** Of those companies that paid at the beginning; null when there were none. */
  readonly companyChurn: number | null;
  /** Churn and contraction in relation to the opening, by currency; null when that is nothing. */
  readonly revenueChurn: Readonly<Partial<Record<Currency, number | null>>>;
  readonly trials: {
    readonly started: number;
    readonly converted: number;
    readonly lost: number;
    readonly running: number;
  };
}

/** @param before the companies at the end of the month before */
export function metricsOf(month: Month, before: readonly Standing[], now: readonly Standing[]): Metrics {
  const pairs = pairsOf(before, now);
  const mrr: Partial<Record<Currency, MrrMovement>> = {};
  const revenueChurn: Partial<Record<Currency, number | null>> = {};
  for (const currency of currencies) {
    const movement = movementIn(currency, pairs);
    if (movement.opening === 0 && movement.closing === 0) continue;
    mrr[currency] = movement;
    revenueChurn[currency] = movement.opening === 0 ? null : (movement.churn + movement.contraction) / movement.opening;
  }
  const paying = (standing: Standing | undefined): boolean => (standing?.mrr ?? 0) > 0;
  const count = (test: (was: Standing | undefined, is: Standing | undefined) => boolean): number =>
    pairs.filter(([was, is]) => test(was, is)).length;
  const companies = {
    opening: count((was) => paying(was)),
    gained: count((was, is) => !paying(was) && paying(is)),
    lost: count((was, is) => paying(was) && !paying(is)),
    closing: count((_, is) => paying(is)),
  };
  return {
    mrr,
    companies,
    companyChurn: companies.opening === 0 ? null : companies.lost / companies.opening,
    revenueChurn,
    trials: trialsIn(month, now),
  };
}

type Pair = readonly [was: Standing | undefined, is: Standing | undefined];

function pairsOf(before: readonly Standing[], now: readonly Standing[]): readonly Pair[] {
  const was = new Map(before.map((standing) => [standing.tenantId, standing]));
  const is = new Map(now.map((standing) => [standing.tenantId, standing]));
  return [...new Set([...was.keys(), ...is.keys()])].map((tenantId) => [was.get(tenantId), is.get(tenantId)]);
}

function movementIn(currency: Currency, pairs: readonly Pair[]): MrrMovement {
  const sums = { opening: 0, new: 0, expansion: 0, contraction: 0, churn: 0, reactivation: 0, closing: 0 };
  const amountOf = (standing: Standing | undefined): number => (standing?.currency === currency ? standing.mrr : 0);
  for (const [was, is] of pairs) {
    const from = amountOf(was);
    const to = amountOf(is);
    sums.opening += from;
    sums.closing += to;
    if (from === 0 && to > 0) sums[is?.paidBefore ? 'reactivation' : 'new'] += to;
    else if (to === 0) sums.churn += from;
    else if (to > from) sums.expansion += to - from;
    else sums.contraction += from - to;
  }
  return sums;
}

/** A trial that started and ended in the same month counts in both. */
function trialsIn(month: Month, now: readonly Standing[]): Metrics['trials'] {
  const trials = now.flatMap(({ trial }) => trial ?? []);
  const end = endOfMonth(month).toISOString();
  const during = (at: string | null): boolean => at !== null && monthOf(new Date(at)) === month;
  return {
    started: trials.filter(({ startedAt }) => during(startedAt)).length,
    converted: trials.filter(({ state, endedAt }) => state === 'converted' && during(endedAt)).length,
    lost: trials.filter(({ state, endedAt }) => state === 'lost' && during(endedAt)).length,
    running: trials.filter(({ startedAt, endedAt }) => startedAt < end && (endedAt === null || endedAt >= end)).length,
  };
}
