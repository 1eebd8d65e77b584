import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import { type TierName, tierNames } from '../tier/catalogue.ts';
import { currencySchema } from '../tier/price.ts';
import { awsPriceList, type Cost, totalOf } from './aws-prices.ts';
import { exchangeRates } from './exchange-rates.ts';
import type { FinanceMonth } from './finance-row.ts';
import { metricsOf, type Standing } from './metrics.ts';
import type { Month } from './month.ts';
import { type Pot, potNames, type Shares } from './shared-cost.ts';
import { earnedMicro, sharedOf } from './tenant-month.ts';

const micro = z.int();
/** Minor units by currency: amounts in different ones are never added up. */
const amountsSchema = z.partialRecord(currencySchema, z.int());
const potsSchema = z.record(z.enum(potNames as [Pot, ...Pot[]]), z.int().nonnegative());
const count = z.int().nonnegative();

const sumsSchema = z.object({
  companies: count,
  received: amountsSchema,
  earned: amountsSchema,
  mrr: amountsSchema,
  /** Millionths of a US dollar from here on. Earned, at the rates of `ratesAsOf`. */
  earnedMicro: micro,
  directMicro: micro,
  sharedMicro: micro,
  marginMicro: micro,
});

const movementSchema = z.object({
  opening: count,
  new: count,
  expansion: count,
  contraction: count,
  churn: count,
  reactivation: count,
  closing: count,
});

/** What a month of the stage comes to so far. */
export const stageMonthSchema = z.object({
  month: z.string(),
  settledAt: z.string(),
  /** Of the file with AWS's prices, and of the rates. */
  pricesAsOf: z.string(),
  ratesAsOf: z.string(),
  /** Companies that could not be read in the newest run; what an earlier one found of them stands. */
  failed: count,
  total: sumsSchema.extend({
    /** By pot: all that is shared, and what of it belongs to nobody. */
    shared: potsSchema,
    unallocated: potsSchema,
    /** Direct costs and all that is shared. */
    costMicro: micro,
  }),
  byTier: z.record(z.enum(tierNames), sumsSchema),
  metrics: z.object({
    mrr: z.partialRecord(currencySchema, movementSchema),
    companies: z.object({ opening: count, gained: count, lost: count, closing: count }),
    /** Parts of 1; null where there was nothing at the beginning. */
    companyChurn: z.number().nullable(),
    revenueChurn: z.partialRecord(currencySchema, z.number().nullable()),
    trials: z.object({ started: count, converted: count, lost: count, running: count }),
  }),
});
export type StageMonth = z.infer<typeof stageMonthSchema>;
type Sums = z.infer<typeof sumsSchema>;

const standingOf = ({ tenantId, revenue }: FinanceMonth): Standing => ({ tenantId, ...revenue });

/** Sums up a month, once every company has its part of what all share. @param before the rows of the month before */
export function stageMonth(
  month: Month,
  rows: readonly FinanceMonth[],
  before: readonly FinanceMonth[],
  found: {
    readonly shared: Readonly<Record<Pot, Cost>>;
    readonly unallocated: Shares;
    readonly failed: number;
    readonly at: Date;
  },
): StageMonth {
  const shared = Object.fromEntries(potNames.map((pot) => [pot, totalOf(found.shared[pot])])) as Record<Pot, number>;
  const sums = sumsOf(rows);
  return {
    month,
    settledAt: found.at.toISOString(),
    pricesAsOf: awsPriceList.asOf,
    ratesAsOf: exchangeRates.asOf,
    failed: found.failed,
    total: {
      ...sums,
      shared,
      unallocated: found.unallocated,
      costMicro: sums.directMicro + potNames.reduce((sum, pot) => sum + shared[pot], 0),
    },
    byTier: Object.fromEntries(
      tierNames.map((tier) => [tier, sumsOf(rows.filter((row) => row.tier === tier))]),
    ) as Record<TierName, Sums>,
    metrics: metricsOf(month, before.map(standingOf), rows.map(standingOf)),
  };
}

function sumsOf(rows: readonly FinanceMonth[]): Sums {
  const sum = (value: (row: FinanceMonth) => number) => rows.reduce((total, row) => total + value(row), 0);
  const byCurrency = (field: 'received' | 'earned' | 'mrr') => {
    const amounts: Sums['mrr'] = {};
    for (const { revenue } of rows) {
      if (revenue.currency) amounts[revenue.currency] = (amounts[revenue.currency] ?? 0) + revenue[field];
    }
    return amounts;
  };
  return {
    companies: rows.length,
    received: byCurrency('received'),
    earned: byCurrency('earned'),
    mrr: byCurrency('mrr'),
    earnedMicro: sum(earnedMicro),
    directMicro: sum(({ cost }) => totalOf(cost)),
    sharedMicro: sum(sharedOf),
    marginMicro: sum(({ marginMicro }) => marginMicro),
  };
}

export async function saveStageMonth(control: Table, stage: StageMonth): Promise<void> {
  await control.client.send(
    new PutCommand({ TableName: control.name, Item: { ...controlKeys.financeStage(stage.month), stage } }),
  );
}

export async function findStageMonth(control: Table, month: Month): Promise<StageMonth | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.financeStage(month), ConsistentRead: true }),
  );
  return Item && stageMonthSchema.parse(Item.stage);
}

/** @throws {DomainError} `not_found` for a month that was never settled */
export async function readStageMonth(control: Table, month: Month): Promise<StageMonth> {
  const stage = await findStageMonth(control, month);
  if (!stage) throw new DomainError('not_found', 'There are no figures of that month.');
  return stage;
}
