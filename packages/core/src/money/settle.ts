import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { findTenant } from '../tenant/tenant.ts';
import { type FinanceMonth, financeMonths, saveFinanceMonth } from './finance-row.ts';
import { hoursPassed, type Month, monthOf, previousMonth } from './month.ts';
import { allocate, type StageShape, sharedCosts } from './shared-cost.ts';
import { type StageMonth, saveStageMonth, stageMonth } from './stage-month.ts';
import { withMargin } from './tenant-month.ts';

/** How long the books of a month stay open after it, for hours that are counted late and invoices that are paid late. */
const OPEN_DAYS = 10;

/** The months whose figures may still change. */
export function openMonths(now: Date): readonly Month[] {
  const month = monthOf(now);
  return now.getUTCDate() <= OPEN_DAYS ? [previousMonth(month), month] : [month];
}

export async function rowsOf(control: Table, month: Month): Promise<ReadonlyMap<TenantId, FinanceMonth>> {
  const rows = new Map<TenantId, FinanceMonth>();
  for await (const row of financeMonths(control, month)) rows.set(row.tenantId, row);
  return rows;
}

/**
 * Divides what all share among the companies of a month and sums it up. Safe to repeat, and after it broke off anywhere: it depends on nothing but the
 * companies' rows and the time.
 * @param options.present those that are still registered, as far as somebody just saw
 * @returns undefined when the time was up before the end
 */
export async function settleMonth(
  control: Table,
  month: Month,
  options: {
    readonly present: ReadonlySet<TenantId>;
    readonly shape: StageShape;
    readonly failed: number;
    readonly now: Date;
    readonly timeIsUp: () => boolean;
  },
): Promise<StageMonth | undefined> {
  const { present, shape, failed, now, timeIsUp } = options;
  const held = [...(await rowsOf(control, month)).values()];
  const shared = sharedCosts(shape, hoursPassed(month, now));
  const { shares, unallocated } = allocate(
    shared,
    held.map(({ tenantId, weights }) => ({ key: tenantId, ...weights })),
  );
  const rows: FinanceMonth[] = [];
  for (const row of held) {
    if (timeIsUp()) return undefined;
    const gone = row.gone || (!present.has(row.tenantId) && (await isGone(control, row.tenantId)));
    const settled = withMargin({
      ...row,
      gone,
      shares: shares.get(row.tenantId) ?? row.shares,
      // Nothing recurs of who left in the month; of who left after it something did.
      revenue: gone && monthOf(now) === month ? { ...row.revenue, mrr: 0 } : row.revenue,
    });
    if (JSON.stringify(settled) !== JSON.stringify(row)) await saveFinanceMonth(control, settled);
    rows.push(settled);
  }
  const before = [...(await rowsOf(control, previousMonth(month))).values()];
  const stage = stageMonth(month, rows, before, { shared, unallocated, failed, at: now });
  await saveStageMonth(control, stage);
  return stage;
}

/** A company that changes its status can be missed by a list of statuses; its row tells. */
async function isGone(control: Table, tenantId: TenantId): Promise<boolean> {
  const tenant = await findTenant(control, tenantId);
  return !tenant || tenant.status === 'deleted';
}
