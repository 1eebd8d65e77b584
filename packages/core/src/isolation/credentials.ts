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
  /** Becomes a session tag beside the tenant's. Credentials of one tier are never given out for another. */
  readonly tier?: string;
}

/** What a vendor did since it was made. `hits + misses` is the number of requests. */
export interface VendorStatistics {
  /** Requests answered without a call of STS of their own: from the cache, or by a call that was under way. */
  readonly hits: number;
  /** Calls of STS. */
  readonly misses: number;
  /** Credentials dropped for want of room while they may still have been good. */
  readonly evictions: number;
  /** Credentials held now. */
  readonly size: number;
}

export interface CredentialVendor {
  /**
   * Credentials that reach this tenant's data only, by what the profile allows. They have not expired.
   * @throws {TenantForgottenError} when the tenant was forgotten while STS was asked
   * @throws {Error} when the function does not have the profile, or STS refuses
   */
  credentialsFor(profile: FunctionProfile, session: TenantSession): Promise<TenantCredentials>;
  /**
   * Drops all credentials of a tenant that is served no longer, under every profile and tier. Requests that still wait for some are
   * refused, since they were let in before it was known; later requests ask STS again.
   */
  forget(tenantId: TenantId): void;
  statistics(): VendorStatistics;
}

/** The tenant was forgotten while its credentials were on their way. Whoever tries again is judged anew. */
export class TenantForgottenError extends Error {
  constructor(tenantId: TenantId) {
    super(`The credentials of ${tenantId} were withdrawn while they were asked for.`);
    this.name = 'TenantForgottenError';
  }
}

/** A call of STS, shared by whoever waits for it. */
interface Flight {
  readonly tenantId: TenantId;
  readonly withdrawal: AbortController;
  readonly credentials: Promise<TenantCredentials>;
}

const SESSION_SECONDS = 3600;
const REFRESH_BEFORE_MS = 5 * 60 * 1000;
const CREDENTIALS_MAX = 500;
/** STS takes 2 to 64 of these characters. */
const SESSION_NAME_MAX = 64;

/**
 * Vends credentials and keeps them per tenant, profile and tier until shortly before they expire, in a bounded LRU. Several
 * requests that ask at once share one call. Failures are not kept.
 * @param options.now milliseconds since the epoch
 * @param options.max how many credentials are kept; 500 unless given
 */
export function createCredentialVendor(options: {
  readonly sts: STSClient;
  readonly roleArns: Partial<Readonly<Record<FunctionProfile, string>>>;
  readonly now?: () => number;
  readonly max?: number;
}): CredentialVendor {
  const { sts, roleArns, now = Date.now, max = CREDENTIALS_MAX } = options;
  /** The least recently used first. */
  const cache = new Map<string, { readonly tenantId: TenantId; readonly credentials: TenantCredentials }>();
  /** Apart from the cache, so that no lack of room makes a second call for what is already asked for. */
  const flights = new Map<string, Flight>();
  let [hits, misses, evictions] = [0, 0, 0];

  const keep = (key: string, tenantId: TenantId, credentials: TenantCredentials): void => {
    cache.delete(key);
    cache.set(key, { tenantId, credentials });
    for (const oldest of cache.keys()) {
      if (cache.size <= max) break;
      cache.delete(oldest);
      evictions += 1;
    }
  };

  const fetch = async (key: string, roleArn: string, session: TenantSession, withdrawn: AbortSignal) => {
    try {
      const credentials = await assume(sts, roleArn, session, withdrawn);
      // In the same step as keeping them, so that no withdrawal falls in between.
      withdrawn.throwIfAborted();
      if (credentials.expiration.getTime() <= now()) throw new Error('STS gave credentials that have expired.');
      keep(key, session.tenantId, credentials);
      return credentials;
    } catch (error) {
      throw withdrawn.aborted ? withdrawn.reason : error;
    } finally {
      // By then another call may be under way for a tenant that was forgotten.
      if (!withdrawn.aborted) flights.delete(key);
    }
  };

  return {
    async credentialsFor(profile, session) {
      const roleArn = roleArns[profile];
      if (!roleArn) throw new Error(`This function may not ask for the access profile "${profile}".`);
      const { tenantId, tier = '' } = session;
      const key = `${tenantId} ${profile} ${tier}`;
      const cached = cache.get(key);
      if (cached && cached.credentials.expiration.getTime() - REFRESH_BEFORE_MS > now()) {
        hits += 1;
        cache.delete(key);
        cache.set(key, cached);
        return cached.credentials;
      }
      const underWay = flights.get(key);
      if (underWay) {
        hits += 1;
        return underWay.credentials;
      }
      misses += 1;
      const withdrawal = new AbortController();
      const credentials = fetch(key, roleArn, session, withdrawal.signal);
      flights.set(key, { tenantId, withdrawal, credentials });
      return credentials;
    },
    forget(tenantId) {
      for (const [key, cached] of cache) if (cached.tenantId === tenantId) cache.delete(key);
      for (const [key, flight] of flights) {
        if (flight.tenantId !== tenantId) continue;
        flights.delete(key);
        flight.withdrawal.abort(new TenantForgottenError(tenantId));
      }
    },
    statistics: () => ({ hits, misses, evictions, size: cache.size }),
  };
}

/** A session of the role for one tenant, tagged with it, and named after it and the request. */
async function assume(
  sts: STSClient,
  roleArn: string,
  session: TenantSession,
  abortSignal: AbortSignal,
): Promise<TenantCredentials> {
  const { tenantId, requestId, tier } = session;
  const name = `${tenantId}.${requestId.replace(/[^\w+=,.@-]/g, '-')}`.slice(0, SESSION_NAME_MAX);
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: name,
      SourceIdentity: name,
      DurationSeconds: SESSION_SECONDS,
      Tags: [{ Key: 'TenantId', Value: tenantId }, ...(tier ? [{ Key: 'Tier', Value: tier }] : [])],
    }),
    { abortSignal },
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
}
