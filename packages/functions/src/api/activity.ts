import { readActivity } from '@tenantry/core/usage/activity';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { scopedControl } from '../scoped/control.ts';

const { USAGE_TABLE } = readEnvironment({ USAGE_TABLE: required });
const controlOf = scopedControl();

export const handler = createApi(
  'activity',
  { controlOf },
  {
    getActivity: async ({ tenant: { tenantId }, query, now, requestId }) => {
      const usage = { client: controlOf({ tenantId, requestId }).client, name: USAGE_TABLE };
      const { minutes, archivedEvents } = await readActivity(usage, tenantId, { minutes: query.minutes, now });
      return { minutes: [...minutes], archivedEvents };
    },
  },
);
