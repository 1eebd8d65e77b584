import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { statusIndex } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import type { TenantStatus } from './status.ts';
import { parseTenant, type Tenant } from './tenant.ts';

/** All tenants in these statuses, oldest first within each, page by page. */
export async function* tenantsIn(control: Table, statuses: readonly TenantStatus[]): AsyncGenerator<Tenant> {
  for (const status of statuses) {
    let from: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await control.client.send(
        new QueryCommand({
          TableName: control.name,
          IndexName: statusIndex.name,
          KeyConditionExpression: 'gsi1pk = :pk',
          ExpressionAttributeValues: { ':pk': statusIndex.key(status, '').gsi1pk },
          ...(from ? { ExclusiveStartKey: from } : {}),
        }),
      );
      for (const item of Items) yield parseTenant(item);
      from = LastEvaluatedKey;
    } while (from);
  }
}
