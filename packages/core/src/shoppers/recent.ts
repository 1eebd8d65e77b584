import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { probeShopper } from '../provisioning/probe-shopper.ts';
import { lastRegistered, shopperBuckets, shopperPartition } from './registry.ts';

/** Of each bucket, so that the answer costs the same however many shoppers there are. */
const SHOPPERS_A_BUCKET = 4;

export interface SeenShopper {
  readonly shopperId: string;
  /** The day on which it was registered last, in UTC. */
  readonly day: string;
}

/**
 * Some shoppers, those of the latest days first, for somebody who wants to look at one. All of them where there are few; else a sample, since the
 * registry is in no order of time.
 */
export async function recentShoppers(table: Table, tenantId: TenantId, limit: number): Promise<readonly SeenShopper[]> {
  const buckets = await Promise.all(
    Array.from({ length: shopperBuckets }, (_, bucket) =>
      table.client.send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': shopperPartition(tenantId, bucket) },
          ProjectionExpression: 'sk, expiresAt',
          Limit: SHOPPERS_A_BUCKET,
        }),
      ),
    ),
  );
  return buckets
    .flatMap(({ Items = [] }) => Items)
    .map(({ sk, expiresAt }) => ({ shopperId: String(sk), day: lastRegistered(Number(expiresAt)) }))
    .filter(({ shopperId }) => shopperId !== probeShopper)
    .sort((a, b) => (a.day === b.day ? (a.shopperId < b.shopperId ? -1 : 1) : a.day < b.day ? 1 : -1))
    .slice(0, limit);
}
