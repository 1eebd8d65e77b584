import { checkEvents } from '@tenantry/core/events/event';
import { storeEvents } from '@tenantry/core/events/store';
import { newId } from '@tenantry/core/ids/id';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { createApi } from '../middleware/api.ts';
import { createScope } from '../scoped/scope.ts';

export const handler = createApi('collector', createScope('api/collector'), {
  collectEvents: async ({ actor: { tenantId }, keyTenant: { tier, isolation }, scoped, body, now }) => {
    const { events, verdicts } = checkEvents(body.events, { now: now.getTime(), newId });
    const { Events, SiloEvents } = scoped['tenant-data'];
    await storeEvents(isolation === 'silo' ? SiloEvents : Events, tenantId, events, tierCatalogue[tier].limits);
    return { accepted: events.length, rejected: verdicts.length - events.length, verdicts: [...verdicts] };
  },
});
