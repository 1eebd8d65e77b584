import { type ExecutionStatus, ListExecutionsCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys, slugIndex, statusIndex } from '@tenantry/core/control/keys';
import type { TenantId } from '@tenantry/core/ids/id';
import { expireRegistration } from '@tenantry/core/tenant/expiry';
import type { TenantStatus } from '@tenantry/core/tenant/status';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { resourceNamed } from '@tenantry/local/program/graph';
import type { Administrator } from '../../../support/administrator.ts';
import { tableName } from '../../../support/rows.ts';

interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Changes rows, and stops executions, by hand. */
export function registryByHand(cloud: LocalCloud, admin: Administrator) {
  const table = { client: admin.rows, name: admin.control };
  const put = (Item: Record<string, unknown>) => admin.rows.send(new PutCommand({ TableName: table.name, Item }));
  const set = (Key: Key, UpdateExpression: string, names: object, values: object) =>
    admin.rows.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { ...Key },
        UpdateExpression,
        ExpressionAttributeNames: { ...names },
        ExpressionAttributeValues: { ...values },
      }),
    );
  async function executions(machine: string, tenantId: TenantId, statusFilter?: ExecutionStatus) {
    const { arn } = resourceNamed(cloud.graph, 'aws:sfn/stateMachine:StateMachine', machine);
    const { executions = [] } = await admin.states.send(
      new ListExecutionsCommand({ stateMachineArn: arn, statusFilter }),
    );
    return executions.filter(({ name }) => name?.startsWith(tenantId));
  }
  return {
    put,
    remove: ({ pk, sk }: Key) => admin.rows.send(new DeleteCommand({ TableName: table.name, Key: { pk, sk } })),
    async read({ pk, sk }: Key): Promise<Record<string, unknown> | undefined> {
      const { Item } = await admin.rows.send(
        new GetCommand({ TableName: table.name, Key: { pk, sk }, ConsistentRead: true }),
      );
      return Item;
    },
    putSlug: (slug: string, tenantId: TenantId) => put({ ...controlKeys.slug(slug), ...slugIndex.key(slug), tenantId }),
    /** Ends a registration that was never paid, as the job does that looks for those. */
    async expire(tenantId: TenantId): Promise<void> {
      const tables = { control: table, auditTable: tableName(cloud, 'Audit') };
      await expireRegistration(tables, await loadTenant(table, tenantId), new Date());
    },
    setStatus: (tenantId: TenantId, status: TenantStatus) =>
      set(
        controlKeys.tenant(tenantId),
        'SET #status = :status, gsi1pk = :gsi1pk',
        { '#status': 'status' },
        { ':status': status, ':gsi1pk': statusIndex.key(status, '').gsi1pk },
      ),
    wantActive: (tenantId: TenantId) =>
      set(
        controlKeys.tenant(tenantId),
        'SET suspension.#wanted = :active',
        { '#wanted': 'wanted' },
        { ':active': 'active' },
      ),
    executionsOf: (machine: string, tenantId: TenantId) => executions(machine, tenantId),
    /** @returns how many were running */
    async stopExecutions(machine: string, tenantId: TenantId): Promise<number> {
      const running = await executions(machine, tenantId, 'RUNNING');
      for (const { executionArn } of running) await admin.states.send(new StopExecutionCommand({ executionArn }));
      return running.length;
    },
  };
}
