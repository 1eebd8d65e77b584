import { apiKeyView, createApiKey, listApiKeys, revokeApiKey } from '@tenantry/core/apikey/api-key';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { readEnvironment, required } from '../environment.ts';
import { createApi } from '../middleware/api.ts';
import { scopedControl } from '../scoped/control.ts';

const { AUDIT_TABLE } = readEnvironment({ AUDIT_TABLE: required });
const controlOf = scopedControl();

export const handler = createApi(
  'keys',
  { controlOf },
  {
    listApiKeys: async ({ tenant: { tenantId }, requestId }) => ({
      apiKeys: (await listApiKeys(controlOf({ tenantId, requestId }), tenantId)).map(apiKeyView),
    }),
    createApiKey: async ({ tenant: { tenantId, tier }, actor, body, now, requestId }) => {
      const { apiKey, secret } = await createApiKey(
        { control: controlOf({ tenantId, requestId }), auditTable: AUDIT_TABLE },
        { ...body, keysMax: tierCatalogue[tier].limits.apiKeys },
        { actor, at: now },
      );
      return { apiKey: apiKeyView(apiKey), secret };
    },
    revokeApiKey: async ({ tenant: { tenantId }, actor, params, now, requestId }) => {
      await revokeApiKey({ control: controlOf({ tenantId, requestId }), auditTable: AUDIT_TABLE }, params.keyId, {
        actor,
        at: now,
      });
      return undefined;
    },
  },
);
