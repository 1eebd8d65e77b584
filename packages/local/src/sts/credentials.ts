import { LOCAL_ACCOUNT_ID } from '../aws/engine.ts';
import type { Iam } from '../iam/iam.ts';
import { type Policy, parsePolicy } from '../iam/policy.ts';
import type { Principal } from '../iam/principal.ts';
import type { AccountKeys } from './keys.ts';
import { sessionArn, sessionUserId } from './session-issuer.ts';
import { openSession } from './session-token.ts';

/** Why credentials are not good. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
  readonly reason: 'unknownKey' | 'invalidToken' | 'expired';

  constructor(reason: CredentialsError['reason']) {
    super(`The credentials are not accepted: ${reason}.`);
    this.reason = reason;
  }
}

export interface ResolvedCredentials {
  readonly secretAccessKey: string;
  readonly principal: Principal;
}

/**
 * Whose credentials these are and the secret that they sign with.
 * @throws {CredentialsError}
 */
export type ResolveCredentials = (accessKeyId: string, sessionToken: string | undefined) => ResolvedCredentials;

const root: Principal = {
  kind: 'root',
  accountId: LOCAL_ACCOUNT_ID,
  arn: `arn:aws:iam::${LOCAL_ACCOUNT_ID}:root`,
  userId: LOCAL_ACCOUNT_ID,
  tags: {},
  transitiveTagKeys: [],
};

const POLICIES_CACHED_MAX = 200;

export function createCredentialsResolver(options: {
  readonly keys: AccountKeys;
  readonly iam: Iam;
  readonly now: () => number;
}): ResolveCredentials {
  const { keys, iam, now } = options;
  const policies = createPolicyCache();
  return (accessKeyId, sessionToken) => {
    if (sessionToken === undefined) {
      // A temporary key without its token is as unknown as any other.
      if (accessKeyId !== keys.rootAccessKeyId) throw new CredentialsError('unknownKey');
      return { secretAccessKey: keys.secretOf(accessKeyId), principal: root };
    }
    const session = openSession(keys.sealing, accessKeyId, sessionToken);
    const role = session && iam.role(session.roleArn);
    if (!session || !role) throw new CredentialsError('invalidToken');
    if (session.expiresAt <= now()) throw new CredentialsError('expired');
    return {
      secretAccessKey: keys.secretOf(accessKeyId),
      principal: {
        kind: 'session',
        accountId: LOCAL_ACCOUNT_ID,
        arn: sessionArn(role.name, session.sessionName),
        roleArn: role.arn,
        userId: sessionUserId(role, session.sessionName),
        tags: effectiveTags(role.tags, session.tags),
        transitiveTagKeys: session.transitiveTagKeys,
        issuedAt: session.issuedAt,
        ...(session.sourceIdentity === undefined ? {} : { sourceIdentity: session.sourceIdentity }),
        ...(session.policy === undefined ? {} : { sessionPolicy: policies(session.policy) }),
      },
    };
  };
}

/** A session's tags replace those of its role; names that differ in case only are the same tag. */
function effectiveTags(
  role: Readonly<Record<string, string>>,
  session: Readonly<Record<string, string>>,
): Record<string, string> {
  const replaced = new Set(Object.keys(session).map((name) => name.toLowerCase()));
  const kept = Object.entries(role).filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...session };
}

/** A session makes many calls: its policy is compiled once. The oldest are forgotten. */
function createPolicyCache(): (json: string) => Policy {
  const cache = new Map<string, Policy>();
  return (json) => {
    const policy = cache.get(json) ?? parsePolicy(json, 'session');
    cache.delete(json);
    cache.set(json, policy);
    for (const oldest of cache.keys()) {
      if (cache.size <= POLICIES_CACHED_MAX) break;
      cache.delete(oldest);
    }
    return policy;
  };
}
