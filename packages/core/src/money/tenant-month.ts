import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { type MeterName, meterNames } from '../usage/meter-name.ts';
import { unitsOf } from '../usage/meters.ts';
import { readDays } from '../usage/read.ts';
import { awsPriceList, totalOf } from './aws-prices.ts';
import { directCost, type Use } from './cost.ts';
import { exchangeRates, microUsdOf } from './exchange-rates.ts';
import type { FinanceMonth } from './finance-row.ts';
import { type Month, monthOf } from './month.ts';
import type { Revenue } from './revenue.ts';
import { potNames, type Shares } from './shared-cost.ts';

const noShares = Object.fromEntries(potNames.map((pot) => [pot, 0])) as Shares;

/** What the days of a month have of each meter, in units. */
export async function useOf(usage: Table, tenantId: TenantId, month: Month): Promise<Use> {
  const totals = await Promise.all(
    meterNames.map(async (meter): Promise<[MeterName, number]> => {
      const days = await readDays(usage, tenantId, meter, { first: `${month}-01`, last: `${month}-31` });
      const steps = [...days.values()].reduce((sum, value) => sum + value, 0);
      return [meter, unitsOf(meter, steps)];
    }),
  );
  return Object.fromEntries(totals) as Use;
}

/**
 * A company's month as it is now. Its part of what all share is that of the row before, until all are there.
 * @param before the row that is replaced. Of a month that is over it also tells what recurred, since Stripe tells only what recurs now
 */
export function tenantMonth(
  { tenantId, tier, isolation }: Pick<Tenant, 'tenantId' | 'tier' | 'isolation'>,
  month: Month,
  found: { readonly use: Use; readonly revenue: Revenue; readonly at: Date },
  before: FinanceMonth | undefined,
): FinanceMonth {
  const { use, at } = found;
  const over = monthOf(at) !== month;
  const { cost, ...weights } = directCost(use, tier);
  return withMargin({
    tenantId,
    month,
    tier,
    isolation,
    readAt: at.toISOString(),
    gone: false,
    use,
    cost,
    weights,
    shares: before?.shares ?? noShares,
    revenue: over && before ? { ...found.revenue, mrr: before.revenue.mrr } : found.revenue,
    pricesAsOf: awsPriceList.asOf,
    ratesAsOf: exchangeRates.asOf,
  });
}

export const sharedOf = ({ shares }: Pick<FinanceMonth, 'shares'>): number =>
  Object.values(shares).reduce((sum, micro) => sum + micro, 0);

/** In millionths of a US dollar. */
export const earnedMicro = ({ revenue: { earned, currency } }: Pick<FinanceMonth, 'revenue'>): number =>
  currency ? microUsdOf(earned, currency) : 0;

export const withMargin = (row: Omit<FinanceMonth, 'marginMicro'>): FinanceMonth => ({
  ...row,
  marginMicro: earnedMicro(row) - totalOf(row.cost) - sharedOf(row),
});
