import type { TenantId } from '../../ids/id.ts';
import type { Tenant } from '../../tenant/tenant.ts';
import type { Drift } from '../drift.ts';
import { expectationOf, expectedOf } from '../expected.ts';
import type { PartKind } from '../kinds.ts';
import type { Look } from '../look.ts';
import type { Part } from '../ports.ts';

/** How a kind is told of, and whether it is missed where it must be. */
const words = {
  siloTable: { name: 'events table', missed: true },
  eventSourceMapping: { name: 'way from the events table to the archive', missed: true },
  podIdentityAssociation: { name: 'tie of the pods to their role', missed: true },
  trainerAssociation: { name: 'tie of the training to its role', missed: true },
  namespace: { name: 'namespace', missed: true },
  deployment: { name: 'Deployment', missed: true },
  nodePool: { name: 'node pool', missed: true },
  models: { name: 'folder of models', missed: false },
  archive: { name: 'archive', missed: false },
  exports: { name: 'folder of files made for downloading', missed: false },
  identityProvider: { name: 'identity provider', missed: false },
} as const satisfies Record<PartKind, { readonly name: string; readonly missed: boolean }>;

const whose = (tenant: Tenant | undefined): string =>
  tenant ? `a company that is ${tenant.status} (${tenant.isolation})` : 'a company that no row knows';

/** What exists and should not, and what should and does not, of one kind. */
export function checkParts(look: Look, kind: PartKind, parts: readonly Part[]): readonly Drift[] {
  look.count(kind, parts.length);
  const { name, missed } = words[kind];
  const presence = (tenant: Tenant | undefined) => expectedOf(tenant)[expectationOf[kind]];

  const orphans = parts.flatMap((part): readonly Drift[] => {
    const { tenantId, resource, removal } = part;
    if (!tenantId) {
      const command = `Nobody's by its name; look at it, then: ${removal.command}`;
      const problem = `This ${name} has a name that no tenant could have given it.`;
      return [{ kind, resource, tenantId: null, problem, remedy: { command }, holds: () => true }];
    }
    const tenant = look.tenants.get(tenantId);
    if (presence(tenant) !== 'none') return [];
    const problem = `This ${name} belongs to ${whose(tenant)} and should not exist.`;
    // Taking an onboarding back looks for data first.
    const remedy = tenant?.status === 'failed' ? look.takeBack(tenant) : removal;
    return [
      {
        kind,
        resource,
        tenantId,
        problem,
        remedy,
        holds: (now) => now?.status === tenant?.status && presence(now) === 'none',
      },
    ];
  });
  if (!missed) return orphans;

  const present = new Set<TenantId | undefined>(parts.map(({ tenantId }) => tenantId));
  const missing = [...look.tenants.values()]
    .filter((tenant) => presence(tenant) === 'must' && !present.has(tenant.tenantId))
    .map(
      (tenant): Drift => ({
        kind,
        resource: tenant.tenantId,
        tenantId: tenant.tenantId,
        problem: `The ${name} of ${whose(tenant)} does not exist.`,
        remedy: look.rebuild(tenant),
        holds: (now) => now?.status === tenant.status && presence(now) === 'must',
      }),
    );
  // An orphan's Deployment goes with its namespace.
  return kind === 'deployment' ? missing : [...orphans, ...missing];
}
