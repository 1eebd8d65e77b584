import type { Caller, IamRequirement } from '../aws/engine.ts';
import type { Denial } from './evaluate.ts';

/** AWS's own sentence on a call that policies do not allow. */
export function denialMessage(
  caller: Caller,
  requirement: Pick<IamRequirement, 'action' | 'resource'>,
  denial: Denial,
): string {
  const { action, resource } = requirement;
  const quoted = action.startsWith('s3:') ? `"${resource}"` : resource;
  const start = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${quoted}`;
  // Of a trust policy AWS says nothing, so that nobody learns which roles exist.
  if (denial.source === 'trust') return start;
  const kind = { identity: 'an identity-based', session: 'a session', resource: 'a resource-based' }[denial.source];
  if (denial.explicit) return `${start} with an explicit deny in ${kind} policy`;
  return `${start} because no ${kind.slice(kind.indexOf(' ') + 1)} policy allows the ${action} action`;
}
