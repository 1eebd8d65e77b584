import type { CallOutput } from '../api/client.ts';

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
