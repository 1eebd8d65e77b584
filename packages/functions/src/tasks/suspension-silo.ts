import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import { siloName, siloNamespace } from '@tenantry/core/silo/names';
import { rolloutStatus } from '@tenantry/core/silo/rollout';
import { reasonOf } from '@tenantry/core/state-machine/failure';
import { isSuspended } from '@tenantry/core/suspension/suspension';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { z } from 'zod';
import { log, logTenant, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { isTransient, RetryableError } from './retryable.ts';
import { siloCluster } from './silo-cluster.ts';

const { Control: control } = ownTables('tasks/suspension-silo');
const { connect } = siloCluster();

const inputSchema = z.object({ tenantId: z.custom<TenantId>(isTenantId), changeId: z.string() });

/** Takes all replicas away from a suspended tenant's silo, or gives them back, and tells when that is done. */
async function scale({ tenantId, changeId }: z.infer<typeof inputSchema>) {
  const tenant = await loadTenant(control, tenantId);
  // A newer change scales it in its own way.
  if (!isSuspended(tenant) || tenant.suspension.changeId !== changeId) return { ready: true };
  const cluster = await connect();
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: siloNamespace(tenantId), name: siloName };
  await cluster.hold(deployment, tenant.suspension.wanted === 'suspended' ? { replicas: 0 } : {});
  const { done, failed, reason } = rolloutStatus(await cluster.get(deployment));
  if (failed) throw new Error(`The recommender does not start: ${reason}`);
  return { ready: done, reason };
}

export const handler = (event: unknown, context: { awsRequestId: string }): Promise<object> =>
  withLogContext({ requestId: context.awsRequestId }, async () => {
    const input = inputSchema.parse(event);
    logTenant(input.tenantId);
    try {
      const outcome = await scale(input);
      log.info('suspension step', { action: 'scale', ...outcome });
      return outcome;
    } catch (error) {
      log.error('suspension step failed', error, { action: 'scale' });
      throw isTransient(error) ? new RetryableError(reasonOf({ Cause: String(error) }), { cause: error }) : error;
    }
  });
