import { DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { type ClusterClient, clusterClient } from '@tenantry/core/silo/cluster/client';
import { eksToken } from '@tenantry/core/silo/token';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { clusterSpecs } from '@tenantry/local/cloud/specs';

/** The account's root as the cluster's administrator: for looking at what the system under test did. */
export async function administer({ urls, graph, eks, rootCredentials }: LocalCloud): Promise<ClusterClient> {
  const principalArn = 'arn:aws:iam::000000000000:root';
  const specs = clusterSpecs(graph).map((spec) => ({
    ...spec,
    accessEntries: [...spec.accessEntries, { principalArn, kubernetesGroups: ['system:masters'] }],
  }));
  eks.setClusters(specs);
  const [{ name: clusterName } = { name: '' }] = specs;
  const client = new EKSClient({ endpoint: urls.aws, region: 'us-east-1', credentials: rootCredentials });
  const { cluster } = await client.send(new DescribeClusterCommand({ name: clusterName }));
  client.destroy();
  return clusterClient({
    endpoint: cluster?.endpoint ?? '',
    certificateAuthority: cluster?.certificateAuthority?.data ?? '',
    token: () =>
      eksToken({ clusterName, region: 'us-east-1', credentials: async () => rootCredentials, endpoint: urls.aws }),
  });
}
