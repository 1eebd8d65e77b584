import {
  DeletePodIdentityAssociationCommand,
  type EKSClient,
  paginateListPodIdentityAssociations,
  ResourceNotFoundException,
} from '@aws-sdk/client-eks';
import { isTenantId, type TenantId } from '@tenantry/core/ids/id';
import type { DeploymentPart, Part } from '@tenantry/core/reconciliation/ports';
import type { ClusterClient, LiveObject } from '@tenantry/core/silo/cluster/client';
import { ClusterError } from '@tenantry/core/silo/cluster/error';
import { everyNamespace } from '@tenantry/core/silo/cluster/resources';
import { fieldManager, siloName, tenantLabel } from '@tenantry/core/silo/names';
import * as z from 'zod';
import { unlessGone } from './gone.ts';

const managed = { labelSelector: `app.kubernetes.io/managed-by=${fieldManager}` } as const;

/** The tenant of a silo's namespace; undefined for a namespace of another name. */
function tenantOf(namespace: string | undefined): TenantId | undefined {
  const tenantId = `ten_${namespace}`;
  return isTenantId(tenantId) ? tenantId : undefined;
}

/** What ties the pods of silos to their roles, of those service accounts that are wanted. */
export async function* podIdentityAssociations(
  client: EKSClient,
  clusterName: string,
  wanted: (serviceAccount: string | undefined) => boolean,
): AsyncGenerator<Part> {
  for await (const { associations = [] } of paginateListPodIdentityAssociations({ client }, { clusterName })) {
    for (const { associationId, namespace, serviceAccount } of associations) {
      if (!wanted(serviceAccount)) continue;
      const tenantId = tenantOf(namespace);
      // The cluster's own controllers may have some too.
      if (!associationId || !tenantId) continue;
      yield {
        resource: associationId,
        tenantId,
        removal: {
          command: `aws eks delete-pod-identity-association --cluster-name ${clusterName} --association-id ${associationId}`,
          run: () =>
            unlessGone([ResourceNotFoundException], () =>
              client.send(new DeletePodIdentityAssociationCommand({ clusterName, associationId })),
            ),
        },
      };
    }
  }
}

/** Deletes an object of the cluster; one that is going already is left to go. */
async function remove(cluster: ClusterClient, apiVersion: string, kind: string, name: string): Promise<void> {
  try {
    await cluster.delete({ apiVersion, kind, name });
  } catch (error) {
    if (!(error instanceof ClusterError && error.code === 'conflict')) throw error;
  }
}

export async function* namespaces(connect: () => Promise<ClusterClient>): AsyncGenerator<Part> {
  const cluster = await connect();
  for (const { metadata } of await cluster.list({ apiVersion: 'v1', kind: 'Namespace' }, managed)) {
    const { name, deletionTimestamp } = metadata;
    if (deletionTimestamp) continue;
    yield {
      resource: name,
      tenantId: tenantOf(name),
      removal: {
        command: `kubectl delete namespace ${name}`,
        run: () => remove(cluster, 'v1', 'Namespace', name),
      },
    };
  }
}

/** Nodes of single tenants. A cluster whose nodes are not Karpenter's has none. */
export async function* nodePools(connect: () => Promise<ClusterClient>): AsyncGenerator<Part> {
  const cluster = await connect();
  const kind = { apiVersion: 'karpenter.sh/v1', kind: 'NodePool' } as const;
  const found = await cluster.list(kind, managed).catch((error: unknown): readonly LiveObject[] => {
    if (error instanceof ClusterError && error.code === 'notFound') return [];
    throw error;
  });
  for (const { metadata } of found) {
    const { name, labels, deletionTimestamp } = metadata;
    const tenant = labels?.[tenantLabel];
    // Others are for whole tiers.
    if (deletionTimestamp || tenant === undefined) continue;
    yield {
      resource: name,
      tenantId: tenantOf(tenant),
      removal: {
        command: `kubectl delete nodepool ${name}`,
        run: () => remove(cluster, kind.apiVersion, kind.kind, name),
      },
    };
  }
}

const deploymentSchema = z.object({
  spec: z.object({ replicas: z.int().optional() }),
  status: z.object({ availableReplicas: z.int().optional() }).optional(),
});

export async function* deployments(connect: () => Promise<ClusterClient>): AsyncGenerator<DeploymentPart> {
  const cluster = await connect();
  const kind = { apiVersion: 'apps/v1', kind: 'Deployment' } as const;
  for (const object of await cluster.list({ ...kind, namespace: everyNamespace }, managed)) {
    const { name, namespace = '', deletionTimestamp } = object.metadata;
    if (deletionTimestamp || name !== siloName) continue;
    const { spec, status } = deploymentSchema.parse(object);
    const inNamespace = `--namespace ${namespace}`;
    yield {
      resource: `${namespace}/${name}`,
      tenantId: tenantOf(namespace),
      // It goes with its namespace.
      removal: { command: `kubectl delete deployment ${inNamespace} ${name}` },
      replicas: spec.replicas ?? 1,
      available: status?.availableReplicas ?? 0,
      scale: (stopped) => ({
        command: `kubectl scale deployment ${inNamespace} ${name} --replicas ${stopped ? 0 : 1}`,
        async run() {
          await cluster.hold({ ...kind, namespace, name }, stopped ? { replicas: 0 } : undefined);
        },
      }),
    };
  }
}
