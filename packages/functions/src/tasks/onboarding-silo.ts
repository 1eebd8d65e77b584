import { randomBytes } from 'node:crypto';
import {
  CreatePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
  ResourceInUseException,
} from '@aws-sdk/client-eks';
import type { Table } from '@tenantry/core/control/table';
import { siloEventsTable } from '@tenantry/core/events/store';
import type { TenantId } from '@tenantry/core/ids/id';
import { saveSilo } from '@tenantry/core/provisioning/lifecycle';
import { ingressEndpoint } from '@tenantry/core/silo/endpoint';
import { selectorLabels } from '@tenantry/core/silo/labels';
import { siloManifests } from '@tenantry/core/silo/manifests/silo';
import { serviceAccountName, siloName, siloNamespace } from '@tenantry/core/silo/names';
import { podProblem } from '@tenantry/core/silo/pod-problem';
import { rolloutStatus } from '@tenantry/core/silo/rollout';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { siloTier } from '@tenantry/core/tier-change/migration';
import { z } from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { createScope } from '../scoped/scope.ts';
import { onboardingTask, type TaskOutcome } from './onboarding-task.ts';
import { siloCluster } from './silo-cluster.ts';

const environment = readEnvironment({
  STAGE: required,
  CLUSTER_NAME: z.string(),
  POD_ROLE_ARN: z.string(),
  SILO_IMAGE: z.string(),
  SILO_DOMAIN: z.string(),
  SILO_TABLE_PREFIX: required,
  RECOMMENDATIONS_TABLE: required,
  SHOPPERS_TABLE: required,
  MODELS_BUCKET: required,
  AWS_REGION: required,
});
const scopeOf = createScope('tasks/onboarding-silo');
const { eks, connect } = siloCluster();

/** Ties the silo's service account to the role of silo pods, once; the namespace tells the role whose data it may reach. */
async function associatePodIdentity(tenantId: TenantId): Promise<void> {
  const association = {
    clusterName: environment.CLUSTER_NAME,
    namespace: siloNamespace(tenantId),
    serviceAccount: serviceAccountName,
  };
  const { associations = [] } = await eks.send(new ListPodIdentityAssociationsCommand(association));
  if (associations.length > 0) return;
  try {
    await eks.send(
      new CreatePodIdentityAssociationCommand({
        ...association,
        roleArn: environment.POD_ROLE_ARN,
        clientRequestToken: tenantId,
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

async function apply(control: Table, tenantId: TenantId): Promise<TaskOutcome> {
  const tenant = await loadTenant(control, tenantId);
  const { name, silo } = tierCatalogue[siloTier(tenant)];
  if (!silo) throw new Error(`The tier ${name} has no silo.`);
  const cluster = await connect();
  const accessToken = await withAccessToken(control, tenant);
  await associatePodIdentity(tenantId);
  const manifests = siloManifests({
    tenantId,
    slug: tenant.slug,
    tier: { name, silo },
    image: environment.SILO_IMAGE,
    environment: {
      TENANT_ID: tenantId,
      EVENTS_TABLE: siloEventsTable(environment.SILO_TABLE_PREFIX, tenantId),
      RECOMMENDATIONS_TABLE: environment.RECOMMENDATIONS_TABLE,
      SHOPPERS_TABLE: environment.SHOPPERS_TABLE,
      MODELS_BUCKET: environment.MODELS_BUCKET,
      AWS_REGION: environment.AWS_REGION,
    },
    host: `${tenant.slug}.${environment.SILO_DOMAIN}`,
    stage: environment.STAGE,
    accessToken,
  });
  for (const manifest of manifests) await cluster.apply(manifest);
  // The step goes on with `status`.
  return { ready: false, reason: 'The cluster starts the recommender' };
}

/** Selects the recommender's pods, of which the namespace has no others. */
const labelSelector = Object.entries(selectorLabels)
  .map((label) => label.join('='))
  .join(',');

async function status(control: Table, tenantId: TenantId): Promise<TaskOutcome> {
  const cluster = await connect();
  const named = { namespace: siloNamespace(tenantId), name: siloName };
  const [deployment, ingress] = await Promise.all([
    cluster.get({ apiVersion: 'apps/v1', kind: 'Deployment', ...named }),
    cluster.get({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', ...named }),
  ]);
  const rollout = rolloutStatus(deployment);
  if (!rollout.done) {
    const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace: named.namespace }, { labelSelector });
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
