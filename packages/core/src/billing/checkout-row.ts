import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';

/** The row that remembers a tenant's newest payment page. */
export const checkoutItem = (tenantId: TenantId, sessionId: string) => ({
  ...controlKeys.checkout(tenantId),
  sessionId,
});

/** Stripe's id of the newest payment page; undefined when none was opened. */
export async function findCheckoutSession(control: Table, tenantId: TenantId): Promise<string | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.checkout(tenantId), ConsistentRead: true }),
  );
  return typeof Item?.sessionId === 'string' ? Item.sessionId : undefined;
}
