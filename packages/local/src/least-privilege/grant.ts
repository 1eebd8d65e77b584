import { compilePattern, type Pattern } from '../iam/pattern.ts';
import { parsePolicy } from '../iam/policy.ts';
import { type GraphRole, listOf, type PolicyStatement } from '../program/roles.ts';

/** The smallest thing that a role is granted: one action on one resource and, where rows are told by keys, one pattern of keys. */
export interface Grant {
  /** Logical name. */
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  /** Of `dynamodb:LeadingKeys`; absent where the statement does not limit them. */
  readonly leadingKey?: string;
  /** The statement's other conditions as JSON; absent when there are none. */
  readonly condition?: string;
}

/** A statement with its grants in a form that calls can be compared with. */
export interface GrantedStatement {
  readonly role: string;
  readonly actions: readonly Pattern[];
  readonly resources: readonly Pattern[];
  /** Empty where the statement does not limit leading keys. */
  readonly leadingKeys: readonly Pattern[];
  readonly condition?: string;
}

/** A grant as one text, the same in each evaluation of the same program. */
export const grantKey = ({ role, action, resource, leadingKey, condition }: Grant): string =>
  [role, action, resource, leadingKey ?? '', condition ?? ''].join('\n');

/** A grant as the use that one role makes of it by assuming the role that it belongs to. */
export const throughKey = (takerRole: string, key: string): string => `${takerRole}\n${key}`;

/**
 * The statements of a role, by policy and place, as the local IAM counts them.
 * @throws {Error} for what cannot be split into grants: a `Deny`, `NotAction`, `NotResource`, or a policy of AWS's own.
 */
export function grantedStatements(role: GraphRole): readonly (readonly GrantedStatement[])[] {
  const { logicalName, managedPolicyArns, policies } = role;
  const refuse = (what: string): never => {
    throw new Error(`Nobody can tell what of ${what} the role ${logicalName} uses.`);
  };
  if (managedPolicyArns.length > 0) refuse(managedPolicyArns.join(' and '));
  return Object.values(policies).map((document) =>
    parsePolicy(document, 'identity').statements.map(({ effect, actions, resources }, index) => {
      if (effect === 'Deny') refuse('a Deny');
      if (actions.not || !resources || resources.not) return refuse('a negation');
      return {
        role: logicalName,
        actions: actions.patterns,
        resources: resources.patterns,
        ...conditionsOf([document.Statement].flat()[index]),
      };
    }),
  );
}

/** Every grant of a statement: each of its actions on each of its resources, for each of its patterns of keys. */
export const grantsOf = ({ role, actions, resources, leadingKeys, condition }: GrantedStatement): readonly Grant[] =>
  actions.flatMap(({ source: action }) =>
    resources.flatMap(({ source: resource }) =>
      (leadingKeys.length > 0 ? leadingKeys : [undefined]).map((key) => ({
        role,
        action,
        resource,
        ...(key ? { leadingKey: key.source } : {}),
        ...(condition ? { condition } : {}),
      })),
    ),
  );

const LEADING_KEYS = 'dynamodb:leadingkeys';

function conditionsOf(statement: PolicyStatement | undefined): Pick<GrantedStatement, 'leadingKeys' | 'condition'> {
  const leadingKeys: Pattern[] = [];
  const others: (readonly [string, object])[] = [];
  for (const [operator, keys] of Object.entries(statement?.Condition ?? {})) {
    const rest = Object.entries(keys).filter(([name]) => name.toLowerCase() !== LEADING_KEYS);
    for (const [name, values] of Object.entries(keys)) {
      if (name.toLowerCase() !== LEADING_KEYS || operator === 'Null') continue;
      const wildcards = operator.includes('Like');
      leadingKeys.push(...listOf(values).map((value) => compilePattern(value, { wildcards, variables: true })));
    }
    if (rest.length > 0) others.push([operator, Object.fromEntries(rest)]);
  }
  return { leadingKeys, ...(others.length > 0 ? { condition: JSON.stringify(Object.fromEntries(others)) } : {}) };
}
