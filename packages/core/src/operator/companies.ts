import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { queryAll } from '../dynamodb/query-all.ts';
import { errorShare, gradeOf, type Health, type HealthGrade } from '../health/health.ts';
import { readHealth } from '../health/health-row.ts';
import { isTenantId, type TenantId } from '../ids/id.ts';
import { totalOf } from '../money/aws-prices.ts';
import { type FinanceMonth, financeMonths } from '../money/finance-row.ts';
import { monthOf } from '../money/month.ts';
import { earnedMicro, sharedOf } from '../money/tenant-month.ts';
import { tenantsIn } from '../tenant/by-status.ts';
import { type TenantStatus, tenantStatuses } from '../tenant/status.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { TierName } from '../tier/catalogue.ts';
import type { CompanySort, CompanySortName } from './company-sort.ts';

/** A company as the list shows it. */
export interface Company {
  readonly tenant: Tenant;
  readonly health: Health | undefined;
  readonly grade: HealthGrade;
  /** Of the present month; absent before the company's first settlement in it. */
  readonly finance: FinanceMonth | undefined;
}

export interface CompanyFilter {
  /** A part of the name or the address, or the whole id; in lower case. */
  readonly search?: string | undefined;
  /** Only these, whatever else is asked; for a search by somebody's mail address. */
  readonly among?: ReadonlySet<TenantId> | undefined;
  readonly status?: TenantStatus | undefined;
  readonly tier?: TierName | undefined;
  readonly health?: HealthGrade | undefined;
}

export const costMicro = (finance: FinanceMonth): number => totalOf(finance.cost) + sharedOf(finance);

const sortValueOf: Readonly<Record<CompanySortName, (company: Company) => string | number>> = {
  registered: ({ tenant }) => tenant.createdAt,
  name: ({ tenant }) => tenant.name.toLowerCase(),
  events: ({ finance }) => finance?.use.events_collected ?? -1,
  revenue: ({ finance }) => (finance ? earnedMicro(finance) : Number.MIN_SAFE_INTEGER),
  cost: ({ finance }) => (finance ? costMicro(finance) : -1),
  margin: ({ finance }) => finance?.marginMicro ?? Number.MIN_SAFE_INTEGER,
};

const matches = ({ tenant, grade }: Company, { search, among, tier, health }: CompanyFilter): boolean =>
  (tier === undefined || tenant.tier === tier) &&
  (health === undefined || grade === health) &&
  (among === undefined || among.has(tenant.tenantId)) &&
  (search === undefined ||
    tenant.tenantId === search ||
    tenant.slug.includes(search) ||
    tenant.name.toLowerCase().includes(search));

/** Those that match, in the order that was asked for; equals by the time of their registration. */
export function arrange(companies: readonly Company[], filter: CompanyFilter, sort: CompanySort): readonly Company[] {
  const turned = sort.startsWith('-');
  const value = sortValueOf[(turned ? sort.slice(1) : sort) as CompanySortName];
  const order = (a: Company, b: Company): number => {
    const [first, second] = [value(a), value(b)];
    if (first === second) return a.tenant.tenantId < b.tenant.tenantId ? -1 : 1;
    return first < second === turned ? 1 : -1;
  };
  return companies.filter((company) => matches(company, filter)).toSorted(order);
}

/**
 * Every company of the statuses with its month and its health. All are read for each answer: there is no index for every order, and a
 * thousand companies are one megabyte.
 */
export async function readCompanies(control: Table, status: TenantStatus | undefined, now: Date): Promise<Company[]> {
  const read = async (): Promise<Tenant[]> => {
    const tenants: Tenant[] = [];
    for await (const tenant of tenantsIn(control, status ? [status] : tenantStatuses)) tenants.push(tenant);
    return tenants;
  };
  const months = async (): Promise<ReadonlyMap<TenantId, FinanceMonth>> => {
    const rows = new Map<TenantId, FinanceMonth>();
    for await (const row of financeMonths(control, monthOf(now))) rows.set(row.tenantId, row);
    return rows;
  };
  const [tenants, finance, health] = await Promise.all([read(), months(), readHealth(control)]);
  // Whoever changes its status meanwhile may be met twice.
  const once = new Map(tenants.map((tenant) => [tenant.tenantId, tenant]));
  return [...once.values()].map((tenant) => {
    const seen = health.get(tenant.tenantId);
    return { tenant, health: seen, grade: gradeOf(seen, now), finance: finance.get(tenant.tenantId) };
  });
}

/** The companies that a user belongs to. @param sub of the user, as the pool knows it */
export async function companiesOf(control: Table, sub: string): Promise<ReadonlySet<TenantId>> {
  const rows = await queryAll(control, controlKeys.user(sub).pk, 'TENANT#');
  return new Set(rows.map(({ tenantId }) => tenantId).filter(isTenantId));
}

/** What the list says of a company beside what every answer about it says. */
export const companyFigures = ({ health, grade, finance }: Company) => ({
  health: {
    grade,
    lastEventAt: health?.lastEventAt ?? null,
    errorShare: health ? errorShare(health) : null,
    training: health?.training ?? null,
  },
  month: finance
    ? {
        events: finance.use.events_collected,
        recommendations: finance.use.recommendations_served,
        revenueMicro: earnedMicro(finance),
        costMicro: costMicro(finance),
        marginMicro: finance.marginMicro,
      }
    : null,
});
