import { readRecent } from '@tenantry/core/events/recent';
import { readActivity } from '@tenantry/core/usage/activity';
import { createApi } from '../middleware/api.ts';
import { createScope } from '../scoped/scope.ts';

export const handler = createApi('activity', createScope('api/activity'), {
  getActivity: async ({ tenant: { tenantId }, scoped, query, now }) => {
    const usage = scoped['tenant-usage'].Usage;
    const { minutes, ...totals } = await readActivity(usage, tenantId, { minutes: query.minutes, now });
    return { minutes: [...minutes], ...totals };
  },
  listRecentEvents: async ({ tenant: { tenantId }, scoped, query: { after, limit }, now }) => {
    const events = await readRecent(scoped['tenant-live'].Usage, tenantId, {
      after: after === undefined ? undefined : new Date(after),
      limit,
      now,
    });
    return { events: [...events], readAt: now.toISOString() };
  },
});
