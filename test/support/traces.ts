import { DynamoDBClient, ListTablesCommand, paginateScan, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { EKSClient, ListPodIdentityAssociationsCommand } from '@aws-sdk/client-eks';
import { LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { resourcesOfType } from '@tenantry/local/program/graph';
import { administrator } from './administrator.ts';

/**
 * Every place in the whole cloud where a tenant's id occurs, found with the account's own credentials and without knowing how the system
 * lays out its data: rows, objects, tables, mappings, associations, pods, and what the cluster has under its name.
 */
export async function tracesOf(cloud: LocalCloud, tenantId: string): Promise<readonly string[]> {
  const options = { endpoint: cloud.urls.aws, region: 'us-east-1', credentials: cloud.rootCredentials };
  const traces: string[] = [];

  const dynamo = new DynamoDBClient(options);
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand({}));
  for (const TableName of TableNames) {
    const found = TableName.includes(tenantId) ? [`table ${TableName}`] : [];
    try {
      for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName })) {
        for (const item of Items) {
          if (JSON.stringify(item).includes(tenantId)) found.push(`row ${TableName} ${item.pk?.S} ${item.sk?.S}`);
        }
      }
      traces.push(...found);
    } catch (error) {
      // It was deleted since it was listed, and its rows with it.
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
  }
  dynamo.destroy();

  const s3 = new S3Client({ ...options, forcePathStyle: true });
  for (const { id: Bucket } of resourcesOfType(cloud.graph, 'aws:s3/bucket:Bucket')) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    for (const { Key = '' } of Contents) if (Key.includes(tenantId)) traces.push(`object ${Bucket} ${Key}`);
  }
  s3.destroy();

  const lambda = new LambdaClient(options);
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
  for (const { EventSourceArn = '' } of EventSourceMappings) {
    if (EventSourceArn.includes(tenantId)) traces.push(`mapping ${EventSourceArn}`);
  }
  lambda.destroy();

  const namespace = tenantId.slice('ten_'.length);
  const eks = new EKSClient(options);
  for (const { id: clusterName } of resourcesOfType(cloud.graph, 'aws:eks/cluster:Cluster')) {
    const { associations = [] } = await eks.send(new ListPodIdentityAssociationsCommand({ clusterName, namespace }));
    for (const { associationId } of associations) traces.push(`association ${associationId}`);
  }
  eks.destroy();
  if (cloud.kubernetes) {
    const cluster = administrator(cloud).clusterAs('jobs/reconcile');
    for (const kind of ['v1/Namespace', 'karpenter.sh/v1/NodePool']) {
      const at = kind.lastIndexOf('/');
      const objects = await cluster.list({ apiVersion: kind.slice(0, at), kind: kind.slice(at + 1) });
      for (const { metadata } of objects) {
        if (JSON.stringify(metadata).includes(namespace)) traces.push(`${kind.slice(at + 1)} ${metadata.name}`);
      }
    }
  }
  for (const pod of cloud.kubernetes?.pods() ?? []) if (pod.namespace === namespace) traces.push(`pod ${pod.name}`);
  return traces;
}
