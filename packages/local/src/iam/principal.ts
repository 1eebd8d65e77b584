import type { Caller } from '../aws/engine.ts';
import { tagKeys } from './context.ts';
import type { Policy } from './policy.ts';

/** A caller with all that policies and STS need to know of it. The gateway resolves it from the call's credentials. */
export interface Principal extends Caller {
  readonly kind: 'root' | 'session';
  /** `AROA…:<session name>`, or the account's id for root. */
  readonly userId: string;
  /** When the credentials were issued, in milliseconds; absent for long-term ones. */
  readonly issuedAt?: number;
  readonly sourceIdentity?: string;
  /** Names of tags that go over into the sessions of roles that this one assumes. */
  readonly transitiveTagKeys: readonly string[];
  readonly sessionPolicy?: Policy;
}

/** @throws {Error} when the caller was not resolved from credentials, such as that of an anonymous call. */
export function requirePrincipal(caller: Caller): Principal {
  if (!isPrincipal(caller)) throw new Error('This operation takes a caller with credentials.');
  return caller;
}

function isPrincipal(caller: Caller): caller is Principal {
  return 'kind' in caller && 'userId' in caller;
}

/** Condition keys that follow from who calls. */
export function principalKeys(principal: Principal): Record<string, string | readonly string[] | undefined> {
  return {
    'aws:PrincipalAccount': principal.accountId,
    'aws:PrincipalArn': principal.roleArn ?? principal.arn,
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalType': principal.kind === 'root' ? 'Account' : 'AssumedRole',
    'aws:SourceIdentity': principal.sourceIdentity,
    'aws:TokenIssueTime': principal.issuedAt === undefined ? undefined : new Date(principal.issuedAt).toISOString(),
    'aws:userid': principal.userId,
    ...tagKeys('aws:PrincipalTag', principal.tags),
  };
}
