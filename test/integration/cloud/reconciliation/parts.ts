import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import {
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
} from '@aws-sdk/client-eks';
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { TenantId } from '@tenantry/core/ids/id';
import { nodePoolManifest } from '@tenantry/core/silo/manifests/node-pool';
import { fieldManager, siloName, siloNamespace } from '@tenantry/core/silo/names';
import { siloInput } from '@tenantry/core/silo/testing/input';
import { until } from '@tenantry/local/demo/journey';
import type { Administrator } from '../../../support/administrator.ts';

/** Makes, and takes away, parts of silos by hand: each as a run that went wrong half-way might have left it. */
export function partsByHand(admin: Administrator) {
  const environment = admin.functionOf('tasks/onboarding-silo')?.environment ?? {};
  const { CLUSTER_NAME: clusterName = '', SILO_TABLE_PREFIX: prefix = '', POD_ROLE_ARN: roleArn = '' } = environment;
  const archive = admin.functionOf('consumers/event-archive')?.name ?? '';
  const bucketOf = (name: string) => admin.functionOf('jobs/reconcile')?.environment[name] ?? '';

  async function describe(TableName: string): Promise<TableDescription | undefined> {
    const { Table } = await admin.dynamo.send(new DescribeTableCommand({ TableName }));
    return Table?.TableStatus === 'ACTIVE' ? Table : undefined;
  }
  const tableOf = (tenantId: TenantId) => `${prefix}${tenantId}-events`;

  return {
    tableOf,
    async makeTable(TableName: string): Promise<string> {
      const key = (name: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName: name, KeyType });
      await admin.dynamo.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
          AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
          StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
        }),
      );
      const { LatestStreamArn = '' } = await until('the table', () => describe(TableName));
      return LatestStreamArn;
    },
    async makeMapping(EventSourceArn: string): Promise<string> {
      const { UUID = '' } = await admin.lambda.send(
        new CreateEventSourceMappingCommand({ EventSourceArn, FunctionName: archive, StartingPosition: 'LATEST' }),
      );
      return UUID;
    },
    async makeAssociation(tenantId: TenantId): Promise<string> {
      const { association } = await admin.eks.send(
        new CreatePodIdentityAssociationCommand({
          clusterName,
          namespace: siloNamespace(tenantId),
          serviceAccount: siloName,
          roleArn,
        }),
      );
      return association?.associationId ?? '';
    },
    async makeNamespace(tenantId: TenantId): Promise<string> {
      const name = siloNamespace(tenantId);
      const labels = { 'app.kubernetes.io/managed-by': fieldManager };
      const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
      await admin.clusterAs('tasks/onboarding-silo').apply(manifest);
      return name;
    },
    async makeNodePool(tenantId: TenantId): Promise<string> {
      const manifest = nodePoolManifest({ ...siloInput(), tenantId });
      await admin.clusterAs('tasks/onboarding-silo').apply(manifest);
      return manifest.metadata.name;
    },
    async makeObject(bucketVariable: string, folder: string): Promise<string> {
      const Bucket = bucketOf(bucketVariable);
      await admin.s3.send(new PutObjectCommand({ Bucket, Key: `${folder}a/b`, Body: 'x' }));
      return `${Bucket}/${folder}`;
    },

    async takeTable(tenantId: TenantId): Promise<void> {
      await admin.dynamo.send(new DeleteTableCommand({ TableName: tableOf(tenantId) }));
    },
    async takeNamedTable(TableName: string): Promise<void> {
      await admin.dynamo.send(new DeleteTableCommand({ TableName }));
    },
    async takeMapping(tenantId: TenantId): Promise<void> {
      const { EventSourceMappings = [] } = await admin.lambda.send(new ListEventSourceMappingsCommand({}));
      for (const { UUID, EventSourceArn } of EventSourceMappings) {
        if (EventSourceArn?.includes(tenantId)) await admin.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
      }
    },
    /** @param of a service account; all of the silo's unless given */
    async takeAssociation(tenantId: TenantId, of?: string): Promise<void> {
      const found = await admin.eks.send(
        new ListPodIdentityAssociationsCommand({ clusterName, namespace: siloNamespace(tenantId) }),
      );
      for (const { associationId, serviceAccount } of found.associations ?? []) {
        if (of !== undefined && serviceAccount !== of) continue;
        await admin.eks.send(new DeletePodIdentityAssociationCommand({ clusterName, associationId }));
      }
    },
    async takeNodePool(tenantId: TenantId): Promise<void> {
      const pool = { apiVersion: 'karpenter.sh/v1', kind: 'NodePool', name: siloNamespace(tenantId) };
      await admin.clusterAs('tasks/deletion-silo').delete(pool);
    },
    async takeNamespace(tenantId: TenantId): Promise<void> {
      const cluster = admin.clusterAs('tasks/deletion-silo');
      const namespace = { apiVersion: 'v1', kind: 'Namespace', name: siloNamespace(tenantId) };
      // It is there until all that was in it has gone; a second request for what is going is a conflict.
      const gone = () =>
        cluster
          .delete(namespace)
          .then((there) => !there)
          .catch(() => false);
      await until('the namespace to go', async () => ((await gone()) ? true : undefined));
    },
    /** Takes the replicas of a silo away, or gives them back. */
    async scale(tenantId: TenantId, stopped: boolean): Promise<void> {
      const deployment = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        namespace: siloNamespace(tenantId),
        name: siloName,
      };
      await admin.clusterAs('tasks/suspension-silo').hold(deployment, stopped ? { replicas: 0 } : undefined);
    },
  };
}
