import type { IamRequirement } from '../aws/engine.ts';
import type { CallRecord } from '../gateway/record.ts';
import { createContext, type Lookup, lookupIn, tagKeys } from '../iam/context.ts';
import type { GraphRole } from '../program/roles.ts';
import { type GrantedStatement, grantedStatements, grantKey, throughKey } from './grant.ts';
import type { DeniedCall, RecordedUses } from './recorded-uses.ts';

/** Which grants calls made use of, for as long as a local cloud runs. Bounded by the number of roles and grants, not of calls. */
export interface UseLog {
  readonly add: (record: CallRecord) => void;
  uses(): RecordedUses;
}

const DENIED_MAX = 1000;
const SESSIONS_MAX = 20_000;

/** Who took a role for a session: the role that assumed it, or a test. */
type Taker = { readonly role: string } | 'test';

/** @throws {Error} when a role has policies that cannot be split into grants. */
export function createUseLog(roles: readonly GraphRole[]): UseLog {
  const byArn = new Map(roles.map((role) => [role.arn, { role, statements: grantedStatements(role) }]));
  const used = new Set<string>();
  const usedThrough = new Set<string>();
  const denied = new Map<string, DeniedCall>();
  const takers = new Map<string, Taker>();
  let attempts = 0;

  const deny = (call: DeniedCall): void => {
    const key = JSON.stringify([call.role, call.operation, call.actions, call.errorCode]);
    if (denied.size < DENIED_MAX || denied.has(key)) denied.set(key, denied.get(key) ?? call);
  };

  const noteSession = ({ action, resource, context }: IamRequirement, taker: Taker): void => {
    const name = byArn.get(resource)?.role.name;
    if (action !== 'sts:AssumeRole' || name === undefined) return;
    takers.set(`${name}/${context?.['sts:RoleSessionName']?.[0]}`, taker);
    for (const oldest of takers.keys()) {
      if (takers.size <= SESSIONS_MAX) break;
      takers.delete(oldest);
    }
  };

  return {
    add({ roleArn = '', callerArn = '', ...record }) {
      const known = byArn.get(roleArn);
      if (!known) return;
      const { logicalName: role } = known.role;
      const taker = takers.get(sessionOf(callerArn));
      if (taker === 'test' || isAttempt(callerArn)) {
        if (!record.allowed) attempts += 1;
        else for (const requirement of record.requirements) noteSession(requirement, 'test');
        return;
      }
      if (!record.allowed) {
        const { operation, requirements, errorCode = '', denial = '' } = record;
        deny({ role, operation, actions: requirements.map(({ action }) => action), errorCode, denial });
        return;
      }
      const lookup = lookupIn(createContext(tagKeys('aws:PrincipalTag', record.tags)));
      for (const [index, requirement] of record.requirements.entries()) {
        noteSession(requirement, { role });
        const by = record.allowedBy[index];
        const statement = by && known.statements[by.policy]?.[by.statement];
        for (const key of statement ? usedOf(statement, requirement, lookup) : []) {
          used.add(key);
          if (taker) usedThrough.add(throughKey(taker.role, key));
        }
      }
    },
    uses: () => ({
      used: [...used].sort(),
      usedThrough: [...usedThrough].sort(),
      denied: [...denied.values()],
      attempts,
    }),
  };
}

/** `<role>/<session>` of `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
const sessionOf = (callerArn: string): string => callerArn.split('/').slice(1).join('/');

/**
 * Whether a test made the call itself, with a role of the program, to see what happens. Tests say so in the name of the session;
 * what they do with a role is no use of it.
 */
const isAttempt = (callerArn: string): boolean => sessionOf(callerArn).split('/').at(-1)?.includes('attempt') ?? false;

/** The grants of the statement that the call is covered by: one, or one for each pattern of keys where it names several keys. */
function usedOf(statement: GrantedStatement, call: IamRequirement, lookup: Lookup): readonly string[] {
  const { role, condition } = statement;
  const action = statement.actions.find((pattern) => pattern.matches(call.action, lookup))?.source;
  const resource = statement.resources.find((pattern) => pattern.matches(call.resource, lookup))?.source;
  if (action === undefined || resource === undefined) return [];
  const grant = { role, action, resource, ...(condition ? { condition } : {}) };
  if (statement.leadingKeys.length === 0) return [grantKey(grant)];
  return (call.context?.['dynamodb:LeadingKeys'] ?? []).flatMap((key) => {
    const leadingKey = statement.leadingKeys.find((pattern) => pattern.matches(key, lookup))?.source;
    return leadingKey === undefined ? [] : [grantKey({ ...grant, leadingKey })];
  });
}
