import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys, healthIndex } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { isTenantId, type TenantId } from '../ids/id.ts';
import { type Health, healthSchema } from './health.ts';

/** A company at which nobody looks any more has no health. */
const KEPT_SECONDS = 3 * 86_400;

export async function saveHealth(control: Table, tenantId: TenantId, health: Health): Promise<void> {
  await control.client.send(
    new PutCommand({
      TableName: control.name,
      Item: {
        ...controlKeys.health(tenantId),
        ...healthIndex.key(tenantId),
        health,
        expiresAt: Math.floor(Date.parse(health.seenAt) / 1000) + KEPT_SECONDS,
      },
    }),
  );
}

/** What is known of every company's health. */
export async function readHealth(control: Table): Promise<ReadonlyMap<TenantId, Health>> {
  const found = new Map<TenantId, Health>();
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await control.client.send(
      new QueryCommand({
        TableName: control.name,
        IndexName: healthIndex.name,
        KeyConditionExpression: 'gsi1pk = :pk',
        ExpressionAttributeValues: { ':pk': healthIndex.partition },
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    for (const { gsi1sk, health } of Items) if (isTenantId(gsi1sk)) found.set(gsi1sk, healthSchema.parse(health));
    from = LastEvaluatedKey;
  } while (from);
  return found;
}
