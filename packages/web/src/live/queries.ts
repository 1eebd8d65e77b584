import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../app.ts';
import { type LiveEvent, mergeEvents } from './stream.ts';

const ASKED_FOR = 200;
const EVERY_MS = 2000;

interface Seen {
  readonly events: readonly LiveEvent[];
  readonly readAt: string;
}

/** The events as they arrive, newest first. Asks only while somebody looks at the page, and not while it is paused. */
export function useLiveEvents(paused: boolean) {
  const client = useQueryClient();
  const queryKey = ['recentEvents'];
  return useQuery({
    queryKey,
    queryFn: async (): Promise<Seen> => {
      const before = client.getQueryData<Seen>(queryKey);
      const { events, readAt } = await api('listRecentEvents', {
        query: { limit: ASKED_FOR, ...(before && { after: before.readAt }) },
      });
      return { events: mergeEvents(before?.events ?? [], events), readAt };
    },
    enabled: !paused,
    refetchInterval: EVERY_MS,
  });
}
