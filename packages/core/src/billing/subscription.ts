import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type Stripe from 'stripe';
import { z } from 'zod';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';

const subscriptionRowSchema = z.object({
  customerId: z.string(),
  subscriptionId: z.string(),
  status: z.string(),
  currentPeriodEnd: z.string().nullable(),
  /** When Stripe was asked; an older view never overwrites a newer one. */
  seenAt: z.string(),
});
export type Subscription = z.infer<typeof subscriptionRowSchema>;

export function subscriptionOf(subscription: Stripe.Subscription, seenAt: Date): Subscription {
  const periodEnd = subscription.items.data[0]?.current_period_end;
  return {
    customerId: typeof subscription.customer === 'string' ? subscription.customer : subscription.customer.id,
    subscriptionId: subscription.id,
    status: subscription.status,
    currentPeriodEnd: periodEnd ? new Date(periodEnd * 1000).toISOString() : null,
    seenAt: seenAt.toISOString(),
  };
}

export async function findSubscription(control: Table, tenantId: TenantId): Promise<Subscription | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.subscription(tenantId), ConsistentRead: true }),
  );
  return Item && subscriptionRowSchema.parse(Item);
}

/** Writes what Stripe said, unless something newer is there, or the tenant is being deleted and must leave nothing behind. */
export async function saveSubscription(control: Table, tenantId: TenantId, subscription: Subscription): Promise<void> {
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: control.name,
              Item: { ...controlKeys.subscription(tenantId), ...subscription },
              ConditionExpression: 'attribute_not_exists(pk) OR seenAt <= :seenAt',
              ExpressionAttributeValues: { ':seenAt': subscription.seenAt },
            },
          },
          {
            ConditionCheck: {
              TableName: control.name,
              Key: controlKeys.tenant(tenantId),
              ConditionExpression:
                '#status <> :deleted AND (attribute_not_exists(deactivation) OR deactivation.#final = :no)',
              ExpressionAttributeNames: { '#status': 'status', '#final': 'final' },
              ExpressionAttributeValues: { ':deleted': 'deleted', ':no': false },
            },
          },
        ],
      }),
    );
  } catch (error) {
    if (!cancellationCodes(error)?.includes('ConditionalCheckFailed')) throw error;
  }
}
