import { apiKeyView, createApiKey, listApiKeys, revokeApiKey } from '@tenantry/core/apikey/api-key';
import { lastUses } from '@tenantry/core/apikey/key-use';
import { createApi } from '../middleware/api.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';

const tablesOf = ({ 'tenant-keys': { Control, Audit } }: Scoped<'api/keys'>) => ({
  control: Control,
  auditTable: Audit.name,
});

export const handler = createApi('keys', createScope('api/keys'), {
  listApiKeys: async ({ tenant: { tenantId }, scoped }) => {
    const { Control } = scoped['tenant-keys'];
    const [keys, uses] = await Promise.all([listApiKeys(Control, tenantId), lastUses(Control, tenantId)]);
    return { apiKeys: keys.map((key) => apiKeyView(key, uses.get(key.keyId))) };
  },
  createApiKey: async ({ tenant: { tier }, actor, scoped, body, now }) => {
    const { apiKey, secret } = await createApiKey(tablesOf(scoped), { ...body, tier }, { actor, at: now });
    return { apiKey: apiKeyView(apiKey), secret };
  },
  revokeApiKey: async ({ actor, scoped, params, now }) => {
    await revokeApiKey(tablesOf(scoped), params.keyId, { actor, at: now });
    return undefined;
  },
});
