import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys, dueIndex } from '../control/keys.ts';
import { isConditionFailure, type Table, wasWritten } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { episodeSchema } from './dunning.ts';
import { billingStateSchema } from './state.ts';

const rowSchema = z.object({
  /** Stripe's customer, made before anything can be paid: one for each company. */
  customerId: z.string(),
  /** Counts the reviews that were begun. Whoever has the newest may write. */
  claim: z.int(),
  /** What the last review found; absent before the first. */
  state: billingStateSchema.optional(),
  /** What was done about what is owed; absent while nothing is. */
  episode: episodeSchema.optional(),
  /** The subscription whose trial's end the owners have heard of. */
  announcedTrial: z.string().optional(),
  /** What the last review did to its end, as `settlementOf` names it; one that broke off before is seen to again. */
  settled: z.string().optional(),
  /** When Stripe answered the last review. */
  reviewedAt: z.string().optional(),
});
export type BillingRow = z.infer<typeof rowSchema>;

/** The row of a company that has a customer at Stripe and was never reviewed. */
export const newBillingItem = (tenantId: TenantId, customerId: string) => ({
  ...controlKeys.subscription(tenantId),
  customerId,
  claim: 0,
});

export async function findBilling(control: Table, tenantId: TenantId): Promise<BillingRow | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.subscription(tenantId), ConsistentRead: true }),
  );
  return Item && rowSchema.parse(Item);
}

/**
 * Begins a review: takes the newest claim, before Stripe is asked. What is written under a claim is refused once there is a newer one, so
 * of all that was written whatever came later was also asked later. No clock is involved.
 * @returns undefined when the company has no customer, or is gone
 */
export async function claimReview(
  control: Table,
  tenantId: TenantId,
  /** The customer that the caller came by; another than the company's own changes nothing. */
  customerId?: string,
): Promise<BillingRow | undefined> {
  try {
    const { Attributes } = await control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.subscription(tenantId),
        UpdateExpression: 'SET claim = claim + :one',
        ConditionExpression: customerId ? 'customerId = :customer' : 'attribute_exists(customerId)',
        ExpressionAttributeValues: { ':one': 1, ...(customerId ? { ':customer': customerId } : {}) },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return rowSchema.parse(Attributes);
  } catch (error) {
    if (isConditionFailure(error)) return undefined;
    throw error;
  }
}

/** Remembers that what a review had to do is done, unless a newer one has begun. */
export async function markSettled(
  control: Table,
  tenantId: TenantId,
  { claim, settled }: Pick<BillingRow, 'claim' | 'settled'>,
  settlement: string | undefined,
): Promise<void> {
  if (settlement === undefined || settlement === settled) return;
  await wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.subscription(tenantId),
        UpdateExpression: 'SET settled = :settlement',
        ConditionExpression: 'claim = :claim',
        ExpressionAttributeValues: { ':settlement': settlement, ':claim': claim },
      }),
    ),
  );
}

/** Has the billing reviewed at the next opportunity, such as after a change that no event of Stripe tells of. Nothing for who has no customer. */
export async function makeReviewDue(control: Table, tenantId: TenantId, at: Date): Promise<void> {
  const { gsi1pk, gsi1sk } = dueIndex.key('review', tenantId, at.toISOString());
  await wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.subscription(tenantId),
        UpdateExpression: 'SET gsi1pk = :pk, gsi1sk = :sk',
        ConditionExpression: 'attribute_exists(customerId)',
        ExpressionAttributeValues: { ':pk': gsi1pk, ':sk': gsi1sk },
      }),
    ),
  );
}

/** Nothing of a company that is being deleted is due any more. */
export async function forgetDue(control: Table, tenantId: TenantId): Promise<void> {
  await wasWritten(
    control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.subscription(tenantId),
        UpdateExpression: 'REMOVE gsi1pk, gsi1sk',
        ConditionExpression: 'attribute_exists(pk)',
      }),
    ),
  );
}

/** The transaction item that refuses a write as soon as somebody else has begun a newer review. */
export const claimCheck = (table: string, tenantId: TenantId, { claim }: Pick<BillingRow, 'claim'>) => ({
  ConditionCheck: {
    TableName: table,
    Key: controlKeys.subscription(tenantId),
    ConditionExpression: 'claim = :claim',
    ExpressionAttributeValues: { ':claim': claim },
  },
});
