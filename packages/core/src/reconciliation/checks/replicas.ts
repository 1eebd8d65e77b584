import { siloName, siloNamespace } from '../../silo/names.ts';
import type { Tenant } from '../../tenant/tenant.ts';
import type { Drift } from '../drift.ts';
import { expectedOf } from '../expected.ts';
import type { Look } from '../look.ts';
import type { DeploymentPart } from '../ports.ts';

/** Silos that run although their tenants are not served, and the other way round. */
export function checkReplicas(look: Look, deployments: readonly DeploymentPart[]): readonly Drift[] {
  look.count('replicas', deployments.length);
  return deployments.flatMap((deployment): readonly Drift[] => {
    const { tenantId, resource, replicas, available } = deployment;
    const tenant = tenantId && look.tenants.get(tenantId);
    if (!tenantId || !tenant) return [];
    const drift = (problem: string, remedy: Drift['remedy'], wanted: 'running' | 'stopped'): readonly Drift[] => [
      { kind: 'replicas', resource, tenantId, problem, remedy, holds: (now) => wish(now) === wanted },
    ];
    switch (wish(tenant)) {
      case 'stopped':
        if (replicas === 0) return [];
        return drift(`The silo of a company that is ${tenant.status} runs.`, deployment.scale(true), 'stopped');
      case 'running':
        if (replicas === 0) {
          return drift(
            `The silo of a company that is ${tenant.status} stands still.`,
            deployment.scale(false),
            'running',
          );
        }
        if (available > 0) return [];
        return drift(
          `None of the silo's ${replicas} replicas answers.`,
          { command: `kubectl describe deployment --namespace ${siloNamespace(tenantId)} ${siloName}` },
          'running',
        );
      default:
        return [];
    }
  });
}

const wish = (tenant: Tenant | undefined) => expectedOf(tenant).replicas;
