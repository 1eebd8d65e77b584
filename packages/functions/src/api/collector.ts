import { checkEvents } from '@tenantry/core/events/event';
import { storeEvents } from '@tenantry/core/events/store';
import { newId } from '@tenantry/core/ids/id';
import { createShopperMemory } from '@tenantry/core/shoppers/registry';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { assertEventsLeft } from '@tenantry/core/tier/entitlements';
import { createApi } from '../middleware/api.ts';
import { createScope } from '../scoped/scope.ts';

const memory = createShopperMemory();

export const handler = createApi('collector', createScope('api/collector'), {
  collectEvents: async ({
    actor: { tenantId, keyId },
    keyTenant: { tier, isolation, mirrors, eventsToday },
    scoped,
    body,
    now,
  }) => {
    assertEventsLeft(tier, eventsToday, now);
    const { events, verdicts } = checkEvents(body.events, { now: now.getTime(), newId });
    const { Events, SiloEvents, Shoppers } = scoped['tenant-data'];
    const [serving, other] = isolation === 'silo' ? [SiloEvents, Events] : [Events, SiloEvents];
    const stores = { events: serving, ...(mirrors ? { mirror: other } : {}), shoppers: Shoppers };
    const { retentionDays } = tierCatalogue[tier].limits;
    await storeEvents(stores, memory, tenantId, events, { retentionDays, keyId });
    return { accepted: events.length, rejected: verdicts.length - events.length, verdicts: [...verdicts] };
  },
});
