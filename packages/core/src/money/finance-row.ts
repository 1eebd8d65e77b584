import { BatchGetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys, financeIndex } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { isTenantId, type TenantId } from '../ids/id.ts';
import { tierNames } from '../tier/catalogue.ts';
import { meterNames } from '../usage/meter-name.ts';
import { costItems } from './aws-prices.ts';
import type { Month } from './month.ts';
import { revenueSchema } from './revenue.ts';
import { potNames } from './shared-cost.ts';

/** Millionths of a US dollar. */
const microSchema = z.int().nonnegative();
const sharesSchema = z.record(z.enum(potNames as [string, ...string[]]), microSchema);

/** What a company used, cost and brought in a month so far. Says nothing of who it is but its id. */
export const financeMonthSchema = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  month: z.string(),
  tier: z.enum(tierNames),
  isolation: z.enum(['pool', 'silo']),
  /** When use, cost and revenue were read. */
  readAt: z.string(),
  /** Set for a company that was deleted meanwhile: what it had used and paid by then stays, and nothing recurs. */
  gone: z.boolean(),
  use: z.record(z.enum(meterNames), z.number().nonnegative()),
  cost: z.partialRecord(z.enum(costItems as [string, ...string[]]), microSchema),
  weights: z.object({ calls: z.number().nonnegative(), cpuHours: z.number().nonnegative() }),
  /** Of what all share. */
  shares: sharesSchema,
  revenue: revenueSchema,
  /** Earned less cost, in millionths of a US dollar. */
  marginMicro: z.int(),
  /** The dates of the price list and of the rates that it was made with. */
  pricesAsOf: z.string(),
  ratesAsOf: z.string(),
});
export type FinanceMonth = z.infer<typeof financeMonthSchema>;

/** Replaces the company's row of the month. */
export async function saveFinanceMonth(control: Table, row: FinanceMonth): Promise<void> {
  const { month, tenantId, marginMicro } = row;
  const Item = {
    ...controlKeys.finance(month, tenantId),
    ...financeIndex.key(month, marginMicro, tenantId),
    row,
  };
  await control.client.send(new PutCommand({ TableName: control.name, Item }));
}

/** All companies' rows of a month, in the order of their ids. */
export async function* financeMonths(control: Table, month: Month): AsyncGenerator<FinanceMonth> {
  const { pk, sk } = controlKeys.finance(month, 'ten_');
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await control.client.send(
      new QueryCommand({
        TableName: control.name,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    for (const { row } of Items) yield financeMonthSchema.parse(row);
    from = LastEvaluatedKey;
  } while (from);
}

export const financePlaceSchema = z.strictObject({
  marginMicro: z.int(),
  tenantId: z.string().regex(/^ten_[0-9a-z]{26}$/),
});
type FinancePlace = z.infer<typeof financePlaceSchema>;

/** A page of companies of a month by their margin, the lowest first unless `descending`. */
export async function financePage(
  control: Table,
  month: Month,
  options: { readonly limit: number; readonly descending: boolean; readonly after?: FinancePlace | undefined },
): Promise<{ readonly rows: readonly FinanceMonth[]; readonly next: FinancePlace | undefined }> {
  const { limit, descending, after } = options;
  const { gsi1pk } = financeIndex.key(month, 0, 'ten_');
  const placeOf = ({ marginMicro, tenantId }: { readonly marginMicro: number; readonly tenantId: string }) => ({
    ...controlKeys.finance(month, tenantId as TenantId),
    ...financeIndex.key(month, marginMicro, tenantId as TenantId),
  });
  const { Items = [], LastEvaluatedKey } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      IndexName: financeIndex.name,
      KeyConditionExpression: 'gsi1pk = :pk',
      ExpressionAttributeValues: { ':pk': gsi1pk },
      Limit: limit,
      ScanIndexForward: !descending,
      ...(after ? { ExclusiveStartKey: placeOf(after) } : {}),
    }),
  );
  const rows = Items.map(({ row }) => financeMonthSchema.parse(row));
  const last = rows.at(-1);
  return {
    rows,
    next: LastEvaluatedKey && last ? { marginMicro: last.marginMicro, tenantId: last.tenantId } : undefined,
  };
}

/** Names of those companies that still have one. */
export async function namesOf(control: Table, ids: readonly TenantId[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  let Keys: Record<string, unknown>[] = [...new Set(ids)].map((tenantId) => controlKeys.tenant(tenantId));
  while (Keys.length > 0) {
    const { Responses = {}, UnprocessedKeys = {} } = await control.client.send(
      new BatchGetCommand({
        RequestItems: {
          [control.name]: {
            Keys,
            ProjectionExpression: 'pk, tenantId, #name',
            ExpressionAttributeNames: { '#name': 'name' },
          },
        },
      }),
    );
    for (const { tenantId, name } of Responses[control.name] ?? []) {
      if (typeof name === 'string' && name !== '') names.set(String(tenantId), name);
    }
    Keys = UnprocessedKeys[control.name]?.Keys ?? [];
  }
  return names;
}
