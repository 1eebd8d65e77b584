import { checkEvents } from '@tenantry/core/events/event';
import { siloEventsTable, storeEvents } from '@tenantry/core/events/store';
import { newId } from '@tenantry/core/ids/id';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { scopedDynamo } from '../scoped/dynamo.ts';
import { vendorFor } from '../scoped/vendor.ts';

const environment = readEnvironment({ EVENTS_TABLE: required, SILO_TABLE_PREFIX: required });
const dynamo = scopedDynamo(vendorFor(['tenant-data']));

export const handler = createApi(
  'collector',
  {},
  {
    collectEvents: async ({ actor: { tenantId }, keyTenant: { tier, isolation }, body, now, requestId }) => {
      const { events, verdicts } = checkEvents(body.events, { now: now.getTime(), newId });
      const name =
        isolation === 'silo' ? siloEventsTable(environment.SILO_TABLE_PREFIX, tenantId) : environment.EVENTS_TABLE;
      const table = { client: dynamo('tenant-data', { tenantId, requestId }), name };
      await storeEvents(table, tenantId, events, tierCatalogue[tier].limits);
      return { accepted: events.length, rejected: verdicts.length - events.length, verdicts: [...verdicts] };
    },
  },
);
