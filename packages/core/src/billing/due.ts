import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { dueIndex } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { isTenantId, type TenantId } from '../ids/id.ts';

/** Companies whose billing has something due, the longest overdue first; at most a page. Nobody else's rows are read. */
export async function dueTenants(
  control: Table,
  what: 'review' | 'mail',
  at: Date,
  limit = 100,
): Promise<readonly TenantId[]> {
  const { gsi1pk } = dueIndex.key(what, 'ten_', '');
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      IndexName: dueIndex.name,
      KeyConditionExpression: 'gsi1pk = :pk AND gsi1sk < :at',
      ExpressionAttributeValues: { ':pk': gsi1pk, ':at': at.toISOString() },
      Limit: limit,
    }),
  );
  const ids = Items.map(({ gsi1sk }) => String(gsi1sk).split('#')[1]).filter(isTenantId);
  return [...new Set(ids)];
}
