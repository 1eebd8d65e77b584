import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '../app.ts';

type TenantId = `ten_${string}`;

/** Companies of a status, page by page, or the one that was searched. */
export const companiesQuery = (wanted: { readonly status: string } | { readonly search: string }) =>
  infiniteQueryOptions({
    queryKey: ['companies', wanted],
    queryFn: ({ pageParam }) =>
      api('listTenants', { query: { ...wanted, limit: '25', ...(pageParam ? { cursor: pageParam } : {}) } as never }),
    initialPageParam: '',
    getNextPageParam: ({ cursor }) => cursor ?? undefined,
  });

/** Asked again while something is under way. */
export const overviewQuery = (tenantId: TenantId) =>
  queryOptions({
    queryKey: ['company', tenantId],
    queryFn: () => api('readTenantOverview', { params: { tenantId } }),
    refetchInterval: 3000,
  });
