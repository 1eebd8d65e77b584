import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { TenantId } from '../ids/id.ts';
import type { FunctionProfile } from './profiles.ts';

/** In the shape that every AWS SDK client takes. */
export interface TenantCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** For which tenant credentials are, and the request that asks for them first, which CloudTrail names. */
export interface TenantSession {
  readonly tenantId: TenantId;
  readonly requestId: string;
  /** Becomes a session tag beside the tenant's. */
  readonly tier?: string;
}

export interface CredentialVendor {
  /** Credentials that reach this tenant's data only, by what the profile allows. */
  credentialsFor(profile: FunctionProfile, session: TenantSession): Promise<TenantCredentials>;
  /** Drops all credentials of a tenant, for one that is served no longer. */
  forget(tenantId: TenantId): void;
}

const SESSION_SECONDS = 3600;
const REFRESH_BEFORE_MS = 5 * 60 * 1000;
const TENANTS_CACHED_MAX = 500;
/** STS takes 2 to 64 of these characters. */
const SESSION_NAME_MAX = 64;

/**
 * Vends credentials and keeps them per tenant and profile until shortly before they expire, in a bounded LRU. Several
 * requests that ask at once share one call.
 */
export function createCredentialVendor(options: {
  readonly sts: STSClient;
  readonly roleArns: Partial<Readonly<Record<FunctionProfile, string>>>;
  readonly now?: () => number;
}): CredentialVendor {
  const { sts, roleArns, now = Date.now } = options;
  const cache = new Map<string, Promise<TenantCredentials>>();

  const assume = async (profile: FunctionProfile, { tenantId, requestId, tier }: TenantSession) => {
    const roleArn = roleArns[profile];
    if (!roleArn) throw new Error(`This function may not ask for the access profile "${profile}".`);
    const session = `${tenantId}.${requestId.replace(/[^\w+=,.@-]/g, '-')}`.slice(0, SESSION_NAME_MAX);
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: session,
        SourceIdentity: session,
        DurationSeconds: SESSION_SECONDS,
        Tags: [{ Key: 'TenantId', Value: tenantId }, ...(tier ? [{ Key: 'Tier', Value: tier }] : [])],
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
      throw new Error('STS answered without credentials.');
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  };

  return {
    async credentialsFor(profile, session) {
      const key = `${session.tenantId} ${profile} ${session.tier ?? ''}`;
      const cached = cache.get(key);
      if (cached) {
        const credentials = await cached;
        if (credentials.expiration.getTime() - REFRESH_BEFORE_MS > now()) {
          cache.delete(key);
          cache.set(key, cached);
          return credentials;
        }
        // Somebody who also saw it expire may have asked already.
        if (cache.get(key) === cached) cache.delete(key);
      }
      const pending = cache.get(key) ?? assume(profile, session);
      cache.set(key, pending);
      pending.catch(() => {
        if (cache.get(key) === pending) cache.delete(key);
      });
      for (const oldest of cache.keys()) {
        if (cache.size <= TENANTS_CACHED_MAX) break;
        cache.delete(oldest);
      }
      return pending;
    },
    forget(tenantId) {
      for (const key of cache.keys()) if (key.startsWith(`${tenantId} `)) cache.delete(key);
    },
  };
}
