import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../control/table.ts';
import type { Item } from '../dynamodb/batch-write.ts';
import type { TenantId } from '../ids/id.ts';
import { firstShoppers, listShoppers, shopperPlaceSchema } from '../shoppers/registry.ts';

/** How much one slice takes at most; it may end a page later. */
export interface SliceLimits {
  readonly rowsMax: number;
  /** Shoppers that are looked at, whether they have rows or not. */
  readonly shoppersMax: number;
  /** Rows of one read. */
  readonly pageRows: number;
}

/** A place among the rows of a tenant's shoppers: in the list of shoppers, and in the rows of the next of them. */
const placeSchema = z.object({
  shoppers: shopperPlaceSchema,
  within: z.object({ shopperId: z.string(), after: z.string() }).optional(),
});
type Place = z.infer<typeof placeSchema>;

const READ_AHEAD = 16;

/**
 * The rows of a table whose partitions are `<tenant>#<shopper>`, from a place on: shopper by shopper, each in the order of its sort keys.
 * @param place what an earlier slice gave back as `next`; undefined at the beginning
 */
export async function readShopperRows(
  tables: { readonly shoppers: Table; readonly rows: Table },
  tenantId: TenantId,
  place: unknown,
  limits: SliceLimits,
): Promise<{ readonly rows: readonly Item[]; readonly next: Place | undefined }> {
  const { client, name } = tables.rows;
  const pageOf = async (shopperId: string, after: string | undefined) => {
    const pk = `${tenantId}#${shopperId}`;
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: name,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        Limit: limits.pageRows,
        ConsistentRead: true,
        ...(after === undefined ? {} : { ExclusiveStartKey: { pk, sk: after } }),
      }),
    );
    return { items: Items, after: LastEvaluatedKey && String(LastEvaluatedKey.sk) };
  };

  const rows: Item[] = [];
  let seen = 0;
  let at: Place | undefined = place === undefined ? { shoppers: firstShoppers } : placeSchema.parse(place);
  while (at && seen < limits.shoppersMax) {
    const { shoppers: from, within }: Place = at;
    const page = await listShoppers(tables.shoppers, tenantId, from, READ_AHEAD);
    const first = await Promise.all(
      page.shoppers.map((id) => pageOf(id, within?.shopperId === id ? within.after : undefined)),
    );
    let before = from;
    for (const [index, shopperId] of page.shoppers.entries()) {
      let part = first[index];
      while (part) {
        rows.push(...part.items);
        const { after }: { after: string | undefined } = part;
        if (after === undefined) break;
        if (rows.length >= limits.rowsMax) return { rows, next: { shoppers: before, within: { shopperId, after } } };
        part = await pageOf(shopperId, after);
      }
      before = { bucket: from.bucket, after: shopperId };
      // The list goes on behind this shopper; that the next page is empty matters to nobody.
      if (rows.length >= limits.rowsMax) return { rows, next: { shoppers: before } };
    }
    seen += page.shoppers.length;
    at = page.next && { shoppers: page.next };
  }
  return { rows, next: at };
}
