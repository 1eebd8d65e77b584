import type { CallRecord } from '../gateway/record.ts';
import { createContext, type Lookup, lookupIn, tagKeys } from '../iam/context.ts';
import type { GraphRole } from '../program/roles.ts';
import { type GrantedStatement, grantedStatements, grantKey } from './grant.ts';
import type { DeniedCall, RecordedUses } from './recorded-uses.ts';

/** Which grants calls made use of, for as long as a local cloud runs. Bounded by the number of grants, not of calls. */
export interface UseLog {
  readonly add: (record: CallRecord) => void;
  uses(): RecordedUses;
}

const DENIED_MAX = 1000;

/**
 * Whether a test made the call itself, with a role of the program, to see what happens. Tests say so in the name of the session;
 * what they do with a role is no use of it.
 */
export const isAttempt = (callerArn: string): boolean => (callerArn.split('/').at(-1) ?? '').includes('attempt');

/** @throws {Error} when a role has policies that cannot be split into grants. */
export function createUseLog(roles: readonly GraphRole[]): UseLog {
  const byArn = new Map(roles.map((role) => [role.arn, { role, statements: grantedStatements(role) }]));
  const used = new Set<string>();
  const denied = new Map<string, DeniedCall>();
  let attempts = 0;

  const deny = (call: DeniedCall): void => {
    const key = JSON.stringify([call.role, call.operation, call.actions, call.errorCode]);
    if (denied.size < DENIED_MAX || denied.has(key)) denied.set(key, denied.get(key) ?? call);
  };

  return {
    add(record) {
      const { roleArn = '', callerArn = '', requirements, allowedBy, allowed, tags } = record;
      const known = byArn.get(roleArn);
      if (!known) return;
      if (isAttempt(callerArn)) {
        if (!allowed) attempts += 1;
        return;
      }
      if (!allowed) {
        const { operation, errorCode = '', denial = '' } = record;
        const actions = requirements.map(({ action }) => action);
        deny({ role: known.role.logicalName, operation, actions, errorCode, denial });
        return;
      }
      const lookup = lookupIn(createContext(tagKeys('aws:PrincipalTag', tags)));
      for (const [index, { action, resource, context }] of requirements.entries()) {
        const by = allowedBy[index];
        const statement = by && known.statements[by.policy]?.[by.statement];
        const leadingKeys = context?.['dynamodb:LeadingKeys'] ?? [];
        if (statement) for (const key of usedOf(statement, { action, resource, leadingKeys }, lookup)) used.add(key);
      }
    },
    uses: () => ({ used: [...used].sort(), denied: [...denied.values()], attempts }),
  };
}

interface Call {
  readonly action: string;
  readonly resource: string;
  readonly leadingKeys: readonly string[];
}

/** The grants of the statement that the call is covered by: one, or one for each pattern of keys where it names several keys. */
function usedOf(statement: GrantedStatement, call: Call, lookup: Lookup): readonly string[] {
  const { role, condition } = statement;
  const action = statement.actions.find((pattern) => pattern.matches(call.action, lookup))?.source;
  const resource = statement.resources.find((pattern) => pattern.matches(call.resource, lookup))?.source;
  if (action === undefined || resource === undefined) return [];
  const grant = { role, action, resource, ...(condition ? { condition } : {}) };
  if (statement.leadingKeys.length === 0) return [grantKey(grant)];
  return call.leadingKeys.flatMap((key) => {
    const leadingKey = statement.leadingKeys.find((pattern) => pattern.matches(key, lookup))?.source;
    return leadingKey === undefined ? [] : [grantKey({ ...grant, leadingKey })];
  });
}
