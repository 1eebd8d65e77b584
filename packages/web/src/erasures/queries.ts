import { queryOptions } from '@tanstack/react-query';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';

export type Erasure = CallOutput<'listErasures'>['erasures'][number];

/** The steps of an erasure, in their order. */
export const erasureSteps = ['requested', 'settling', 'erasing', 'done'] as const;
export type ErasureStep = (typeof erasureSteps)[number];

/** How far an erasure is; one that failed had come as far as it had. */
export function stepOf({ status, found, startedAt }: Pick<Erasure, 'status' | 'found' | 'startedAt'>): ErasureStep {
  if (status === 'done') return 'done';
  if (found) return 'erasing';
  return status !== 'requested' && startedAt ? 'settling' : 'requested';
}

export const erasuresQuery = queryOptions({
  queryKey: ['erasures'],
  queryFn: () => api('listErasures', { query: { limit: '100' } }),
  refetchInterval: ({ state }) =>
    state.data?.erasures.some(({ status }) => status === 'requested' || status === 'running') ? 2000 : 60_000,
});
