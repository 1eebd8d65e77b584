import {
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  ResourceNotFoundException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import {
  ResourceNotFoundException as AssociationNotFoundException,
  DeletePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
} from '@aws-sdk/client-eks';
import {
  DeleteEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ResourceNotFoundException as MappingNotFoundException,
} from '@aws-sdk/client-lambda';
import { isBeingDeletedBy, isDeactivating } from '@tenantry/core/deletion/deactivation';
import { holdsEvents } from '@tenantry/core/events/holdings';
import { siloEventsTable } from '@tenantry/core/events/store';
import type { TenantId } from '@tenantry/core/ids/id';
import { isCompensating } from '@tenantry/core/provisioning/compensation';
import { ClusterError } from '@tenantry/core/silo/cluster/error';
import { siloNamespace } from '@tenantry/core/silo/names';
import { loadTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import { erasedPlace } from '@tenantry/core/tier-change/migration';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { createScope } from '../scoped/scope.ts';
import { siloCluster } from './silo-cluster.ts';
import { changeInput, tenantTask } from './tenant-task.ts';

const environment = readEnvironment({
  CLUSTER_NAME: z.string(),
  EVENT_ARCHIVE_FUNCTION: required,
  SILO_TABLE_PREFIX: required,
});
const dynamo = new DynamoDBClient({});
const scopeOf = createScope('tasks/deletion-silo');
const { eks, connect } = siloCluster();
const lambda = new LambdaClient({});

/** Runs a deletion; what is not there is deleted. */
async function unless(gone: new (...args: never[]) => Error, deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof gone)) throw error;
  }
}

/** The namespace with all that is in it, the tie of its pods to their role, and its nodes. @returns whether it is gone */
async function eraseNamespace(tenantId: TenantId): Promise<boolean> {
  const namespace = siloNamespace(tenantId);
  const { CLUSTER_NAME: clusterName } = environment;
  const { associations = [] } = await eks.send(new ListPodIdentityAssociationsCommand({ clusterName, namespace }));
  for (const { associationId } of associations) {
    const deletion = eks.send(new DeletePodIdentityAssociationCommand({ clusterName, associationId }));
    await unless(AssociationNotFoundException, deletion);
  }
  const cluster = await connect();
  try {
    if (await cluster.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace })) return false;
    // After its last pod, so that nothing has to be moved.
    await cluster.delete({ apiVersion: 'karpenter.sh/v1', kind: 'NodePool', name: namespace });
    return true;
  } catch (error) {
    // It is being deleted, and not yet empty.
    if (error instanceof ClusterError && error.code === 'conflict') return false;
    throw error;
  }
}

async function describe(TableName: string): Promise<TableDescription | undefined> {
  try {
    return (await dynamo.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** The events table, after its way to the archive. @returns whether it is gone */
async function eraseTable(TableName: string): Promise<boolean> {
  const table = await describe(TableName);
  if (!table) return true;
  if (table.LatestStreamArn) {
    const { EventSourceMappings = [] } = await lambda.send(
      new ListEventSourceMappingsCommand({
        EventSourceArn: table.LatestStreamArn,
        FunctionName: environment.EVENT_ARCHIVE_FUNCTION,
      }),
    );
    for (const { UUID } of EventSourceMappings) {
      await unless(MappingNotFoundException, lambda.send(new DeleteEventSourceMappingCommand({ UUID })));
    }
  }
  if (table.TableStatus !== 'DELETING') {
    // Busy with being created, or with being deleted already: the next look tells.
    await unless(ResourceInUseException, dynamo.send(new DeleteTableCommand({ TableName })));
  }
  return false;
}

/** Whether the silo goes: with the tenant, since its onboarding is taken back, or since the pool serves it now, or still. */
function mayErase(tenant: Tenant, changeId: string): boolean {
  if (isCompensating(tenant)) return tenant.compensation.changeId === changeId;
  if (isDeactivating(tenant)) return isBeingDeletedBy(tenant, changeId);
  const { migration } = tenant;
  const left = migration?.phase === 'cleaning' || migration?.phase === 'undoing';
  return left && migration.changeId === changeId && erasedPlace(tenant) === 'silo';
}

/** Whether there is an events table that holds anything. DynamoDB's own count, which may be hours old, speaks only for keeping it. */
async function holdsData(TableName: string, tenantId: TenantId, requestId: string): Promise<boolean> {
  const table = await describe(TableName);
  if (table?.TableStatus !== 'ACTIVE') return false;
  if ((table.ItemCount ?? 0) > 0) return true;
  const { SiloEvents, Shoppers } = scopeOf({ tenantId, requestId })['tenant-holdings'];
  return holdsEvents(SiloEvents, Shoppers, tenantId);
}

const inputSchema = z.object({
  ...changeInput,
  /** What of the silo goes; all of it unless given. */
  part: z.enum(['cluster', 'table']).optional(),
});

/**
 * Takes down a tenant's silo, step by step, and tells when nothing of it is left. A table that holds events goes with its tenant, or once they
 * are in the pool, and is kept when an onboarding is taken back.
 */
export const handler = tenantTask('deletion of the silo', inputSchema, async (input, requestId) => {
  const { tenantId, changeId, part } = input;
  const { Control } = scopeOf({ tenantId, requestId })['tenant-registry'];
  const tenant = await loadTenant(Control, tenantId);
  if (!mayErase(tenant, changeId)) throw new Error('No change of the company asks for this.');
  const TableName = siloEventsTable(environment.SILO_TABLE_PREFIX, tenantId);
  if (part !== 'cluster' && isCompensating(tenant) && (await holdsData(TableName, tenantId, requestId))) {
    return { ready: true, kept: true, reason: 'The events table holds events' };
  }
  // A stage without a cluster has no silos; a table may be left of one whose silos were turned off.
  const noNamespace = part === 'table' || environment.CLUSTER_NAME === '' || (await eraseNamespace(tenantId));
  const noTable = part === 'cluster' || (await eraseTable(TableName));
  if (!noNamespace) return { ready: false, reason: 'The cluster is deleting the namespace' };
  return noTable ? { ready: true } : { ready: false, reason: 'The events table is being deleted' };
});
