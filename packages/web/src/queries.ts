import { queryOptions } from '@tanstack/react-query';
import { api } from './app.ts';

/** What the pages read, each under one key. */
export const queries = {
  tiers: queryOptions({ queryKey: ['tiers'], queryFn: () => api('listTiers', {}), staleTime: 300_000 }),
  me: queryOptions({ queryKey: ['me'], queryFn: () => api('getMe', {}), staleTime: 10_000, refetchInterval: 15_000 }),
  tenant: queryOptions({ queryKey: ['tenant'], queryFn: () => api('getTenant', {}), staleTime: 10_000 }),
  onboarding: queryOptions({ queryKey: ['onboarding'], queryFn: () => api('getOnboarding', {}) }),
  keys: queryOptions({ queryKey: ['keys'], queryFn: () => api('listApiKeys', {}) }),
  models: queryOptions({
    queryKey: ['models'],
    queryFn: () => api('listModels', {}),
    refetchInterval: ({ state }) => (state.data?.training?.status === 'running' ? 1000 : 10_000),
  }),
  billing: queryOptions({ queryKey: ['billing'], queryFn: () => api('getBilling', {}), refetchInterval: 5000 }),
  invoices: queryOptions({ queryKey: ['invoices'], queryFn: () => api('listInvoices', { query: { limit: '12' } }) }),
  exports: queryOptions({
    queryKey: ['exports'],
    queryFn: () => api('listExports', {}),
    refetchInterval: ({ state }) => (state.data?.exports.some(({ status }) => status === 'running') ? 1000 : 60_000),
  }),
};

/** Events of the last hour. @param live whether they are to be seen as they arrive */
export const activityQuery = (live: boolean) =>
  queryOptions({
    queryKey: ['activity'],
    queryFn: () => api('getActivity', { query: { minutes: 60 } }),
    refetchInterval: live ? 2000 : 60_000,
  });

/** Counted every ten minutes, so asking more often shows nothing new. */
export const usageQuery = (granularity: 'hour' | 'day') =>
  queryOptions({
    queryKey: ['usage', granularity],
    queryFn: () => api('getUsage', { query: { granularity } }),
    refetchInterval: 60_000,
  });
