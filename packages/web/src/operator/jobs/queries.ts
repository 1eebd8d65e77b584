import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app.ts';

const LOOKS_AGAIN_MS = 10_000;

/** What the page of jobs reads, each under one key. */
export const jobQueries = {
  jobs: queryOptions({ queryKey: ['jobs'], queryFn: () => api('listJobs', {}), refetchInterval: LOOKS_AGAIN_MS }),
  queues: queryOptions({
    queryKey: ['queues'],
    queryFn: () => api('listQueues', {}),
    refetchInterval: LOOKS_AGAIN_MS,
  }),
  failures: queryOptions({ queryKey: ['failures'], queryFn: () => api('listFailures', { query: {} }) }),
  log: queryOptions({ queryKey: ['staff-log'], queryFn: () => api('listStaffLog', {}) }),
};
