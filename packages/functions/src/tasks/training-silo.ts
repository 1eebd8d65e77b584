import { imageOf, versionOf } from '@tenantry/core/fleet/version';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import type { ClusterClient, LiveObject } from '@tenantry/core/silo/cluster/client';
import { ClusterError } from '@tenantry/core/silo/cluster/error';
import { trainingJobManifest } from '@tenantry/core/silo/manifests/training-job';
import { siloNamespace } from '@tenantry/core/silo/names';
import { jobOutcome, trainingJobName } from '@tenantry/core/silo/training-job';
import { servedStatuses } from '@tenantry/core/tenant/status';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { siloTier } from '@tenantry/core/tier-change/migration';
import { findModel, registerModel } from '@tenantry/core/training/model-registry';
import { findOpponent } from '@tenantry/core/training/opponent';
import { forgetReport, readReport } from '@tenantry/core/training/report';
import { trainingActions } from '@tenantry/core/training/state-machine';
import { findTraining, notePhases } from '@tenantry/core/training/training';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { scopedS3 } from '../scoped/s3.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';
import { siloCluster } from './silo-cluster.ts';
import { tenantTask } from './tenant-task.ts';

const environment = readEnvironment({
  STAGE: required,
  SILO_IMAGE: z.string(),
  ARCHIVE_BUCKET: required,
  MODELS_BUCKET: required,
  AWS_REGION: required,
});
const scopeOf = createScope('tasks/training-silo', { s3: scopedS3 });
const { connect } = siloCluster();

interface Training {
  readonly tenantId: TenantId;
  readonly trainingId: string;
  readonly stores: Scoped<'tasks/training-silo'>;
}

/** A training may outlive the reason for it: a tenant that is not served, or not by a silo, gets no model from one. */
async function siloTenant({ tenantId, stores }: Training): Promise<Tenant> {
  const tenant = await loadTenant(stores['tenant-registry'].Control, tenantId);
  if (!(servedStatuses as readonly string[]).includes(tenant.status))
    throw new Error(`The company is ${tenant.status}.`);
  if (tenant.isolation !== 'silo') throw new Error('The company has left its silo.');
  return tenant;
}

const jobOf = ({ tenantId, trainingId }: Training) =>
  ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    namespace: siloNamespace(tenantId),
    name: trainingJobName(trainingId),
  }) as const;

const find = (cluster: ClusterClient, training: Training): Promise<LiveObject | undefined> =>
  cluster.get(jobOf(training)).catch((error: unknown) => {
    if (error instanceof ClusterError && error.code === 'notFound') return undefined;
    throw error;
  });

/** Makes the Job, once: what it was made with stays, though a rollout may have come in between. */
async function start(training: Training): Promise<object> {
  const tenant = await siloTenant(training);
  const cluster = await connect();
  if (await find(cluster, training)) return {};
  const { tenantId, trainingId, stores } = training;
  const { name, silo } = tierCatalogue[siloTier(tenant)];
  if (!silo) throw new Error(`The tier ${name} has no silo.`);
  const opponent = await findOpponent(stores['tenant-models'].Control, tenantId, trainingId);
  await cluster.apply(
    trainingJobManifest({
      tenantId,
      tier: { name, silo },
      stage: environment.STAGE,
      image: imageOf(environment.SILO_IMAGE, tenant.siloVersion ?? versionOf(environment.SILO_IMAGE)),
      name: trainingJobName(trainingId),
      environment: {
        TENANT_ID: tenantId,
        TRAINING_ID: trainingId,
        ARCHIVE_BUCKET: environment.ARCHIVE_BUCKET,
        MODELS_BUCKET: environment.MODELS_BUCKET,
        AWS_REGION: environment.AWS_REGION,
        ...(opponent ? { SERVING_VERSION: opponent.version } : {}),
        ...(opponent?.base ? { BASE_VERSION: opponent.base.version, BASE_SHA256: opponent.base.sha256 } : {}),
      },
    }),
  );
  // Whoever suspends the company takes its Jobs away after the status has changed, so that of the two one sees the other.
  await siloTenant(training);
  return {};
}

/** Tells how far the Job is, and registers what it made. */
async function status(training: Training): Promise<object> {
  const { tenantId, trainingId, stores } = training;
  const { Control: control } = stores['tenant-models'];
  // The answer of an earlier look was lost.
  if (await findModel(control, tenantId, trainingId)) return stop(training).then(() => ({ ready: true }));
  await siloTenant(training);
  const cluster = await connect();
  const job = await find(cluster, training);
  if (!job) throw new Error('The training was stopped.');
  const pods = await cluster.list(
    { apiVersion: 'v1', kind: 'Pod', namespace: siloNamespace(tenantId) },
    { labelSelector: `batch.kubernetes.io/job-name=${trainingJobName(trainingId)}` },
  );
  const outcome = jobOutcome(job, pods);
  // Read after the Job was: what has ended has said all.
  const report = await readReport(stores['tenant-training-report'].Models, tenantId, trainingId);
  if (report) await showPhases(training, report.phases);
  if (outcome.kind === 'waiting') return { ready: false, reason: outcome.reason };
  if (outcome.kind === 'failed') throw new Error(report?.problem ?? outcome.reason);
  if (report?.model?.version !== trainingId) throw new Error('The training ended without a model.');
  await registerModel(control, tenantId, report.model);
  await stop(training);
  return { ready: true };
}

type Phases = Parameters<typeof notePhases>[3];

async function showPhases({ tenantId, trainingId, stores }: Training, phases: Phases): Promise<void> {
  const { Control: control } = stores['tenant-models'];
  const shown = (await findTraining(control, tenantId))?.phases;
  if (JSON.stringify(shown) !== JSON.stringify(phases)) await notePhases(control, tenantId, trainingId, phases);
}

/** Takes the Job away, with its pod, and what it told. */
async function stop(training: Training): Promise<object> {
  const { tenantId, trainingId, stores } = training;
  await (await connect()).delete(jobOf(training));
  await forgetReport(stores['tenant-training-report'].Models, tenantId, trainingId);
  return {};
}

const actions = { start, status, stop } as const;

const schema = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  trainingId: z.string(),
  action: z.enum(trainingActions['training-silo']),
});

/** Trains the model of a tenant in its silo: starts the Job, tells how it stands, and takes it away. */
export const handler = tenantTask('training in the silo', schema, ({ tenantId, trainingId, action }, requestId) =>
  actions[action]({ tenantId, trainingId, stores: scopeOf({ tenantId, requestId }) }),
);
