import { findBilling } from '@tenantry/core/billing/billing-row';
import type { TenantId } from '@tenantry/core/ids/id';
import { type FinanceMonth, saveFinanceMonth } from '@tenantry/core/money/finance-row';
import { type Month, monthPattern } from '@tenantry/core/money/month';
import { noRevenue, revenueOf } from '@tenantry/core/money/revenue';
import { openMonths, rowsOf, settleMonth } from '@tenantry/core/money/settle';
import { findStageMonth } from '@tenantry/core/money/stage-month';
import { readStripeMoney } from '@tenantry/core/money/stripe-money';
import { tenantMonth, useOf } from '@tenantry/core/money/tenant-month';
import { tenantsIn } from '@tenantry/core/tenant/by-status';
import type { TenantStatus } from '@tenantry/core/tenant/status';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { readEnvironment } from '../environment.ts';
import { log, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { stripeFromEnvironment } from '../stripe.ts';
import { asJob } from './as-job.ts';
import { forEachTenant } from './each-tenant.ts';

const { NAT_GATEWAYS, ALARMS } = readEnvironment({
  NAT_GATEWAYS: z.coerce.number().int().nonnegative(),
  ALARMS: z.coerce.number().int().nonnegative(),
});
const { Control: control } = ownTables('jobs/finance');
const scopeOf = createScope('jobs/finance');
const stripe = stripeFromEnvironment();

/** All who may use something or pay; who waits for the first payment does neither. */
const statuses = [
  'active',
  'migrating',
  'suspended',
  'deactivating',
  'provisioning',
  'failed',
] as const satisfies readonly TenantStatus[];

const inputSchema = z.object({
  /** Reads companies again that were read today. */
  again: z.boolean().default(false),
  /** Absent: all whose books are open. */
  month: z.string().regex(monthPattern).optional(),
});

interface Settled {
  readonly month: Month;
  readonly read: number;
  readonly failed: number;
  /** False when there is more to do, which the next run does. */
  readonly settled: boolean;
}

/**
 * Reads once a day what each company used and paid, and settles the month. It comes every hour: whom the time did not suffice for, and what
 * broke off, is done then, and nothing when all is done.
 */
export const handler = asJob(
  control,
  'finance',
  (
    event: unknown,
    context: { awsRequestId: string; getRemainingTimeInMillis(): number },
  ): Promise<readonly Settled[]> =>
    withLogContext({ requestId: context.awsRequestId }, async () => {
      const { again, month } = inputSchema.parse(event ?? {});
      const now = new Date();
      const outcomes: Settled[] = [];
      for (const open of month ? [month] : openMonths(now)) {
        const outcome = await settle(open, {
          again,
          now,
          requestId: context.awsRequestId,
          timeIsUp: () => context.getRemainingTimeInMillis() < 60_000,
        });
        log.info('finance', { ...outcome });
        outcomes.push(outcome);
      }
      return outcomes;
    }),
);

interface Run {
  readonly again: boolean;
  readonly now: Date;
  readonly requestId: string;
  readonly timeIsUp: () => boolean;
}

async function settle(month: Month, { again, now, requestId, timeIsUp }: Run): Promise<Settled> {
  const today = (at: string | undefined): boolean => at?.slice(0, 10) === now.toISOString().slice(0, 10);
  const before = await rowsOf(control, month);
  const present = new Set<TenantId>();
  async function* unread(): AsyncGenerator<Tenant> {
    for await (const tenant of tenantsIn(control, statuses)) {
      present.add(tenant.tenantId);
      if (again || !today(before.get(tenant.tenantId)?.readAt)) yield tenant;
    }
  }
  const { done, failed, left } = await forEachTenant(unread(), {
    timeIsUp,
    work: (tenantId, tenant) => read(tenant, month, { before: before.get(tenantId), now, requestId }),
    onFailure: (error, { tenantId }) => log.error('finances not read', error, { tenantId, month }),
  });
  if (left > 0) return { month, read: done, failed, settled: false };
  if (done === 0 && failed === 0 && today((await findStageMonth(control, month))?.settledAt)) {
    return { month, read: 0, failed, settled: true };
  }
  const shape = { natGateways: NAT_GATEWAYS, alarms: ALARMS };
  const stage = await settleMonth(control, month, { present, shape, failed, now, timeIsUp });
  return { month, read: done, failed, settled: stage !== undefined };
}

async function read(
  tenant: Tenant,
  month: Month,
  { before, now, requestId }: { before: FinanceMonth | undefined; now: Date; requestId: string },
): Promise<void> {
  const { tenantId } = tenant;
  const stores = scopeOf({ tenantId, requestId });
  const [use, billing] = await Promise.all([
    useOf(stores['tenant-usage'].Usage, tenantId, month),
    findBilling(stores['tenant-registry'].Control, tenantId),
  ]);
  const revenue = billing ? revenueOf(await readStripeMoney(stripe, billing.customerId), month) : noRevenue;
  await saveFinanceMonth(control, tenantMonth(tenant, month, { use, revenue, at: now }, before));
}
