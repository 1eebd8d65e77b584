import { queryOptions } from '@tanstack/react-query';
import { ApiError } from '../../api/error.ts';
import { api } from '../../app.ts';

/** How many months the chart goes back. */
const MONTHS = 12;
/** More companies than this are left to the file of another tool. */
const PAGES_MAX = 50;

/** The newest months, the present one first: `2026-11`. */
export function monthsUntil(now: Date): readonly string[] {
  return Array.from({ length: MONTHS }, (_, back) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7),
  );
}

/** What a month came to; null for one that was never settled. */
export const monthQuery = (month: string) =>
  queryOptions({
    queryKey: ['finance', month],
    queryFn: async () => {
      try {
        return await api('readFinance', { query: { month } });
      } catch (error) {
        if (error instanceof ApiError && error.problem.code === 'not_found') return null;
        throw error;
      }
    },
    staleTime: 300_000,
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
    staleTime: 300_000,
  });

const read = (month: string, cursor: string) =>
  api('listFinance', { query: { month, limit: '100', ...(cursor ? { cursor } : {}) } });
