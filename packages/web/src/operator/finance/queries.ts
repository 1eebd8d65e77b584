import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app.ts';

/** More companies than this are left to another tool. */
const PAGES_MAX = 50;
/** Settled once a day, so asking more often shows nothing new. */
const FRESH_MS = 300_000;

/** The months that were settled, the oldest first. */
export const monthsQuery = queryOptions({
  queryKey: ['finance'],
  queryFn: () => api('listFinanceMonths', {}),
  staleTime: FRESH_MS,
});

/** What a month came to. */
export const monthQuery = (month: string) =>
  queryOptions({
    queryKey: ['finance', month],
    queryFn: () => api('readFinance', { query: { month } }),
    staleTime: FRESH_MS,
  });

/** Every company of a month, the lowest margin first. */
export const companiesOfMonthQuery = (month: string) =>
  queryOptions({
    queryKey: ['finance', month, 'companies'],
    queryFn: async () => {
      const rows = [];
      let cursor: string | null = '';
      for (let page = 0; cursor !== null && page < PAGES_MAX; page += 1) {
        const answer: Awaited<ReturnType<typeof read>> = await read(month, cursor);
        rows.push(...answer.tenants);
        cursor = answer.cursor;
      }
      return rows;
    },
    staleTime: FRESH_MS,
  });

const read = (month: string, cursor: string) =>
  api('listFinance', { query: { month, limit: '100', ...(cursor ? { cursor } : {}) } });
