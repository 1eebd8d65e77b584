import { randomBytes } from 'node:crypto';
import {
  CreatePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
  ResourceInUseException,
} from '@aws-sdk/client-eks';
import type { Table } from '@tenantry/core/control/table';
import { readFleet } from '@tenantry/core/fleet/current';
import { versionFor, versionOf } from '@tenantry/core/fleet/version';
import type { TenantId } from '@tenantry/core/ids/id';
import { saveSilo } from '@tenantry/core/provisioning/lifecycle';
import type { ClusterClient, LiveObject } from '@tenantry/core/silo/cluster/client';
import { ClusterError } from '@tenantry/core/silo/cluster/error';
import { ingressEndpoint } from '@tenantry/core/silo/endpoint';
import { labelSelector, selectorLabels } from '@tenantry/core/silo/labels';
import { serviceAccountName, siloName, siloNamespace, trainerName } from '@tenantry/core/silo/names';
import { podProblem } from '@tenantry/core/silo/pod-problem';
import { rolloutStatus } from '@tenantry/core/silo/rollout';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';

import * as z from 'zod';
import { readEnvironment } from '../environment.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';
import { onboardingTask, type TaskOutcome } from './onboarding-task.ts';
import { siloCluster } from './silo-cluster.ts';
import { siloManifestsFor } from './silo-manifests.ts';

const environment = readEnvironment({
  CLUSTER_NAME: z.string(),
  POD_ROLE_ARN: z.string(),
  TRAINER_ROLE_ARN: z.string(),
});
const scopeOf = createScope('tasks/onboarding-silo');
const { Control: fleet } = ownTables('tasks/onboarding-silo');
const { eks, connect } = siloCluster();
const manifests = siloManifestsFor();

/** The identities in a silo, each with the role that its pods take. */
const roles = { [serviceAccountName]: environment.POD_ROLE_ARN, [trainerName]: environment.TRAINER_ROLE_ARN };

/** Ties a service account of the silo to its role, once; the namespace tells the role whose data it may reach. */
async function associatePodIdentity(tenantId: TenantId, serviceAccount: string, roleArn: string): Promise<void> {
  const association = { clusterName: environment.CLUSTER_NAME, namespace: siloNamespace(tenantId), serviceAccount };
  const { associations = [] } = await eks.send(new ListPodIdentityAssociationsCommand(association));
  if (associations.length > 0) return;
  try {
    await eks.send(
      new CreatePodIdentityAssociationCommand({
        ...association,
        roleArn,
        clientRequestToken: `${tenantId}-${serviceAccount}`,
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

/** The secret is chosen once and kept, so that a repeated step applies the same objects. */
async function withAccessToken(control: Table, tenant: Tenant): Promise<string> {
  if (tenant.siloAccessToken) return tenant.siloAccessToken;
  await saveSilo(control, tenant.tenantId, { accessToken: randomBytes(32).toString('base64url') });
  const { siloAccessToken } = await loadTenant(control, tenant.tenantId);
  if (!siloAccessToken) throw new Error("The silo's access token could not be saved.");
  return siloAccessToken;
}

/** What the cluster holds; undefined for what is not there. */
const find = (
  cluster: ClusterClient,
  reference: Parameters<ClusterClient['get']>[0],
): Promise<LiveObject | undefined> =>
  cluster.get(reference).catch((error: unknown) => {
    if (error instanceof ClusterError && error.code === 'notFound') return undefined;
    throw error;
  });

/** Whether the namespace of an attempt that was taken back is still going: the cluster takes nothing into it until it is gone. */
async function isGoing(cluster: ClusterClient, tenantId: TenantId): Promise<boolean> {
  const namespace = await find(cluster, { apiVersion: 'v1', kind: 'Namespace', name: siloNamespace(tenantId) });
  return namespace?.metadata.deletionTimestamp !== undefined;
}
const stillGoing: TaskOutcome = { ready: false, reason: 'What an earlier attempt had made is still going' };

async function apply(control: Table, tenantId: TenantId): Promise<TaskOutcome> {
  const tenant = await loadTenant(control, tenantId);
  const cluster = await connect();
  if (await isGoing(cluster, tenantId)) return stillGoing;
  const accessToken = await withAccessToken(control, tenant);
  const { version: current } = await readFleet(fleet, versionOf(manifests.image));
  const version = versionFor(tenant, current);
  await saveSilo(control, tenantId, { version });
  for (const [account, role] of Object.entries(roles)) await associatePodIdentity(tenantId, account, role);
  for (const manifest of manifests.of(tenant, { version, accessToken })) await cluster.apply(manifest);
  // The step goes on with `status`.
  return { ready: false, reason: 'The cluster starts the recommender' };
}

async function status(control: Table, tenantId: TenantId): Promise<TaskOutcome> {
  const cluster = await connect();
  if (await isGoing(cluster, tenantId)) return stillGoing;
  const named = { namespace: siloNamespace(tenantId), name: siloName };
  const [deployment, ingress] = await Promise.all([
    find(cluster, { apiVersion: 'apps/v1', kind: 'Deployment', ...named }),
    find(cluster, { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', ...named }),
  ]);
  // Nothing could be applied while the namespace was going.
  if (!deployment || !ingress) return apply(control, tenantId);
  const rollout = rolloutStatus(deployment);
  if (!rollout.done) {
    const pods = await cluster.list(
      { apiVersion: 'v1', kind: 'Pod', namespace: named.namespace },
      { labelSelector: labelSelector(selectorLabels) },
    );
    const problem = podProblem(pods);
    const reason = problem ? `${rollout.reason.replace(/\.$/, '')}: ${problem}` : rollout.reason;
    if (rollout.failed) throw new Error(`The recommender does not start: ${reason}`);
    return { ready: false, reason };
  }
  const endpoint = ingressEndpoint(ingress);
  if (!endpoint) return { ready: false, reason: 'The load balancer is being created' };
  await saveSilo(control, tenantId, { endpoint });
  return { ready: true };
}

const actions = { apply, status } as const;
const actionSchema = z.enum(Object.keys(actions) as [keyof typeof actions, ...(keyof typeof actions)[]]);

/** Applies the silo's objects to the cluster, and tells when the recommender runs and has an endpoint. */
export const handler = onboardingTask('silo', scopeOf, async ({ tenantId, action }, { control }) =>
  actions[actionSchema.parse(action)](control, tenantId),
);
