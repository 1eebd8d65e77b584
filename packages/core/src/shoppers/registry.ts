import { createHash } from 'node:crypto';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../control/table.ts';
import type { Item } from '../dynamodb/batch-write.ts';
import type { TenantId } from '../ids/id.ts';
import { tierCatalogue } from '../tier/catalogue.ts';

/**
 * Which shoppers of a tenant have rows. Rows of the pooled tables lie in a partition per shopper, so that without this list
 * nobody could find all rows of one tenant but by a scan over everybody's, which no role may do. A shopper is registered before anything
 * is stored about it, so no row is ever without its entry; after an erasure, by the consumers of the streams.
 */

/** Partitions of a tenant, so that none is hot. Changing it would lose the shoppers registered before. */
export const shopperBuckets = 64;

const DAY_SECONDS = 86_400;
/** As long as any row of a shopper may live, whatever tier the tenant had when it was written. */
const KEPT_SECONDS =
  (Math.max(...Object.values(tierCatalogue).map(({ limits }) => limits.retentionDays)) + 2) * DAY_SECONDS;

const bucketOf = (shopperId: string): number =>
  (createHash('sha256').update(shopperId).digest()[0] ?? 0) % shopperBuckets;

/** Where the shoppers of one bucket are listed. */
export const shopperPartition = (tenantId: TenantId, bucket: number): string =>
  `${tenantId}#${String(bucket).padStart(2, '0')}`;

/** The day, in UTC, on which an entry that expires then was written. */
export const lastRegistered = (expiresAt: number): string =>
  new Date((expiresAt - KEPT_SECONDS) * 1000).toISOString().slice(0, 10);

export const shopperKey = (tenantId: TenantId, shopperId: string) => ({
  pk: shopperPartition(tenantId, bucketOf(shopperId)),
  sk: shopperId,
});

/** Remembers whom this process has registered today, so that a shopper costs one write a day and process, and no reads. */
export interface ShopperMemory {
  /** The entries that are still to be written for these shoppers. Call `written` once they are. */
  entriesFor(tenantId: TenantId, shopperIds: Iterable<string>): readonly Item[];
  written(entries: readonly Item[]): void;
}

export function createShopperMemory(
  options: { readonly shoppersMax?: number; readonly now?: () => number } = {},
): ShopperMemory {
  const { shoppersMax = 50_000, now = Date.now } = options;
  const registered = new Map<string, number>();
  const nameOf = ({ pk, sk }: Item): string => `${pk} ${sk}`;
  return {
    entriesFor(tenantId, shopperIds) {
      const seconds = Math.floor(now() / 1000);
      const today = Math.floor(seconds / DAY_SECONDS);
      return [...new Set(shopperIds)]
        .map((shopperId) => ({ ...shopperKey(tenantId, shopperId), expiresAt: seconds + KEPT_SECONDS }))
        .filter((entry) => registered.get(nameOf(entry)) !== today);
    },
    written(entries) {
      const today = Math.floor(now() / 1000 / DAY_SECONDS);
      for (const entry of entries) {
        const name = nameOf(entry);
        registered.delete(name);
        registered.set(name, today);
      }
      for (const oldest of registered.keys()) {
        if (registered.size <= shoppersMax) break;
        registered.delete(oldest);
      }
    },
  };
}

/** A place in the list of a tenant's shoppers: a bucket, and the last shopper of it that was listed. */
export const shopperPlaceSchema = z.object({
  bucket: z
    .int()
    .min(0)
    .max(shopperBuckets - 1),
  after: z.string().optional(),
});
export type ShopperPlace = z.infer<typeof shopperPlaceSchema>;

export const firstShoppers: ShopperPlace = { bucket: 0 };

/** Shoppers of a tenant from a place on, and the next place; undefined at the end. A page may be empty. */
export async function listShoppers(
  table: Table,
  tenantId: TenantId,
  place: ShopperPlace,
  limit: number,
): Promise<{ readonly shoppers: readonly string[]; readonly next: ShopperPlace | undefined }> {
  const pk = shopperPartition(tenantId, place.bucket);
  const { Items = [], LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ProjectionExpression: 'sk',
      Limit: limit,
      ConsistentRead: true,
      ...(place.after === undefined ? {} : { ExclusiveStartKey: { pk, sk: place.after } }),
    }),
  );
  const shoppers = Items.map(({ sk }) => String(sk));
  if (LastEvaluatedKey) return { shoppers, next: { bucket: place.bucket, after: String(LastEvaluatedKey.sk) } };
  return { shoppers, next: place.bucket + 1 < shopperBuckets ? { bucket: place.bucket + 1 } : undefined };
}
