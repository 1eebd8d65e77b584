import { apiKeyView, createApiKey, listApiKeys, type MadeApiKey, revokeApiKey } from '@tenantry/core/apikey/api-key';
import { lastUses } from '@tenantry/core/apikey/key-use';
import { createApi } from '../middleware/api.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';

const tablesOf = ({ 'tenant-keys': { Control, Audit } }: Scoped<'api/keys'>) => ({
  control: Control,
  auditTable: Audit.name,
});

const madeView = ({ apiKey, secret }: MadeApiKey) => ({ apiKey: apiKeyView(apiKey), secret });

export const handler = createApi('keys', createScope('api/keys'), {
  listApiKeys: async ({ tenant: { tenantId }, scoped }) => {
    const { Control } = scoped['tenant-keys'];
    const [keys, uses] = await Promise.all([listApiKeys(Control, tenantId), lastUses(Control, tenantId)]);
    return { apiKeys: keys.map((key) => apiKeyView(key, uses.get(key.keyId))) };
  },
  createApiKey: async ({ tenant: { tier }, actor, scoped, body, now, remember }) => {
    const context = { actor, at: now, remember: (made: MadeApiKey) => remember(madeView(made)) };
    return madeView(await createApiKey(tablesOf(scoped), { ...body, tier }, context));
  },
  revokeApiKey: async ({ actor, scoped, params, now }) => {
    await revokeApiKey(tablesOf(scoped), params.keyId, { actor, at: now });
    return undefined;
  },
});
