import { queryOptions } from '@tanstack/react-query';
import { api } from '../app.ts';

export const erasuresQuery = queryOptions({
  queryKey: ['erasures'],
  queryFn: () => api('listErasures', { query: { limit: '100' } }),
  refetchInterval: ({ state }) =>
    state.data?.erasures.some(({ status }) => status === 'requested' || status === 'running') ? 2000 : 60_000,
});
