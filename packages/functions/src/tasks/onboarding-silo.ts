import { randomBytes } from 'node:crypto';
import {
  CreatePodIdentityAssociationCommand,
  DescribeClusterCommand,
  EKSClient,
  ListPodIdentityAssociationsCommand,
  ResourceInUseException,
} from '@aws-sdk/client-eks';
import { siloEventsTable } from '@tenantry/core/events/store';
import type { TenantId } from '@tenantry/core/ids/id';
import { saveSilo } from '@tenantry/core/provisioning/lifecycle';
import { type ClusterClient, clusterClient } from '@tenantry/core/silo/cluster/client';
import { ClusterError } from '@tenantry/core/silo/cluster/error';
import { ingressEndpoint } from '@tenantry/core/silo/endpoint';
import { siloManifests } from '@tenantry/core/silo/manifests/silo';
import { serviceAccountName, siloName, siloNamespace } from '@tenantry/core/silo/names';
import { rolloutStatus } from '@tenantry/core/silo/rollout';
import { eksToken } from '@tenantry/core/silo/token';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { z } from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { onboardingTables, onboardingTask, RetryableError, type TaskOutcome } from './onboarding-task.ts';

const environment = readEnvironment({
  STAGE: required,
  /** Empty on a stage that has no silos. */
  CLUSTER_NAME: z.string(),
  POD_ROLE_ARN: z.string(),
  SILO_IMAGE: z.string(),
  SILO_DOMAIN: z.string(),
  SILO_TABLE_PREFIX: required,
  RECOMMENDATIONS_TABLE: required,
  MODELS_BUCKET: required,
  AWS_REGION: required,
  /** Set where STS is not AWS's own. */
  AWS_ENDPOINT_URL: z.url().optional(),
});
const tables = onboardingTables();
const eks = new EKSClient({});
const TOKEN_KEPT_MS = 30_000;

/** The cluster, found once per environment; its token is renewed before the minute for which it counts is over. */
let connecting: Promise<ClusterClient> | undefined;
const connect = (): Promise<ClusterClient> => {
  connecting ??= openCluster().catch((error: unknown) => {
    connecting = undefined;
    throw error;
  });
  return connecting;
};

async function openCluster(): Promise<ClusterClient> {
  if (!environment.CLUSTER_NAME) throw new Error(`The stage ${environment.STAGE} has no cluster for silos.`);
  const { cluster } = await eks.send(new DescribeClusterCommand({ name: environment.CLUSTER_NAME }));
  const { endpoint, certificateAuthority } = cluster ?? {};
  if (!endpoint || !certificateAuthority?.data) throw new Error('The cluster for silos is not ready.');
  let token: { readonly value: Promise<string>; readonly until: number } | undefined;
  return clusterClient({
    endpoint,
    certificateAuthority: certificateAuthority.data,
    token: () => {
      if (!token || token.until < Date.now()) {
        const value = eksToken({
          clusterName: environment.CLUSTER_NAME,
          region: environment.AWS_REGION,
          credentials: eks.config.credentials,
          ...(environment.AWS_ENDPOINT_URL ? { endpoint: environment.AWS_ENDPOINT_URL } : {}),
        });
        token = { value, until: Date.now() + TOKEN_KEPT_MS };
      }
      return token.value;
    },
  });
}

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
async function withAccessToken(tenant: Tenant): Promise<string> {
  if (tenant.siloAccessToken) return tenant.siloAccessToken;
  await saveSilo(tables.control, tenant.tenantId, { accessToken: randomBytes(32).toString('base64url') });
  const { siloAccessToken } = await loadTenant(tables.control, tenant.tenantId);
  if (!siloAccessToken) throw new Error("The silo's access token could not be saved.");
  return siloAccessToken;
}

async function apply(tenantId: TenantId): Promise<TaskOutcome> {
  const tenant = await loadTenant(tables.control, tenantId);
  const { name, silo } = tierCatalogue[tenant.tier];
  if (!silo) throw new Error(`The tier ${name} has no silo.`);
  const cluster = await connect();
  const accessToken = await withAccessToken(tenant);
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

async function status(tenantId: TenantId): Promise<TaskOutcome> {
  const cluster = await connect();
  const named = { namespace: siloNamespace(tenantId), name: siloName };
  const [deployment, ingress] = await Promise.all([
    cluster.get({ apiVersion: 'apps/v1', kind: 'Deployment', ...named }),
    cluster.get({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', ...named }),
  ]);
  const rollout = rolloutStatus(deployment);
  if (rollout.failed) throw new Error(`The recommender does not start: ${rollout.reason}`);
  if (!rollout.done) return { ready: false, reason: rollout.reason };
  const endpoint = ingressEndpoint(ingress);
  if (!endpoint) return { ready: false, reason: 'The load balancer is being created' };
  await saveSilo(tables.control, tenantId, { endpoint });
  return { ready: true };
}

const actions = { apply, status } as const;
const actionSchema = z.enum(Object.keys(actions) as [keyof typeof actions, ...(keyof typeof actions)[]]);

/** Applies the silo's objects to the cluster, and tells when the recommender runs and has an endpoint. */
export const handler = onboardingTask('silo', tables, async ({ tenantId, action }) => {
  try {
    return await actions[actionSchema.parse(action)](tenantId);
  } catch (error) {
    throw error instanceof ClusterError && error.retryable
      ? new RetryableError('The cluster does not answer', { cause: error })
      : error;
  }
});
