import { queryOptions } from '@tanstack/react-query';
import { api } from '../../app.ts';

/** Asked again soon while one is on its way. */
export const announcementsQuery = queryOptions({
  queryKey: ['announcements'],
  queryFn: () => api('listAnnouncements', {}),
  refetchInterval: ({ state }) => (state.data?.announcements.some((one) => one.state !== 'sent') ? 5000 : 60_000),
});
