import type { TenantId } from '@tenantry/core/ids/id';
import type { CredentialVendor, TenantCredentials } from '@tenantry/core/isolation/credentials';
import type { FunctionProfile } from '@tenantry/core/isolation/profiles';

const CLIENTS_MAX = 200;

/** For whom a client is, and the request that asks for it first. */
export interface Scope {
  readonly tenantId: TenantId;
  readonly requestId: string;
}

/**
 * Keeps one SDK client per profile and tenant, so that signing state is reused. The credentials behind a client are the
 * vendor's, and renewed by it.
 */
export function createClientCache<Client>(
  vendor: CredentialVendor,
  create: (credentials: () => Promise<TenantCredentials>) => Client,
): (profile: FunctionProfile, scope: Scope) => Client {
  const clients = new Map<string, Client>();
  return (profile, { tenantId, requestId }) => {
    const key = `${profile} ${tenantId}`;
    const client = clients.get(key) ?? create(() => vendor.credentialsFor(profile, tenantId, requestId));
    clients.delete(key);
    clients.set(key, client);
    for (const oldest of clients.keys()) {
      if (clients.size <= CLIENTS_MAX) break;
      clients.delete(oldest);
    }
    return client;
  };
}
