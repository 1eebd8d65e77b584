import type { Way } from './migration.ts';

/** The steps of a change of tier, as the customer reads them. `usualSeconds` is the usual time on AWS. */
export const tierChangeSteps = {
  capacity: { title: 'Room for your silo', usualSeconds: 2 },
  storage: { title: 'Your own events table', usualSeconds: 20 },
  silo: { title: 'Your own recommender starts', usualSeconds: 240 },
  probe: { title: 'Checking that it answers', usualSeconds: 90 },
  mirror: { title: 'New events go to both places', usualSeconds: 60 },
  copy: { title: 'Your history is copied', usualSeconds: 120 },
  verify: { title: 'Every event is checked', usualSeconds: 60 },
  switch: { title: 'Your shoppers are served from the new place', usualSeconds: 5 },
  clean: { title: 'The old place is cleared', usualSeconds: 86_400 },
} as const satisfies Record<string, { title: string; usualSeconds: number }>;

export type TierChangeStep = keyof typeof tierChangeSteps;

/** Which steps a change goes through, in order. */
export const tierChangeStepsOf = {
  toSilo: ['capacity', 'storage', 'silo', 'probe', 'mirror', 'copy', 'verify', 'switch', 'clean'],
  toPool: ['mirror', 'copy', 'verify', 'switch', 'clean'],
  resize: ['capacity', 'silo', 'probe', 'switch'],
} as const satisfies Record<Way, readonly TierChangeStep[]>;
