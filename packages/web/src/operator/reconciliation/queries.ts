import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app.ts';

/** The newest report, without times before the first. A run that was asked for shows up by itself. */
export const reportQuery = queryOptions({
  queryKey: ['reconciliation'],
  queryFn: () => api('readReconciliation', {}),
  refetchInterval: 5000,
});
