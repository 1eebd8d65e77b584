import { type ClusterClient, clusterClient } from '@tenantry/core/silo/cluster/client';
import { eksToken } from '@tenantry/core/silo/token';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { clusterSpecs } from '@tenantry/local/cloud/specs';

/** The account's root as the cluster's administrator: for looking at what the system under test did. */
export function administer({ urls, graph, eks, kubernetes, rootCredentials }: LocalCloud): ClusterClient {
  if (!kubernetes) throw new Error('The stage has no cluster.');
  const principalArn = 'arn:aws:iam::000000000000:root';
  const specs = clusterSpecs(graph).map((spec) => ({
    ...spec,
    accessEntries: [...spec.accessEntries, { principalArn, kubernetesGroups: ['system:masters'] }],
  }));
  eks.setClusters(specs);
  const [{ name: clusterName } = { name: '' }] = specs;
  return clusterClient({
    endpoint: kubernetes.url,
    certificateAuthority: kubernetes.caData,
    token: () =>
      eksToken({ clusterName, region: 'us-east-1', credentials: async () => rootCredentials, endpoint: urls.aws }),
  });
}
