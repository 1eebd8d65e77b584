import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '../app.ts';
import type { Wanted } from './companies/filters.tsx';

type TenantId = `ten_${string}`;

/** Companies that match, page by page. */
export const companiesQuery = (wanted: Wanted) => {
  const asked = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  return infiniteQueryOptions({
    queryKey: ['companies', asked],
    queryFn: ({ pageParam }) =>
      api('listTenants', { query: { ...asked, limit: '25', ...(pageParam ? { cursor: pageParam } : {}) } }),
    initialPageParam: '',
    getNextPageParam: ({ cursor }) => cursor ?? undefined,
  });
};

/** Asked again while something is under way. */
export const overviewQuery = (tenantId: TenantId) =>
  queryOptions({
    queryKey: ['company', tenantId],
    queryFn: () => api('readTenantOverview', { params: { tenantId } }),
    refetchInterval: 3000,
  });

/** What a company's silo says of itself. */
export const companySiloQuery = (tenantId: TenantId) =>
  queryOptions({
    queryKey: ['company', tenantId, 'silo'],
    queryFn: () => api('readSilo', { params: { tenantId } }),
    refetchInterval: 15_000,
  });

/** What a company used, by the day; it is metered every ten minutes. */
export const companyUsageQuery = (tenantId: TenantId) =>
  queryOptions({
    queryKey: ['company', tenantId, 'usage'],
    queryFn: () => api('readTenantUsage', { params: { tenantId } }),
    staleTime: 60_000,
  });

/** What a company was charged. */
export const companyInvoicesQuery = (tenantId: TenantId) =>
  queryOptions({
    queryKey: ['company', tenantId, 'invoices'],
    queryFn: () => api('listTenantInvoices', { params: { tenantId } }),
    staleTime: 60_000,
  });
