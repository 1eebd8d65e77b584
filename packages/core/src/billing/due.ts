import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { dueIndex } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { isTenantId, type TenantId } from '../ids/id.ts';

type DueKind = Parameters<typeof dueIndex.key>[0];

/** Companies of which something is due, the longest overdue first; at most a page. Nobody else's rows are read. */
export async function dueTenants(control: Table, what: DueKind, at: Date, limit = 100): Promise<readonly TenantId[]> {
  const { value } = await duePages(control, what, at, limit).next();
  return value ?? [];
}

/** The same, page by page; each company comes once on a page. */
export async function* duePages(
  control: Table,
  what: DueKind,
  at: Date,
  limit = 100,
): AsyncGenerator<readonly TenantId[], undefined> {
  const { gsi1pk } = dueIndex.key(what, 'ten_', '');
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await control.client.send(
      new QueryCommand({
        TableName: control.name,
        IndexName: dueIndex.name,
        KeyConditionExpression: 'gsi1pk = :pk AND gsi1sk < :at',
        ExpressionAttributeValues: { ':pk': gsi1pk, ':at': at.toISOString() },
        Limit: limit,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    const ids = Items.map(({ gsi1sk }) => String(gsi1sk).split('#')[1]).filter(isTenantId);
    yield [...new Set(ids)];
    from = LastEvaluatedKey;
  } while (from);
}
