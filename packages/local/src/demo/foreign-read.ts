import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { TenantId } from '@tenantry/core/ids/id';
import { siloNamespace } from '@tenantry/core/silo/names';
import type { LocalCloud } from '../cloud/local-cloud.ts';
import { resourcesOfType } from '../program/graph.ts';

/** What became of an attempt to read one tenant's rows with another tenant's credentials. */
export interface ForeignRead {
  readonly attempt: string;
  readonly denied: boolean;
  readonly message: string;
}

/**
 * Takes the very credentials that a silo's pod gets, by its service account and role, and tries to read a row of the pool that is
 * another tenant's.
 */
export async function tryForeignRead(
  cloud: LocalCloud,
  siloTenant: TenantId,
  poolTenant: TenantId,
): Promise<ForeignRead> {
  const namespace = siloNamespace(siloTenant);
  const cluster = resourcesOfType(cloud.graph, 'aws:eks/cluster:Cluster')[0]?.id ?? '';
  const association = cloud.eks.associationFor(cluster, namespace, 'recommender');
  if (!association) throw new Error('The silo has no Pod Identity association.');
  const credentials = await cloud.assumeRoleForService({
    roleArn: association.roleArn,
    servicePrincipal: 'pods.eks.amazonaws.com',
    sessionName: 'foreign-read-attempt',
    tags: {
      'eks-cluster-arn': `arn:aws:eks:us-east-1:000000000000:cluster/${cluster}`,
      'eks-cluster-name': cluster,
      'kubernetes-namespace': namespace,
      'kubernetes-service-account': 'recommender',
      'kubernetes-pod-name': 'attempt',
      'kubernetes-pod-uid': 'attempt',
    },
  });
  const events = resourcesOfType(cloud.graph, 'aws:dynamodb/table:Table').find(({ name }) => name === 'EventsTable');
  const client = new DynamoDBClient({ endpoint: cloud.urls.aws, region: 'us-east-1', credentials });
  const attempt = `Query of ${poolTenant}'s events with the credentials of the silo of ${siloTenant}`;
  try {
    await client.send(
      new QueryCommand({
        TableName: events?.id,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: `${poolTenant}#shopper-1` } },
      }),
    );
    return { attempt, denied: false, message: 'allowed' };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'unknown', message: String(error) };
    return { attempt, denied: name === 'AccessDeniedException', message };
  } finally {
    client.destroy();
  }
}
