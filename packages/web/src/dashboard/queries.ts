import { queryOptions } from '@tanstack/react-query';
import { api } from '../app.ts';

/** By the day. Usage is counted every ten minutes, so asking more often shows nothing new. */
export const usageSinceQuery = (first: string) =>
  queryOptions({
    queryKey: ['usage', 'since', first],
    queryFn: () => api('getUsage', { query: { granularity: 'day', from: `${first}T00:00:00.000Z` } }),
    refetchInterval: 60_000,
    placeholderData: (before) => before,
  });

/** What lists came to, from one day to another, both included. */
export const performanceQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ['performance', from, to],
    queryFn: () => api('getPerformance', { query: { from, to } }),
    refetchInterval: 30_000,
    placeholderData: (before) => before,
  });

/** In which a list must have been seen, for the first steps to be done. */
export const stepsDays = 180;
