import type { ClusterClient } from '@tenantry/core/silo/cluster/client';
import { siloName, siloNamespace } from '@tenantry/core/silo/names';
import { rolloutStatus } from '@tenantry/core/silo/rollout';
import { siloWish } from '@tenantry/core/suspension/silo-wish';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { createScope } from '../scoped/scope.ts';
import { siloCluster } from './silo-cluster.ts';
import { changeInput, tenantTask } from './tenant-task.ts';

const scopeOf = createScope('tasks/suspension-silo');
const { connect } = siloCluster();

/** A silo's Jobs are trainings. Those that are under way have lost the execution that waits for them. */
async function endJobs(cluster: ClusterClient, namespace: string): Promise<void> {
  const job = { apiVersion: 'batch/v1', kind: 'Job', namespace } as const;
  for (const { metadata } of await cluster.list(job)) await cluster.delete({ ...job, name: metadata.name });
}

/** Takes all replicas away from the silo of a tenant that is not served with what trains there, or gives them back, and tells when that is done. */
export const handler = tenantTask('silo scaling', z.object(changeInput), async ({ tenantId, changeId }, requestId) => {
  const registry = scopeOf({ tenantId, requestId })['tenant-registry'].Control;
  let wish = siloWish(await loadTenant(registry, tenantId));
  // A newer change scales it in its own way.
  if (wish.changeId !== changeId) return { ready: true };
  const cluster = await connect();
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: siloNamespace(tenantId), name: siloName };
  for (;;) {
    await cluster.hold(deployment, wish.stopped ? { replicas: 0 } : undefined);
    // A newer change may have come and scaled in between. Whoever scales last must scale as the newest says, so each looks once more.
    const now = siloWish(await loadTenant(registry, tenantId));
    if (now.changeId === wish.changeId) break;
    wish = now;
  }
  if (wish.changeId !== changeId) return { ready: true };
  if (wish.stopped) await endJobs(cluster, siloNamespace(tenantId));
  const { done, failed, reason } = rolloutStatus(await cluster.get(deployment));
  if (failed) throw new Error(`The recommender does not start: ${reason}`);
  return { ready: done, reason };
});
