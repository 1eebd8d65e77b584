import { createHash } from 'node:crypto';
import { QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Scenario, scenarioNames } from '../contract/recommendation.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import type { Day } from '../usage/hours.ts';

/** Partitions of a tenant's counters, so that none of them is hot. Changing it would lose what was counted before. */
export const counterShards = 8;

const DAY_SECONDS = 86_400;
const RECEIPT_KEPT_SECONDS = 100 * DAY_SECONDS;
const COUNTER_KEPT_SECONDS = 400 * DAY_SECONDS;
const TRIES_MAX = 8;

/** `shoppers` and `clickedShoppers` are counted in experiments alone, each shopper once in a variant. */
export const counted = ['impressions', 'clickedLists', 'clicks', 'conversions', 'shoppers', 'clickedShoppers'] as const;
export type Counted = (typeof counted)[number];

/** What purchases were worth, by currency, is counted beside them in attributes of these names. */
const REVENUE = 'revenue_';

/** Minor units by currency. */
export type Revenue = Readonly<Record<string, number>>;

/** The lists that are counted together. */
export interface ListKind {
  readonly scenario: Scenario;
  readonly modelVersion: string;
  /** Of the experiment that chose how the list was made; `none` outside of any. */
  readonly variant: string;
}

/** What a shopper did is kept apart from what a tenant's lists came to: `S` for shoppers, `DAYS` for the counters. */
export const shopperPartition = (tenantId: TenantId, shopperId: string): string => `${tenantId}#S#${shopperId}`;
export const counterPartitions = (tenantId: TenantId): readonly string[] =>
  Array.from({ length: counterShards }, (_, shard) => `${tenantId}#DAYS#${shard}`);

const shardOf = (id: string): number => (createHash('sha256').update(id).digest()[0] ?? 0) % counterShards;
const nameOf = ({ scenario, modelVersion, variant }: ListKind): string => `${scenario}#${modelVersion}#${variant}`;

/**
 * Counts something once, whatever is repeated: the receipt and the count are written together or not at all.
 * @param receipt names what happened; the same one never counts again
 * @returns false when it was counted before
 * @throws {DomainError} `unavailable` when too much is counted at the same moment; sending it again is safe
 */
export async function countOnce(
  table: Table,
  receipt: {
    readonly tenantId: TenantId;
    readonly shopperId: string;
    readonly name: string;
    readonly details?: object;
  },
  count: {
    readonly what: Counted;
    readonly kind: ListKind;
    readonly day: Day;
    /** What it was worth, in minor units. */
    readonly revenue?: { readonly amount: number; readonly currency: string } | undefined;
  },
  now: Date,
): Promise<boolean> {
  const { revenue } = count;
  const { tenantId, shopperId, name, details } = receipt;
  const seconds = Math.floor(now.getTime() / 1000);
  const TransactItems = [
    {
      Put: {
        TableName: table.name,
        Item: {
          pk: shopperPartition(tenantId, shopperId),
          sk: name,
          ...details,
          expiresAt: seconds + RECEIPT_KEPT_SECONDS,
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    {
      Update: {
        TableName: table.name,
        Key: { pk: counterPartitions(tenantId)[shardOf(name)], sk: `${count.day}#${nameOf(count.kind)}` },
        UpdateExpression: `ADD #what :one${revenue ? ', #revenue :revenue' : ''} SET expiresAt = :expiresAt, kind = :kind, #day = :day`,
        ExpressionAttributeNames: {
          '#what': count.what,
          '#day': 'day',
          ...(revenue ? { '#revenue': `${REVENUE}${revenue.currency}` } : {}),
        },
        ExpressionAttributeValues: {
          ':one': 1,
          ...(revenue ? { ':revenue': revenue.amount } : {}),
          ':expiresAt': seconds + COUNTER_KEPT_SECONDS,
          ':kind': { ...count.kind },
          ':day': count.day,
        },
      },
    },
  ];
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 20 * 2 ** attempt * Math.random()));
    try {
      await table.client.send(new TransactWriteCommand({ TransactItems }));
      return true;
    } catch (error) {
      const codes = cancellationCodes(error);
      if (codes?.[0] === 'ConditionalCheckFailed') return false;
      if (!codes?.includes('TransactionConflict')) throw error;
    }
  }
  throw new DomainError('unavailable', 'Too much is counted at the moment; send it again.', { retryAfterSeconds: 1 });
}

const kindSchema = z.object({ scenario: z.enum(scenarioNames), modelVersion: z.string(), variant: z.string() });
const count = z.int().nonnegative().default(0);
const rowSchema = z.looseObject({
  day: z.string(),
  kind: kindSchema,
  impressions: count,
  clickedLists: count,
  clicks: count,
  conversions: count,
  shoppers: count,
  clickedShoppers: count,
});
export type DayCounts = ListKind & { readonly day: Day; readonly revenue: Revenue } & Readonly<Record<Counted, number>>;

const revenueOf = (row: object): Revenue =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, amount]) =>
      name.startsWith(REVENUE) ? [[name.slice(REVENUE.length), Number(amount)]] : [],
    ),
  );

export function addRevenue(a: Revenue, b: Revenue): Revenue {
  const sum: Record<string, number> = { ...a };
  for (const [currency, amount] of Object.entries(b)) sum[currency] = (sum[currency] ?? 0) + amount;
  return sum;
}

/** What the lists of these days came to, by day, scenario, model and variant, in this order. Days and kinds without anything are left out. */
export async function readCounts(
  table: Table,
  tenantId: TenantId,
  days: { readonly first: Day; readonly last: Day },
): Promise<readonly DayCounts[]> {
  const shards = await Promise.all(counterPartitions(tenantId).map((pk) => readShard(table, pk, days)));
  const sums = new Map<string, DayCounts>();
  for (const { kind, ...row } of shards.flat()) {
    const name = `${row.day}#${nameOf(kind)}`;
    const sum = sums.get(name);
    const add = (what: Counted): number => row[what] + (sum?.[what] ?? 0);
    sums.set(name, {
      ...kind,
      day: row.day,
      impressions: add('impressions'),
      clickedLists: add('clickedLists'),
      clicks: add('clicks'),
      conversions: add('conversions'),
      revenue: addRevenue(revenueOf(row), sum?.revenue ?? {}),
      shoppers: add('shoppers'),
      clickedShoppers: add('clickedShoppers'),
    });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

async function readShard(table: Table, pk: string, { first, last }: { readonly first: Day; readonly last: Day }) {
  const rows: z.infer<typeof rowSchema>[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        // `$` comes right after `#`, which each sort key has behind its day.
        ExpressionAttributeValues: { ':pk': pk, ':first': `${first}#`, ':last': `${last}$` },
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    rows.push(...z.array(rowSchema).parse(Items));
    from = LastEvaluatedKey;
  } while (from);
  return rows;
}
