import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { currencySchema, intervalSchema } from '../tier/price.ts';

const rowSchema = z.object({
  /** Stripe's id of the newest payment page. */
  sessionId: z.string(),
  interval: intervalSchema,
  currency: currencySchema,
  trial: z.boolean(),
});
export type CheckoutRow = z.infer<typeof rowSchema>;

/** The row that remembers a tenant's newest payment page, and what it sells. */
export const checkoutItem = (tenantId: TenantId, { sessionId, interval, currency, trial }: CheckoutRow) => ({
  ...controlKeys.checkout(tenantId),
  sessionId,
  interval,
  currency,
  trial,
});

/** Undefined when no payment page was ever opened. */
export async function findCheckout(control: Table, tenantId: TenantId): Promise<CheckoutRow | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.checkout(tenantId), ConsistentRead: true }),
  );
  return Item && rowSchema.parse(Item);
}
