import { queryOptions } from '@tanstack/react-query';
import { api } from '../app.ts';

export const experimentQuery = queryOptions({
  queryKey: ['experiment'],
  queryFn: () => api('getExperiment', {}),
  refetchInterval: 15_000,
});
