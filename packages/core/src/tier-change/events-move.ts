import { createHash } from 'node:crypto';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../control/table.ts';
import { batchWrite, type Item } from '../dynamodb/batch-write.ts';
import { mirrored } from '../events/store.ts';
import type { TenantId } from '../ids/id.ts';
import { firstShoppers, listShoppers, type ShopperPlace, shopperPlaceSchema } from '../shoppers/registry.ts';

/** The two places of a tenant's events while they move, and who its shoppers are, all reached with the tenant's credentials. */
export interface MovingStores {
  readonly from: Table;
  readonly to: Table;
  readonly shoppers: Table;
}

const SHOPPERS_AT_ONCE = 16;
const SHOPPERS_A_PAGE = 64;
/** A row may be written to the one place a moment before the other: so often is a difference looked at again. */
const LOOKS_MAX = 5;

/** What the state machine keeps between two slices of the work. */
export const movePlaceSchema = shopperPlaceSchema;
export const firstMovePlace = firstShoppers;

export const moveTallySchema = z.object({
  shoppers: z.int().nonnegative(),
  events: z.int().nonnegative(),
  /** Sum of the rows' digests, which no order of them changes: 16 hexadecimal digits. */
  checksum: z.string().regex(/^[0-9a-f]{16}$/),
});
export type MoveTally = z.infer<typeof moveTallySchema>;
export const noMove: MoveTally = { shoppers: 0, events: 0, checksum: '0'.repeat(16) };

async function rowsOf(table: Table, pk: string): Promise<readonly Item[]> {
  const rows: Item[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    rows.push(...Items);
    from = LastEvaluatedKey;
  } while (from);
  return rows;
}

/** What a row says, whichever of its two places it was read from. */
function digestOf({ mirrored: _, ...row }: Item): bigint {
  const text = JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256').update(text).digest().readBigUInt64BE();
}

const add = (checksum: string, digests: readonly bigint[]): string =>
  BigInt.asUintN(
    64,
    digests.reduce((sum, digest) => sum + digest, BigInt(`0x${checksum}`)),
  )
    .toString(16)
    .padStart(16, '0');

/** Copies the rows of one shopper that the other place does not have, or not like that. @returns how many rows there are */
async function copyShopper({ from, to }: MovingStores, pk: string): Promise<number> {
  const rows = await rowsOf(from, pk);
  const there = new Map((await rowsOf(to, pk)).map((row) => [String(row.sk), digestOf(row)]));
  const missing = rows.filter((row) => there.get(String(row.sk)) !== digestOf(row));
  await batchWrite([{ table: to, puts: missing.map(mirrored) }]);
  return rows.length;
}

/**
 * Compares a shopper's rows one by one. The old place is read first: whatever it has, the new one must have, too; what expired in
 * between is in the new one alone.
 * @throws {Error} when rows stay different
 */
async function verifyShopper(stores: MovingStores, pk: string): Promise<readonly bigint[]> {
  for (let look = 1; ; look += 1) {
    const digests = (await rowsOf(stores.from, pk)).map((row) => [String(row.sk), digestOf(row)] as const);
    const there = new Map((await rowsOf(stores.to, pk)).map((row) => [String(row.sk), digestOf(row)]));
    const different = digests.filter(([sk, digest]) => there.get(sk) !== digest);
    if (different.length === 0) return digests.map(([, digest]) => digest);
    if (look === LOOKS_MAX)
      throw new Error(`${different.length} events of a shopper are not the same in the new place.`);
    await copyShopper(stores, pk);
  }
}

/**
 * Copies, or compares, the events of a tenant's shoppers from a place on and until the time is up. Both can be repeated.
 * @returns the tally of this and the slices before, and where to go on; undefined at the end
 */
export async function moveEvents(
  stores: MovingStores,
  tenantId: TenantId,
  work: 'copy' | 'verify',
  options: { readonly from: ShopperPlace; readonly tally: MoveTally; readonly timeIsUp: () => boolean },
): Promise<{ readonly tally: MoveTally; readonly next: ShopperPlace | undefined }> {
  let place: ShopperPlace | undefined = options.from;
  let { shoppers, events, checksum } = options.tally;
  while (place) {
    const page = await listShoppers(stores.shoppers, tenantId, place, SHOPPERS_A_PAGE);
    for (let start = 0; start < page.shoppers.length; start += SHOPPERS_AT_ONCE) {
      const some = page.shoppers.slice(start, start + SHOPPERS_AT_ONCE).map((shopperId) => `${tenantId}#${shopperId}`);
      if (work === 'copy') {
        const counts = await Promise.all(some.map((pk) => copyShopper(stores, pk)));
        events += counts.reduce((sum, count) => sum + count, 0);
      } else {
        const digests = (await Promise.all(some.map((pk) => verifyShopper(stores, pk)))).flat();
        events += digests.length;
        checksum = add(checksum, digests);
      }
    }
    shoppers += page.shoppers.length;
    place = page.next;
    if (options.timeIsUp()) break;
  }
  return { tally: { shoppers, events, checksum }, next: place };
}

/** Erases a tenant's events from one place, from a place in the list of shoppers on and until the time is up. Can be repeated. */
export async function eraseEvents(
  table: Table,
  shoppers: Table,
  tenantId: TenantId,
  options: { readonly from: ShopperPlace; readonly timeIsUp: () => boolean },
): Promise<{ readonly next: ShopperPlace | undefined }> {
  let place: ShopperPlace | undefined = options.from;
  while (place) {
    const page = await listShoppers(shoppers, tenantId, place, SHOPPERS_A_PAGE);
    for (let start = 0; start < page.shoppers.length; start += SHOPPERS_AT_ONCE) {
      await Promise.all(
        page.shoppers.slice(start, start + SHOPPERS_AT_ONCE).map(async (shopperId) => {
          const rows = await rowsOf(table, `${tenantId}#${shopperId}`);
          await batchWrite([{ table, deletes: rows.map(({ pk, sk }) => ({ pk, sk })) }]);
        }),
      );
    }
    place = page.next;
    if (options.timeIsUp()) break;
  }
  return { next: place };
}
