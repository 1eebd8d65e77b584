import type { GraphRole } from '../program/roles.ts';
import { type Grant, grantedStatements, grantKey, grantsOf, throughKey } from './grant.ts';
import type { DeniedCall, RecordedUses } from './recorded-uses.ts';

/** Why actions are granted although no test makes use of them. */
export interface UnusedGrant {
  /** Logical names of roles. */
  readonly roles: RegExp;
  readonly actions: readonly string[];
  /** Of the resource as the policy has it; absent, any. */
  readonly resource?: RegExp;
  /** The pattern of leading keys as the policy has it; absent, any. */
  readonly leadingKey?: string;
  /** Some runs of the tests use it and others do not, or that is not known yet: neither is a failure. */
  readonly sometimes?: true;
  readonly reason: string;
}

export interface JudgedGrant extends Grant {
  readonly used: boolean;
  /** Of an unused grant that has one. */
  readonly reason?: string;
}

/** A grant of a role that another role may assume, as an access profile's, and whether it does so for this. */
export interface SharedGrant {
  /** Logical name of the role that assumes. */
  readonly taker: string;
  readonly grant: Grant;
  readonly used: boolean;
}

export interface LeastPrivilegeReport {
  readonly grants: readonly JudgedGrant[];
  /** For each role what it may do by assuming another. One that is used by some takers only is worth a look, and no failure. */
  readonly shared: readonly SharedGrant[];
  /** Calls of tests that were denied as they were meant to be. */
  readonly attempts: number;
  /** What must not be, a sentence each. */
  readonly failures: readonly string[];
}

/**
 * Compares what roles are granted with what calls made use of. A failure is a grant without use or reason, a reason
 * that explains no unused grant, a use of what is not granted, and a call that was denied without having been meant to be.
 * @throws {Error} when a role has policies that cannot be split into grants.
 */
export function reportOn(
  roles: readonly GraphRole[],
  uses: RecordedUses,
  reasons: readonly UnusedGrant[],
): LeastPrivilegeReport {
  const used = new Set(uses.used);
  const granted = new Map(
    roles
      .flatMap((role) => grantedStatements(role).flat().flatMap(grantsOf))
      .map((grant) => [grantKey(grant), grant] as const),
  );
  const grants = [...granted].map(([key, grant]): JudgedGrant => {
    if (used.has(key)) return { ...grant, used: true };
    const reason = reasons.find((entry) => entry.actions.some((action) => explains(entry, action, grant)))?.reason;
    return { ...grant, used: false, ...(reason ? { reason } : {}) };
  });
  return {
    grants,
    shared: sharedGrants(roles, [...granted.values()], new Set(uses.usedThrough)),
    attempts: uses.attempts,
    failures: [
      ...grants.filter((grant) => !grant.used && !grant.reason).map((grant) => `Unused: ${describeGrant(grant)}`),
      ...reasons.flatMap((entry) => entry.actions.flatMap((action) => staleness(entry, action, grants))),
      ...uses.used
        .filter((key) => !granted.has(key))
        .map((key) => `Used, and not granted by the program as it is now: ${key.split('\n').join(' ').trim()}`),
      ...distinctDenials(uses.denied),
    ],
  };
}

/** `ApiKeysRole: dynamodb:PutItem on arn:… for keys TENANT#*` */
export const describeGrant = ({ role, action, resource, leadingKey }: Grant): string =>
  `${role}: ${action} on ${resource}${leadingKey ? ` for keys ${leadingKey}` : ''}`;

function sharedGrants(
  roles: readonly GraphRole[],
  grants: readonly Grant[],
  usedThrough: ReadonlySet<string>,
): readonly SharedGrant[] {
  const nameOf = new Map(roles.map(({ arn, logicalName }) => [arn, logicalName]));
  return grants
    .filter(({ action }) => action === 'sts:AssumeRole')
    .flatMap(({ role: taker, resource }) =>
      grants
        .filter(({ role }) => role === nameOf.get(resource))
        .map((grant) => ({ taker, grant, used: usedThrough.has(throughKey(taker, grantKey(grant))) })),
    );
}

const explains = ({ roles, resource, leadingKey }: UnusedGrant, action: string, grant: Grant): boolean =>
  roles.test(grant.role) &&
  grant.action === action &&
  (resource?.test(grant.resource) ?? true) &&
  (leadingKey === undefined || grant.leadingKey === leadingKey);

function staleness(entry: UnusedGrant, action: string, grants: readonly JudgedGrant[]): readonly string[] {
  const about = grants.filter((grant) => explains(entry, action, grant));
  if (about.length === 0) return [`Explained, and granted to nobody: ${action} of ${entry.roles} (${entry.reason})`];
  return about
    .filter(({ used }) => used && !entry.sometimes)
    .map((grant) => `Explained as unused, and used: ${describeGrant(grant)} (${entry.reason})`);
}

const distinctDenials = (denied: readonly DeniedCall[]): readonly string[] => [
  ...new Set(
    denied.map(({ role, operation, actions, errorCode, denial }) =>
      actions.length > 0
        ? `Denied: ${actions.join(' and ')} of ${role}, by ${operation}: ${errorCode}`
        : `Refused: a call of ${role} that could not be understood: ${errorCode}: ${denial}`,
    ),
  ),
];
