import { resourcesOfType } from '../../program/graph.ts';
import { rolesOf } from '../../program/roles.ts';
import type { Rule } from '../lint.ts';

/** IAM's quotas, in characters without white space. */
const INLINE_MAX = 10_240;
const TRUST_MAX = 2048;
const SESSION_MAX = 2048;

export const policySize: Rule = {
  name: 'policy-size',
  refuses: 'IAM refuses policies over its limits, and a session policy over 2,048 characters only when it is used.',
  check({ graph }) {
    const roles = rolesOf(graph).flatMap(({ logicalName, policies, trust }) => {
      const inline = Object.values(policies).reduce((sum, policy) => sum + JSON.stringify(policy).length, 0);
      const trusted = JSON.stringify(trust).length;
      return [
        ...(inline > INLINE_MAX
          ? [{ resource: logicalName, problem: `${inline} characters of inline policies; at most ${INLINE_MAX}` }]
          : []),
        ...(trusted > TRUST_MAX
          ? [{ resource: logicalName, problem: `${trusted} characters of trust policy; at most ${TRUST_MAX}` }]
          : []),
      ];
    });
    const sessions = resourcesOfType(graph, 'aws:eks/podIdentityAssociation:PodIdentityAssociation')
      .filter(({ inputs }) => String(inputs.policy ?? '').length > SESSION_MAX)
      .map(({ name }) => ({ resource: name, problem: `a session policy of more than ${SESSION_MAX} characters` }));
    return [...roles, ...sessions];
  },
};

export const managedPolicy: Rule = {
  name: 'managed-policy',
  refuses: 'A policy that AWS wrote changes without us; attaching one needs a recorded reason.',
  check: ({ graph, reasons }) =>
    rolesOf(graph).flatMap(({ logicalName, managedPolicyArns }) =>
      managedPolicyArns
        .filter((arn) => !reasons.managedPolicies[logicalName]?.includes(arn))
        .map((arn) => ({ resource: logicalName, problem: `${arn}: write the grants, or record the reason` })),
    ),
};
