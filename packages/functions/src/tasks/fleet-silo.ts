import { DomainError } from '@tenantry/core/errors/domain-error';
import { fleetActor } from '@tenantry/core/fleet/rollback';
import { loadRollout } from '@tenantry/core/fleet/rollout';
import { findRolloutTenant, noteOutcome, noteTenant } from '@tenantry/core/fleet/rollout-tenants';
import { fleetActions } from '@tenantry/core/fleet/state-machine';
import { imageOf } from '@tenantry/core/fleet/version';
import { reasonToSkip } from '@tenantry/core/fleet/waves';
import type { Id, TenantId } from '@tenantry/core/ids/id';
import type { ClusterClient } from '@tenantry/core/silo/cluster/client';
import { labelSelector, selectorLabels } from '@tenantry/core/silo/labels';
import { siloName, siloNamespace } from '@tenantry/core/silo/names';
import { podFailure } from '@tenantry/core/silo/pod-failure';
import { podProblem } from '@tenantry/core/silo/pod-problem';
import { rolloutStatus } from '@tenantry/core/silo/rollout';
import { changeTenant, type TenantTables } from '@tenantry/core/tenant/change';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import * as z from 'zod';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { rolloutTenantInput, WAY_BACK } from './fleet-task.ts';
import { RetryableError } from './retryable.ts';
import { siloCluster } from './silo-cluster.ts';
import { siloManifestsFor } from './silo-manifests.ts';
import { tenantTask } from './tenant-task.ts';

const scopeOf = createScope('tasks/fleet-silo');
const { Control: fleet } = ownTables('tasks/fleet-silo');
const { connect } = siloCluster();
const manifests = siloManifestsFor();

interface Named {
  readonly rolloutId: Id<'rollout'>;
  readonly tenantId: TenantId;
}

/** What a silo is to run as the rollout stands now; undefined when it is to stay as it is. */
async function wanted({ rolloutId, tenantId }: Named): Promise<{ forward: boolean; version: string } | undefined> {
  const [rollout, row] = await Promise.all([
    loadRollout(fleet, rolloutId),
    findRolloutTenant(fleet, { rolloutId, tenantId }),
  ]);
  if (!row || row.outcome === 'skipped') return undefined;
  return rollout.status === 'running'
    ? { forward: true, version: rollout.version }
    : { forward: false, version: row.from };
}

/** Whether there is nothing left to change: its namespace goes, or is gone. */
const isGone = ({ isolation, status, deactivation }: Tenant): boolean =>
  isolation !== 'silo' || status === 'deleted' || (status === 'deactivating' && deactivation?.final === true);

const deploymentOf = (tenantId: TenantId) =>
  ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: siloNamespace(tenantId), name: siloName }) as const;

/** Lets a silo run a version: in the registry with its audit entry, then in the cluster. */
async function bring(
  tables: TenantTables,
  cluster: ClusterClient,
  { rolloutId, tenantId }: Named,
  version: string,
): Promise<void> {
  const tenant = await loadTenant(tables.control, tenantId);
  const { siloAccessToken: accessToken, siloVersion } = tenant;
  if (!accessToken) throw new Error('The silo has no access token.');
  if (siloVersion !== version) {
    await changeTenant(tables, tenant, {
      set: { siloVersion: version },
      actor: fleetActor,
      at: new Date(),
      audit: { action: 'silo.version', details: { from: siloVersion ?? 'unknown', to: version, rolloutId } },
    }).catch((error: unknown) => {
      // Somebody changed the tenant at the same time: the whole is looked at again.
      throw error instanceof DomainError ? new RetryableError(error.message, { cause: error }) : error;
    });
  }
  const deployment = manifests.of(tenant, { version, accessToken }).find(({ kind }) => kind === 'Deployment');
  if (!deployment) throw new Error('The silo has no Deployment.');
  await cluster.apply(deployment);
}

async function apply(tables: TenantTables, named: Named, wave: number): Promise<object> {
  const { rolloutId, tenantId } = named;
  const [rollout, tenant] = await Promise.all([loadRollout(fleet, rolloutId), loadTenant(tables.control, tenantId)]);
  if (rollout.status === 'running') {
    const reason = reasonToSkip(tenant, rollout.version);
    const outcome = reason ? 'skipped' : 'updating';
    const from = tenant.siloVersion ?? rollout.from;
    await noteTenant(fleet, rolloutId, { tenantId, wave, from, outcome, ...(reason ? { reason } : {}) }, new Date());
  }
  let next = await wanted(named);
  if (!next || isGone(tenant)) return { version: 'as it is' };
  const cluster = await connect();
  for (;;) {
    const { version } = next;
    await bring(tables, cluster, named, version);
    // A rollback may have begun in between and changed the silo before this did. Whoever comes last must leave it as the rollout stands.
    next = await wanted(named);
    if (!next || next.version === version) return { version };
  }
}

async function status(tables: TenantTables, named: Named, wave: number): Promise<{ ready: boolean; reason?: string }> {
  const { tenantId } = named;
  const next = await wanted(named);
  // Once a rollback has begun, the execution that goes back sees to it.
  if (!next || (!next.forward && wave !== WAY_BACK)) return { ready: true };
  const tenant = await loadTenant(tables.control, tenantId);
  const done = async (): Promise<{ ready: true }> => {
    await noteOutcome(fleet, named, { outcome: next.forward ? 'updated' : 'restored', at: new Date() });
    return { ready: true };
  };
  if (isGone(tenant)) return done();
  const cluster = await connect();
  const image = imageOf(manifests.image, next.version);
  const deployment = await cluster.get(deploymentOf(tenantId));
  if (imageIn(deployment) !== image) {
    await bring(tables, cluster, named, next.version);
    return { ready: false, reason: 'It was given another version in between.' };
  }
  const rollout = rolloutStatus(deployment);
  if (rollout.done) return done();
  if (rollout.failed) throw new Error(`The recommender does not start: ${rollout.reason}`);
  // Not those that train: they have an image of their own time.
  const pods = await cluster.list(
    { apiVersion: 'v1', kind: 'Pod', namespace: siloNamespace(tenantId) },
    { labelSelector: labelSelector(selectorLabels) },
  );
  const failure = podFailure(pods, image);
  if (failure) throw new Error(`The recommender does not start: ${podProblem(pods) ?? failure}`);
  return { ready: false, reason: rollout.reason };
}

const deploymentSchema = z.object({
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })).min(1) }) }),
  }),
});
const imageIn = (deployment: unknown): string | undefined =>
  deploymentSchema.parse(deployment).spec.template.spec.containers[0]?.image;

const schema = z.object({ ...rolloutTenantInput, action: z.enum(fleetActions['fleet-silo']) });

/** Gives one silo the version that the rollout wants for it, forward or back, and tells when it runs. */
export const handler = tenantTask('silo version', schema, async ({ rolloutId, tenantId, wave, action }, requestId) => {
  const { Control, Audit } = scopeOf({ tenantId, requestId })['tenant-lifecycle'];
  const tables = { control: Control, auditTable: Audit.name };
  const named = { rolloutId, tenantId };
  return action === 'apply' ? apply(tables, named, wave) : status(tables, named, wave);
});
