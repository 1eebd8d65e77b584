import { siloWideResources } from '@tenantry/core/silo/provisioner';
import type { User } from './authenticate.ts';
import { StatusError } from './status.ts';

/** What a group may do, as a ClusterRole says it; with `namespaces`, it changes only those that match as a whole. */
export interface Rule {
  /** The core group is `''`. */
  readonly apiGroups: readonly string[];
  /** Plural names. */
  readonly resources: readonly string[];
  readonly verbs: readonly Verb[];
  /**
   * Stands for the admission policy that keeps changes by a group out of other namespaces; limits Namespaces and NodePools by name. Admission
   * is not asked about reading.
   */
  readonly namespaces?: RegExp;
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'patch' | 'delete';

export interface Attempt {
  readonly verb: Verb;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

const changes: ReadonlySet<Verb> = new Set(['create', 'patch', 'delete']);

/** Everything; for the developer's own tools. */
const masters = 'system:masters';

const allows = (rule: Rule, attempt: Attempt): boolean => {
  const named = siloWideResources.some((resource) => resource === attempt.resource);
  const place = attempt.namespace ?? (named ? attempt.name : undefined);
  return (
    rule.apiGroups.includes(attempt.group) &&
    rule.resources.includes(attempt.resource) &&
    rule.verbs.includes(attempt.verb) &&
    (rule.namespaces === undefined ||
      !changes.has(attempt.verb) ||
      (place !== undefined && rule.namespaces.test(place)))
  );
};

/** @throws {StatusError} `Forbidden` when no group of the user may do it */
export function authorize(user: User, groups: Readonly<Record<string, readonly Rule[]>>, attempt: Attempt): void {
  if (user.groups.includes(masters)) return;
  const rules = user.groups.flatMap((group) => (Object.hasOwn(groups, group) ? (groups[group] ?? []) : []));
  if (rules.some((rule) => allows(rule, attempt))) return;
  const { verb, group, resource, namespace, name } = attempt;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = [resource, group].filter(Boolean).join('.');
  throw new StatusError(
    'Forbidden',
    `${what}${name === undefined ? '' : ` "${name}"`} is forbidden: User "${user.username}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`,
    { ...(name === undefined ? {} : { name }), group, kind: resource },
  );
}
