import { queryOptions } from '@tanstack/react-query';
import { ApiError } from '../../api/error.ts';
import { api } from '../../app.ts';

/** The newest report; null before the first. A run that was asked for shows up by itself. */
export const reportQuery = queryOptions({
  queryKey: ['reconciliation'],
  queryFn: async () => {
    try {
      return await api('readReconciliation', {});
    } catch (error) {
      if (error instanceof ApiError && error.problem.code === 'not_found') return null;
      throw error;
    }
  },
  refetchInterval: 5000,
});
