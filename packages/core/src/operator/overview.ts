import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { findAudit } from '../audit/read.ts';
import { findBilling } from '../billing/billing-row.ts';
import { billingView } from '../billing/view.ts';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { readMembers } from '../identity/roster.ts';
import type { TenantId } from '../ids/id.ts';
import { type FinanceMonth, financeMonthSchema } from '../money/finance-row.ts';
import { monthOf } from '../money/month.ts';
import { readOnboarding, readTimeline } from '../provisioning/timeline.ts';
import { loadTenant } from '../tenant/tenant.ts';
import { wayOf } from '../tier-change/migration.ts';
import { tierChangeStepsOf } from '../tier-change/steps.ts';
import { operatorTenantView } from './tenants.ts';

/** As many of the newest entries of the audit log as say what has just happened. */
const ENTRIES = 50;

async function financeOf(control: Table, tenantId: TenantId, at: Date): Promise<FinanceMonth | undefined> {
  const Key = controlKeys.finance(monthOf(at), tenantId);
  const { Item } = await control.client.send(new GetCommand({ TableName: control.name, Key }));
  return Item && financeMonthSchema.parse(Item.row);
}

/** What staff looks at when it helps a company: how it stands, and what has happened to it. @throws {DomainError} `not_found` */
export async function tenantOverview(
  { control, audit }: { readonly control: Table; readonly audit: Table },
  tenantId: TenantId,
  at: Date,
) {
  const tenant = await loadTenant(control, tenantId);
  const { migration } = tenant;
  const [onboarding, tierChange, billing, members, finance, { entries }] = await Promise.all([
    readOnboarding(control, tenant),
    migration
      ? readTimeline(control, tenantId, {
          name: 'tier-change',
          run: migration.number,
          steps: tierChangeStepsOf[wayOf(migration)],
        })
      : [],
    findBilling(control, tenantId),
    readMembers(control, tenantId),
    financeOf(control, tenantId, at),
    findAudit(audit, tenantId, {}, { limit: ENTRIES }),
  ]);
  return {
    tenant: operatorTenantView(tenant),
    onboarding: [...onboarding],
    tierChange: [...tierChange],
    billing: billingView(billing),
    // How many, and what they may do, but not who: addresses of a company's people are its own.
    users: members.length,
    roles: Object.fromEntries(members.map(({ userId, role }) => [userId, role])),
    finance: finance ? { use: finance.use, marginMicro: finance.marginMicro, readAt: finance.readAt } : null,
    entries: [...entries],
  };
}
