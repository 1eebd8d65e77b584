import type { Rule } from '../lint.ts';
import { grantsOf } from '../statements.ts';

export const wildcardAction: Rule = {
  name: 'wildcard-action',
  refuses: 'An action with a wildcard grants what AWS will add to the service later.',
  check: ({ graph }) =>
    grantsOf(graph)
      .filter(({ action }) => action.includes('*'))
      .map(({ role, action }) => ({ resource: role.logicalName, problem: `${action}: name the actions` })),
};

export const wildcardResource: Rule = {
  name: 'wildcard-resource',
  refuses: 'A resource with a wildcard needs a recorded reason, and a reason needs such a resource.',
  check({ graph, reasons }) {
    const grants = grantsOf(graph).filter(({ resource }) => resource.includes('*'));
    const reasonFor = (action: string, resource: string) =>
      reasons.wildcards.find((entry) => entry.actions.includes(action) && entry.resource.test(resource));
    return grants
      .filter(({ action, resource }) => !reasonFor(action, resource))
      .map(({ role, action, resource }) => ({
        resource: role.logicalName,
        problem: `${action} on ${resource}: name the resource, or record the reason`,
      }));
  },
};

export const onlyAllow: Rule = {
  name: 'only-allow',
  refuses: 'A Deny, NotAction or NotResource hides what a role may do.',
  check: ({ graph }) =>
    grantsOf(graph)
      .flatMap(({ role }) => role)
      .filter((role, index, all) => all.indexOf(role) === index)
      .flatMap((role) =>
        Object.values(role.policies)
          .flatMap(({ Statement }) => Statement)
          .filter((statement) => statement.Effect !== 'Allow' || 'NotAction' in statement || 'NotResource' in statement)
          .map(() => ({ resource: role.logicalName, problem: 'say what is allowed instead' })),
      ),
};
