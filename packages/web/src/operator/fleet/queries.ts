import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { CallOutput } from '../../api/client.ts';
import { api } from '../../app.ts';

type RolloutId = CallOutput<'listRollouts'>['rollouts'][number]['id'];

const UNDER_WAY_MS = 3000;
const AT_REST_MS = 30_000;

/**
 * The silos of active companies, page by page; a page may be short and have a next one.
 * @param changing whether a rollout is under way, which gives them other versions
 */
export const silosQuery = (changing: boolean) =>
  infiniteQueryOptions({
    queryKey: ['silos'],
    queryFn: ({ pageParam }) =>
      api('listSilos', { query: { limit: '100', ...(pageParam ? { cursor: pageParam } : {}) } }),
    initialPageParam: '',
    getNextPageParam: ({ cursor }) => cursor ?? undefined,
    refetchInterval: changing ? UNDER_WAY_MS : AT_REST_MS,
  });

/** How busy a silo is, by what was metered, and how many replicas the cluster says that it has. */
export const siloLoadQuery = (tenantId: CallOutput<'readTenant'>['id']) =>
  queryOptions({
    queryKey: ['silos', tenantId, 'load'],
    queryFn: () => api('readSiloLoad', { params: { tenantId } }),
    staleTime: 20_000,
    refetchInterval: 60_000,
  });

export const rolloutsQuery = queryOptions({
  queryKey: ['rollouts'],
  queryFn: () => api('listRollouts', { query: {} }),
  refetchInterval: ({ state }) =>
    state.data?.rollouts.some(({ endedAt }) => endedAt === null) ? UNDER_WAY_MS : AT_REST_MS,
});

/** A rollout with its waves, asked again until it has ended. */
export const rolloutQuery = (rolloutId: RolloutId) =>
  queryOptions({
    queryKey: ['rollouts', rolloutId],
    queryFn: () => api('readRollout', { params: { rolloutId } }),
    refetchInterval: ({ state }) => (state.data?.endedAt === null ? UNDER_WAY_MS : AT_REST_MS),
  });
