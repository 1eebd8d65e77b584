import { compileArnPattern } from './arn-pattern.ts';
import { type Condition, compileConditions } from './condition.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import { compilePrincipal, type PrincipalPattern } from './principal-pattern.ts';

/**
 * Where a policy is attached: to a role, to a session of one, to a resource, or as a role's trust. It decides which
 * elements a statement must have.
 */
export type PolicyKind = 'identity' | 'session' | 'resource' | 'trust';

export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  /** Matched in lower case. */
  readonly actions: { readonly not: boolean; readonly patterns: readonly Pattern[] };
  /** Absent in trust policies, which are about their own role. */
  readonly resources?: { readonly not: boolean; readonly patterns: readonly Pattern[] };
  /** Absent in policies of identities and sessions. */
  readonly principal?: PrincipalPattern;
  readonly condition?: Condition;
}

/** A policy document, checked and compiled. */
export interface Policy {
  readonly kind: PolicyKind;
  readonly statements: readonly Statement[];
}

/** A document that IAM would refuse. The message says where and why. */
export class MalformedPolicyError extends Error {
  override readonly name = 'MalformedPolicyError';
}

const POLICY_ELEMENTS = new Set(['Version', 'Id', 'Statement']);
const STATEMENT_ELEMENTS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/**
 * @param document a policy as JSON text or as the object that it parses to.
 * @throws {MalformedPolicyError} for whatever is not understood: nothing of a policy is ever ignored.
 */
export function parsePolicy(document: unknown, kind: PolicyKind): Policy {
  const policy = record(typeof document === 'string' ? parseJson(document) : document, 'A policy');
  refuseUnknown(policy, POLICY_ELEMENTS, 'A policy');
  const version = policy.Version ?? '2008-10-17';
  if (version !== '2012-10-17' && version !== '2008-10-17') {
    throw new MalformedPolicyError(`The version "${String(version)}" is not known.`);
  }
  const statements: unknown[] = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement];
  if (statements.length === 0) throw new MalformedPolicyError('A policy must have a statement.');
  return {
    kind,
    statements: statements.map((statement, index) => {
      try {
        return parseStatement(record(statement, 'A statement'), kind, version === '2012-10-17');
      } catch (error) {
        throw new MalformedPolicyError(`Statement ${index + 1}: ${error instanceof Error ? error.message : error}`);
      }
    }),
  };
}

function parseStatement(statement: Record<string, unknown>, kind: PolicyKind, variables: boolean): Statement {
  refuseUnknown(statement, STATEMENT_ELEMENTS, 'A statement');
  const { Sid: sid, Effect: effect, Principal: principal, Condition: condition } = statement;
  if (sid !== undefined && typeof sid !== 'string') throw new Error('"Sid" must be a string.');
  if (effect !== 'Allow' && effect !== 'Deny') throw new Error('"Effect" must be "Allow" or "Deny".');
  const aboutOthers = kind === 'trust' || kind === 'resource';
  if (aboutOthers !== (principal !== undefined)) {
    throw new Error(aboutOthers ? '"Principal" is missing.' : `"Principal" has no place in a policy of this kind.`);
  }
  const hasResource = statement.Resource !== undefined || statement.NotResource !== undefined;
  if (kind === 'trust' && hasResource) throw new Error('A trust policy names no resource.');
  return {
    ...(sid === undefined ? {} : { sid }),
    effect,
    actions: parseActions(statement),
    ...(kind === 'trust' ? {} : { resources: parseResources(statement, variables) }),
    ...(principal === undefined ? {} : { principal: compilePrincipal(principal) }),
    ...(condition === undefined ? {} : { condition: compileConditions(condition, variables) }),
  };
}

function parseActions(statement: Record<string, unknown>): Statement['actions'] {
  const { not, values } = oneOf(statement, 'Action');
  const patterns = values.map((value) => {
    if (value !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(value)) throw new Error(`"${value}" is not an action.`);
    return compilePattern(value, { wildcards: true, variables: false, ignoreCase: true });
  });
  return { not, patterns };
}

function parseResources(statement: Record<string, unknown>, variables: boolean): Statement['resources'] & object {
  const { not, values } = oneOf(statement, 'Resource');
  const patterns = values.map((value) =>
    value === '*' ? compilePattern(value, { wildcards: true, variables }) : compileArnPattern(value, variables),
  );
  return { not, patterns };
}

function oneOf(statement: Record<string, unknown>, name: string): { not: boolean; values: string[] } {
  const positive = statement[name];
  const negative = statement[`Not${name}`];
  if ((positive === undefined) === (negative === undefined)) {
    throw new Error(`Exactly one of "${name}" and "Not${name}" is needed.`);
  }
  const value = positive ?? negative;
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) throw new Error(`"${name}" is empty.`);
  return {
    not: positive === undefined,
    values: values.map((item) => {
      if (typeof item !== 'string') throw new Error(`"${name}" has a value that is not a string.`);
      return item;
    }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedPolicyError('A policy must be JSON.');
  }
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedPolicyError(`${what} must be an object.`);
  }
  return { ...value };
}

function refuseUnknown(value: Record<string, unknown>, known: ReadonlySet<string>, what: string): void {
  const unknown = Object.keys(value).find((key) => !known.has(key));
  if (unknown !== undefined) throw new MalformedPolicyError(`${what} has the unknown element "${unknown}".`);
}
