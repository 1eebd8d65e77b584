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

/** Which statement of the identity's policies let a call in: the first that did, by its place from 0 on. */
export interface AllowedBy {
  readonly policy: number;
  readonly statement: number;
}

export interface Denial {
  readonly allowed: false;
  readonly explicit: boolean;
  readonly source: PolicySource;
}

export type Decision = { readonly allowed: true; readonly by: AllowedBy } | Denial;

/** An explicit deny anywhere wins; else the identity's policies and the session's must both allow; else it is denied. */
export function evaluate(request: AccessRequest, policies: PolicySet): Decision {
  const lookup = lookupIn(request.context);
  const identity = verdict(policies.identity, request, lookup);
  if (identity === 'Deny') return { allowed: false, explicit: true, source: 'identity' };
  const session = policies.session ? verdict([policies.session], request, lookup) : identity;
  if (session === 'Deny') return { allowed: false, explicit: true, source: 'session' };
  if (policies.resource && resourceDenies(request, policies.resource, lookup)) {
    return { allowed: false, explicit: true, source: 'resource' };
  }
  if (!identity) return { allowed: false, explicit: false, source: 'identity' };
  if (!session) return { allowed: false, explicit: false, source: 'session' };
  return { allowed: true, by: identity };
}

/** Whether a role's trust policy lets the asker take the action (`sts:AssumeRole`, `sts:TagSession`, …) on the role. */
export function evaluateTrust(
  trust: Policy,
  request: { readonly action: string; readonly asker: Asker; readonly context: ConditionContext },
): { readonly allowed: true } | Denial {
  const { action, asker, context } = request;
  const policies = [{ ...trust, statements: about(trust.statements, asker) }];
  const result = verdict(policies, { action, resource: '*', context }, lookupIn(context));
  if (result === 'Deny' || !result) return { allowed: false, explicit: result === 'Deny', source: 'trust' };
  return { allowed: true };
}

function resourceDenies(request: AccessRequest, of: NonNullable<PolicySet['resource']>, lookup: Lookup): boolean {
  const policies = of.policies.map((policy) => ({ ...policy, statements: about(policy.statements, of.asker) }));
  return verdict(policies, request, lookup) === 'Deny';
}

const about = (statements: readonly Statement[], asker: Asker): readonly Statement[] =>
  statements.filter(({ principal }) => principal?.(asker));

function verdict(policies: readonly Policy[], request: AccessRequest, lookup: Lookup): AllowedBy | 'Deny' | undefined {
  let allowedBy: AllowedBy | undefined;
  for (const [policy, { statements }] of policies.entries()) {
    for (const [statement, candidate] of statements.entries()) {
      if (allowedBy && candidate.effect === 'Allow') continue;
      if (!applies(candidate, request, lookup)) continue;
      if (candidate.effect === 'Deny') return 'Deny';
      allowedBy = { policy, statement };
    }
  }
  return allowedBy;
}

function applies(statement: Statement, request: AccessRequest, lookup: Lookup): boolean {
  const { actions, resources, condition } = statement;
  if (actions.patterns.some((pattern) => pattern.matches(request.action, lookup)) === actions.not) return false;
  if (resources && resources.patterns.some((pattern) => pattern.matches(request.resource, lookup)) === resources.not) {
    return false;
  }
  return condition?.(request.context) ?? true;
}
