import { createHash } from 'node:crypto';
import {
  BatchGetCommand,
  type BatchGetCommandOutput,
  QueryCommand,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../control/table.ts';
import { batchWrite, type Item } from '../dynamodb/batch-write.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import { type CatalogueItem, itemSchema } from './item.ts';

/** Partitions of a catalogue, so that an upload of all of it is not slowed down by one. Changing it would lose the items stored before. */
export const itemBuckets = 16;

const READ_AT_ONCE = 100;
const UNREAD_TRIES_MAX = 6;

const bucketOf = (itemId: string): number => (createHash('sha256').update(itemId).digest()[0] ?? 0) % itemBuckets;
const partition = (tenantId: TenantId, bucket: number): string =>
  `${tenantId}#ITEMS#${String(bucket).padStart(2, '0')}`;

export type CatalogueKey = Readonly<Record<'pk' | 'sk', string>>;

export const itemKey = (tenantId: TenantId, itemId: string): CatalogueKey => ({
  pk: partition(tenantId, bucketOf(itemId)),
  sk: itemId,
});

/** Whether a row of the table is an item, by its key. */
export const isItemKey = (tenantId: TenantId, { pk, sk }: CatalogueKey): boolean => itemKey(tenantId, sk).pk === pk;

/** All partitions of a company's items. */
export const itemPartitions = (tenantId: TenantId): readonly string[] =>
  Array.from({ length: itemBuckets }, (_, bucket) => partition(tenantId, bucket));

const rowSchema = z.object({ pk: z.string(), sk: z.string(), item: itemSchema.omit({ id: true }) });

/** @throws {z.ZodError} when the row is none of ours */
export function parseItemRow(row: unknown): CatalogueItem {
  const { sk, item } = rowSchema.parse(row);
  return { id: sk, ...item };
}

/** Stores items, each in the place of what was there. @throws {DomainError} `unavailable`; storing all again is safe */
export const putItems = (table: Table, tenantId: TenantId, items: readonly CatalogueItem[]): Promise<void> =>
  batchWrite([{ table, puts: items.map(({ id, ...item }) => ({ ...itemKey(tenantId, id), item })) }]);

/** Removes items; those that are not there are none the less removed. @throws {DomainError} `unavailable` */
export const deleteItems = (table: Table, tenantId: TenantId, itemIds: readonly string[]): Promise<void> =>
  batchWrite([{ table, deletes: [...new Set(itemIds)].map((id) => itemKey(tenantId, id)) }]);

/** A place in the list of items: a partition, and the last item of it that was listed. */
export const itemPlaceSchema = z.strictObject({
  bucket: z
    .int()
    .min(0)
    .max(itemBuckets - 1),
  after: z.string().max(128).optional(),
});
export type ItemPlace = z.infer<typeof itemPlaceSchema>;

/** Right behind an item in that list. */
export const placeAfter = (itemId: string): ItemPlace => ({ bucket: bucketOf(itemId), after: itemId });

/** Items from a place on, in no order that means anything; `next` is undefined at the end. */
export async function listItems(
  table: Table,
  tenantId: TenantId,
  options: { readonly from?: ItemPlace | undefined; readonly limit: number },
): Promise<{ readonly items: readonly CatalogueItem[]; readonly next: ItemPlace | undefined }> {
  const items: CatalogueItem[] = [];
  let place: ItemPlace | undefined = options.from ?? { bucket: 0 };
  while (place && items.length < options.limit) {
    const { bucket, after }: ItemPlace = place;
    const pk = partition(tenantId, bucket);
    const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        Limit: options.limit - items.length,
        ConsistentRead: true,
        ...(after === undefined ? {} : { ExclusiveStartKey: { pk, sk: after } }),
      }),
    );
    items.push(...Items.map(parseItemRow));
    if (LastEvaluatedKey) place = { bucket, after: String(LastEvaluatedKey.sk) };
    else place = bucket + 1 < itemBuckets ? { bucket: bucket + 1 } : undefined;
  }
  return { items, next: place };
}

/** These items, in no order; those that are not there are left out. @throws {DomainError} `unavailable` */
export const findItems = async (
  table: Table,
  tenantId: TenantId,
  itemIds: readonly string[],
): Promise<readonly CatalogueItem[]> =>
  (
    await readRows(
      table,
      [...new Set(itemIds)].map((itemId) => itemKey(tenantId, itemId)),
    )
  ).map(parseItemRow);

/** Which of these items there are. */
export async function knownAmong(
  table: Table,
  tenantId: TenantId,
  itemIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const known = await Promise.all(
    itemIds.map(async (itemId) => {
      const { pk, sk } = itemKey(tenantId, itemId);
      const { Count = 0 } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: 'pk = :pk AND sk = :sk',
          ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
          Select: 'COUNT',
          ConsistentRead: true,
        }),
      );
      return Count > 0 ? [itemId] : [];
    }),
  );
  return new Set(known.flat());
}

/** The rows of these keys as they are now; those that are not there are left out. @throws {DomainError} `unavailable` */
export async function readRows(table: Table, keys: readonly CatalogueKey[]): Promise<readonly Item[]> {
  const rows: Item[] = [];
  for (let start = 0; start < keys.length; start += READ_AT_ONCE) {
    let left: readonly Item[] = keys.slice(start, start + READ_AT_ONCE).map(({ pk, sk }) => ({ pk, sk }));
    for (let attempt = 0; left.length > 0; attempt++) {
      if (attempt === UNREAD_TRIES_MAX) throw new DomainError('unavailable', 'Not everything could be read.');
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 25 * 2 ** attempt * Math.random()));
      const { Responses, UnprocessedKeys }: BatchGetCommandOutput = await table.client.send(
        new BatchGetCommand({ RequestItems: { [table.name]: { Keys: [...left], ConsistentRead: true } } }),
      );
      rows.push(...(Responses?.[table.name] ?? []));
      left = UnprocessedKeys?.[table.name]?.Keys ?? [];
    }
  }
  return rows;
}
