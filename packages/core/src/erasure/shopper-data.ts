import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Archive, archivePrefix } from '../archive/archive.ts';
import { shopperPartition } from '../attribution/counters.ts';
import type { Table } from '../control/table.ts';
import { batchWrite } from '../dynamodb/batch-write.ts';
import { forgetRecent } from '../events/recent.ts';
import type { TenantId } from '../ids/id.ts';
import { shopperKey } from '../shoppers/registry.ts';
import { eraseFromObject } from './archive-lines.ts';
import {
  addShopperCounts,
  type CountsByErasure,
  nothingOfShopper,
  type ShopperCounts,
  type ShopperDataKind,
} from './counts.ts';

/** Everything that names shoppers, reached with the tenant's own credentials. */
export interface ShopperStores {
  readonly Events: Table;
  /** The tenant's own events table, which need not exist. */
  readonly SiloEvents: Table;
  readonly Recommendations: Table;
  readonly Attribution: Table;
  readonly Shoppers: Table;
  readonly Usage: Table;
  readonly Archive: Archive;
}

/** A shopper that is to be erased. */
export interface ErasedShopper {
  readonly erasureId: string;
  readonly shopperId: string;
}

/** What the state machine keeps between two slices: shoppers whose rows are done, then the last object of the archive. */
export const erasurePlaceSchema = z.object({ shoppers: z.int().nonnegative(), after: z.string().optional() });
export type ErasurePlace = z.infer<typeof erasurePlaceSchema>;
export const firstErasurePlace: ErasurePlace = { shoppers: 0 };

const OBJECTS_AT_ONCE = 16;
const OBJECTS_A_PAGE = 200;

/** Keys of a partition, a page at a time; of a table that is not there, none. */
async function* keysOf(table: Table, pk: string) {
  let from: Record<string, unknown> | undefined;
  do {
    const page = await table.client
      .send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
          ProjectionExpression: 'pk, sk',
          ConsistentRead: true,
          ...(from ? { ExclusiveStartKey: from } : {}),
        }),
      )
      .catch((error: unknown) => {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      });
    yield page?.Items ?? [];
    from = page?.LastEvaluatedKey;
  } while (from);
}

/** Counts, and where asked to erases, the rows of one shopper. The entry goes last: whatever breaks off before, the shopper is still on the list. */
export async function workThroughRows(
  stores: ShopperStores,
  tenantId: TenantId,
  shopperId: string,
  erase: boolean,
): Promise<ShopperCounts> {
  const counts = { ...nothingOfShopper } as Record<ShopperDataKind, number>;
  const partitions: readonly (readonly [ShopperDataKind, Table, string])[] = [
    ['events', stores.Events, `${tenantId}#${shopperId}`],
    ['events', stores.SiloEvents, `${tenantId}#${shopperId}`],
    ['recommendations', stores.Recommendations, `${tenantId}#${shopperId}`],
    ['feedback', stores.Attribution, shopperPartition(tenantId, shopperId)],
  ];
  for (const [kind, table, pk] of partitions) {
    for await (const keys of keysOf(table, pk)) {
      counts[kind] += keys.length;
      if (erase && keys.length > 0) await batchWrite([{ table, deletes: keys }]);
    }
  }
  counts.recentEvents = await forgetRecent(stores.Usage, tenantId, shopperId, erase);
  const Key = shopperKey(tenantId, shopperId);
  const { client, name } = stores.Shoppers;
  const { Item } = await client.send(new GetCommand({ TableName: name, Key, ConsistentRead: true }));
  if (Item) {
    counts.entries = 1;
    if (erase) await batchWrite([{ table: stores.Shoppers, deletes: [Key] }]);
  }
  return counts;
}

/** A page of the archive. @returns what each shopper had there, and the last key; undefined at the end */
async function workThroughObjects(
  archive: Archive,
  tenantId: TenantId,
  shoppers: readonly ErasedShopper[],
  options: { readonly after: string | undefined; readonly erase: boolean },
): Promise<{ readonly counts: CountsByErasure; readonly next: string | undefined }> {
  const { Contents = [], IsTruncated } = await archive.client.send(
    new ListObjectsV2Command({
      Bucket: archive.bucket,
      Prefix: archivePrefix(tenantId),
      MaxKeys: OBJECTS_A_PAGE,
      ...(options.after ? { StartAfter: options.after } : {}),
    }),
  );
  const keys = Contents.flatMap(({ Key }) => Key ?? []);
  const erasureOf = new Map(shoppers.map(({ shopperId, erasureId }) => [shopperId, erasureId]));
  const ids = new Set(erasureOf.keys());
  let counts: CountsByErasure = {};
  for (let start = 0; start < keys.length; start += OBJECTS_AT_ONCE) {
    const some = keys.slice(start, start + OBJECTS_AT_ONCE);
    for (const found of await Promise.all(some.map((key) => eraseFromObject(archive, key, ids, options)))) {
      for (const [shopperId, archivedEvents] of found) {
        const erasureId = erasureOf.get(shopperId) ?? '';
        counts = addShopperCounts(counts, { [erasureId]: { ...nothingOfShopper, archivedEvents } });
      }
    }
  }
  return { counts, next: IsTruncated ? keys.at(-1) : undefined };
}

/**
 * Works through everything that names these shoppers, from a place on and until the time is up: counts it and, where asked to, erases it. The archive
 * is gone through once for all of them.
 * @param shoppers the same, in the same order, in each slice
 * @returns the counts of this slice, and where to go on; undefined at the end
 */
export async function workThroughShoppers(
  stores: ShopperStores,
  tenantId: TenantId,
  shoppers: readonly ErasedShopper[],
  options: { readonly from: ErasurePlace; readonly erase: boolean; readonly timeIsUp: () => boolean },
): Promise<{ readonly counts: CountsByErasure; readonly next: ErasurePlace | undefined }> {
  const { from, erase, timeIsUp } = options;
  let counts: CountsByErasure = {};
  for (let done = from.shoppers; done < shoppers.length; ) {
    const shopper = shoppers[done];
    if (!shopper) break;
    const ofShopper = await workThroughRows(stores, tenantId, shopper.shopperId, erase);
    counts = addShopperCounts(counts, { [shopper.erasureId]: ofShopper });
    done += 1;
    if (timeIsUp()) return { counts, next: { shoppers: done } };
  }
  let after = from.after;
  do {
    const page = await workThroughObjects(stores.Archive, tenantId, shoppers, { after, erase });
    counts = addShopperCounts(counts, page.counts);
    after = page.next;
    if (after !== undefined && timeIsUp()) return { counts, next: { shoppers: shoppers.length, after } };
  } while (after !== undefined);
  return { counts, next: undefined };
}
