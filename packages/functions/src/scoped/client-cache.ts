import type { TenantId } from '@tenantry/core/ids/id';
import type { CredentialVendor, TenantCredentials, TenantSession } from '@tenantry/core/isolation/credentials';
import type { FunctionProfile } from '@tenantry/core/isolation/profiles';
import { currentRequestId } from '../logging.ts';

const CLIENTS_MAX = 500;

/** For whom a client is, and the request that asks for it first. */
export type Scope = TenantSession;

/** A client outlives the request that made it; credentials that are renewed are renewed for the request of the moment. */
const ofThisRequest = (scope: Scope): Scope => ({ ...scope, requestId: currentRequestId() ?? scope.requestId });

/** SDK clients by profile and tenant, the least recently used dropped first. */
export interface ClientCache<Client> {
  clientFor(profile: FunctionProfile, scope: Scope): Client;
  /** Drops a tenant's clients, which keep credentials of their own until these expire. */
  forget(tenantId: TenantId): void;
}

/**
 * Keeps one SDK client per profile and tenant, so that signing state is reused. The credentials behind a client are the
 * vendor's, and renewed by it.
 */
export function createClientCache<Client>(
  vendor: CredentialVendor,
  create: (credentials: () => Promise<TenantCredentials>) => Client,
): ClientCache<Client> {
  const clients = new Map<string, { readonly tenantId: TenantId; readonly client: Client }>();
  return {
    clientFor(profile, scope) {
      const { tenantId } = scope;
      const key = `${profile} ${tenantId} ${scope.tier ?? ''}`;
      const cached = clients.get(key) ?? {
        tenantId,
        client: create(() => vendor.credentialsFor(profile, ofThisRequest(scope))),
      };
      clients.delete(key);
      clients.set(key, cached);
      for (const oldest of clients.keys()) {
        if (clients.size <= CLIENTS_MAX) break;
        clients.delete(oldest);
      }
      return cached.client;
    },
    forget(tenantId) {
      for (const [key, cached] of clients) if (cached.tenantId === tenantId) clients.delete(key);
    },
  };
}
