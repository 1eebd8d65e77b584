import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { siloName, siloNamespace } from '@tenantry/core/silo/names';
import { rolloutStatus } from '@tenantry/core/silo/rollout';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { isSuspended } from '@tenantry/core/suspension/suspension';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import { z } from 'zod';
import { log, logTenant, withLogContext } from '../logging.ts';
import { createScope } from '../scoped/scope.ts';
import { isTransient, RetryableError } from './retryable.ts';
import { siloCluster } from './silo-cluster.ts';

const scopeOf = createScope('tasks/suspension-silo');
const { connect } = siloCluster();

const inputSchema = z.object({ tenantId: z.custom<TenantId>(isTenantId), changeId: z.string() });

const changeOf = (tenant: Tenant): string | undefined => (isSuspended(tenant) ? tenant.suspension.changeId : undefined);

/** Takes all replicas away from a suspended tenant's silo, or gives them back, and tells when that is done. */
async function scale({ tenantId, changeId }: z.infer<typeof inputSchema>, requestId: string) {
  const registry = scopeOf({ tenantId, requestId })['tenant-member'].Control;
  let tenant = await loadTenant(registry, tenantId);
  // A newer change scales it in its own way.
  if (changeOf(tenant) !== changeId) return { ready: true };
  const cluster = await connect();
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: siloNamespace(tenantId), name: siloName };
  for (;;) {
    const stopped = isSuspended(tenant) && tenant.suspension.wanted === 'suspended';
    await cluster.hold(deployment, stopped ? { replicas: 0 } : undefined);
    // A newer change may have come and scaled in between. Whoever scales last must scale as the newest says, so each looks once more.
    const now = await loadTenant(registry, tenantId);
    if (changeOf(now) === changeOf(tenant)) break;
    tenant = now;
  }
  if (changeOf(tenant) !== changeId) return { ready: true };
  const { done, failed, reason } = rolloutStatus(await cluster.get(deployment));
  if (failed) throw new Error(`The recommender does not start: ${reason}`);
  return { ready: done, reason };
}

export const handler = (event: unknown, context: { awsRequestId: string }): Promise<object> =>
  withLogContext({ requestId: context.awsRequestId }, async () => {
    const input = inputSchema.parse(event);
    logTenant(input.tenantId);
    try {
      const outcome = await scale(input, context.awsRequestId);
      log.info('suspension step', { action: 'scale', ...outcome });
      return outcome;
    } catch (error) {
      log.error('suspension step failed', error, { action: 'scale' });
      throw isTransient(error) ? new RetryableError(reasonOf({ Cause: String(error) }), { cause: error }) : error;
    }
  });
