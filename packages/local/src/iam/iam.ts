import type { IamRequirement } from '../aws/engine.ts';
import { createContext } from './context.ts';
import { type Decision, evaluate } from './evaluate.ts';
import { type Policy, parsePolicy } from './policy.ts';
import { type Principal, principalKeys } from './principal.ts';
import { compileRole, type Role, type RoleSpec } from './role.ts';

/** A policy on a resource, such as a bucket policy. It holds for the resource and for what lies below it. */
export interface ResourcePolicySpec {
  readonly resourceArn: string;
  readonly document: unknown;
}

/** Condition keys that follow from how a call came in, such as `aws:SourceIp`. */
export type RequestKeys = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Iam {
  /**
   * Replaces all roles. Sessions of roles that remain keep working, under the new policies.
   * @throws {Error} when one is malformed, naming it; then nothing is replaced.
   */
  setRoles(roles: readonly RoleSpec[]): void;
  /** Replaces all policies of resources, in the same way. */
  setResourcePolicies(policies: readonly ResourcePolicySpec[]): void;
  role(arn: string): Role | undefined;
  roles(): readonly Role[];
  /** Whether the principal's policies allow what a call requires. */
  authorize(principal: Principal, requirement: IamRequirement, request: RequestKeys): Decision;
}

/** The roles of this account and the answer to what they may do. */
export function createIam(options: {
  readonly roles: readonly RoleSpec[];
  readonly resourcePolicies?: readonly ResourcePolicySpec[];
}): Iam {
  let roles = compileRoles(options.roles);
  let resourcePolicies = (options.resourcePolicies ?? []).map(compileResourcePolicy);

  return {
    setRoles(specs) {
      roles = compileRoles(specs);
    },
    setResourcePolicies(specs) {
      resourcePolicies = specs.map(compileResourcePolicy);
    },
    role: (arn) => roles.get(arn),
    roles: () => [...roles.values()],
    authorize(principal, requirement, request) {
      const context = createContext(requirement.context ?? {}, request, principalKeys(principal));
      const policies = resourcePolicies
        .filter(({ arn }) => requirement.resource === arn || requirement.resource.startsWith(`${arn}/`))
        .map(({ policy }) => policy);
      return evaluate(
        { action: requirement.action, resource: requirement.resource, context },
        {
          identity: principal.kind === 'root' ? [everything] : (roles.get(principal.roleArn ?? '')?.policies ?? []),
          ...(principal.sessionPolicy ? { session: principal.sessionPolicy } : {}),
          resource: { policies, asker: { ...principal, kind: 'identity' } },
        },
      );
    },
  };
}

const everything = parsePolicy(
  { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
  'identity',
);

function compileRoles(specs: readonly RoleSpec[]): Map<string, Role> {
  const compiled = new Map<string, Role>();
  for (const spec of specs) {
    if (compiled.has(spec.arn)) throw new Error(`The role ${spec.arn} is declared twice.`);
    compiled.set(spec.arn, compileRole(spec));
  }
  return compiled;
}

function compileResourcePolicy(spec: ResourcePolicySpec): { arn: string; policy: Policy } {
  try {
    return { arn: spec.resourceArn, policy: parsePolicy(spec.document, 'resource') };
  } catch (error) {
    throw new Error(`The policy of ${spec.resourceArn}: ${error instanceof Error ? error.message : error}`);
  }
}
