/** How a job stands. `broken`: its run began and never ended, as when its process died; `never`: it has not run yet. */
export const jobStates = ['succeeded', 'failed', 'running', 'broken', 'never'] as const;
export type JobState = (typeof jobStates)[number];
