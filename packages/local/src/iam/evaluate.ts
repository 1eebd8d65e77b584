import { type ConditionContext, type Lookup, lookupIn } from './context.ts';
import type { Policy, Statement } from './policy.ts';
import type { Asker } from './principal-pattern.ts';

/** What is asked. */
export interface AccessRequest {
  /** `dynamodb:PutItem`; its case does not matter. */
  readonly action: string;
  /** An ARN, or `*` for actions that have no resource. */
  readonly resource: string;
  readonly context: ConditionContext;
}

/** What answers. */
export interface PolicySet {
  readonly identity: readonly Policy[];
  /** Narrows what the identity's policies allow. */
  readonly session?: Policy;
  /**
   * Policies of the resource itself, for whoever `asker` is. Only their explicit denies count, so that a bucket policy
   * never lets in somebody whose own policies do not.
   */
  readonly resource?: { readonly policies: readonly Policy[]; readonly asker: Asker };
}

export type PolicySource = 'identity' | 'session' | 'resource' | 'trust';

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly explicit: boolean; readonly source: PolicySource };

/** An explicit deny anywhere wins; else the identity's policies and the session's must both allow; else it is denied. */
export function evaluate(request: AccessRequest, policies: PolicySet): Decision {
  const lookup = lookupIn(request.context);
  const identity = verdict(policies.identity, request, lookup);
  if (identity === 'Deny') return { allowed: false, explicit: true, source: 'identity' };
  const session = policies.session ? verdict([policies.session], request, lookup) : 'Allow';
  if (session === 'Deny') return { allowed: false, explicit: true, source: 'session' };
  if (policies.resource && resourceDenies(request, policies.resource, lookup)) {
    return { allowed: false, explicit: true, source: 'resource' };
  }
  if (identity !== 'Allow') return { allowed: false, explicit: false, source: 'identity' };
  if (session !== 'Allow') return { allowed: false, explicit: false, source: 'session' };
  return { allowed: true };
}

/** Whether a role's trust policy lets the asker take the action (`sts:AssumeRole`, `sts:TagSession`, …) on the role. */
export function evaluateTrust(
  trust: Policy,
  request: { readonly action: string; readonly asker: Asker; readonly context: ConditionContext },
): Decision {
  const { action, asker, context } = request;
  const policies = [{ ...trust, statements: about(trust.statements, asker) }];
  const result = verdict(policies, { action, resource: '*', context }, lookupIn(context));
  return result === 'Allow' ? { allowed: true } : { allowed: false, explicit: result === 'Deny', source: 'trust' };
}

function resourceDenies(request: AccessRequest, of: NonNullable<PolicySet['resource']>, lookup: Lookup): boolean {
  const policies = of.policies.map((policy) => ({ ...policy, statements: about(policy.statements, of.asker) }));
  return verdict(policies, request, lookup) === 'Deny';
}

const about = (statements: readonly Statement[], asker: Asker): readonly Statement[] =>
  statements.filter(({ principal }) => principal?.(asker));

function verdict(policies: readonly Policy[], request: AccessRequest, lookup: Lookup): 'Allow' | 'Deny' | undefined {
  let allowed = false;
  for (const { statements } of policies) {
    for (const statement of statements) {
      if (allowed && statement.effect === 'Allow') continue;
      if (!applies(statement, request, lookup)) continue;
      if (statement.effect === 'Deny') return 'Deny';
      allowed = true;
    }
  }
  return allowed ? 'Allow' : undefined;
}

function applies(statement: Statement, request: AccessRequest, lookup: Lookup): boolean {
  const { actions, resources, condition } = statement;
  if (actions.patterns.some((pattern) => pattern.matches(request.action, lookup)) === actions.not) return false;
  if (resources && resources.patterns.some((pattern) => pattern.matches(request.resource, lookup)) === resources.not) {
    return false;
  }
  return condition?.(request.context) ?? true;
}
