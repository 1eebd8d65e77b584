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

/** A place in the list of items: behind an item, whether or not that one is still there. */
export const itemPlaceSchema = z.strictObject({ after: z.string().max(128) });
export type ItemPlace = z.infer<typeof itemPlaceSchema>;

/** A partition's items from a place on, as far as they were read. */
interface Stretch {
  readonly pk: string;
  readonly rows: CatalogueItem[];
  /** Behind which the partition may have more; undefined at its end. */
  readonly more: string | undefined;
}

async function readStretch(table: Table, pk: string, after: string | undefined, limit: number): Promise<Stretch> {
  const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      Limit: limit,
      ConsistentRead: true,
      ...(after === undefined ? {} : { ExclusiveStartKey: { pk, sk: after } }),
    }),
  );
  return { pk, rows: Items.map(parseItemRow), more: LastEvaluatedKey && String(LastEvaluatedKey.sk) };
}

/** Items read of each partition beyond its even share: ids spread by chance. */
const SPARE = 4;

/**
 * Items from a place on, by id; `next` is undefined at the end. Each partition is in this order, so that they are read side by side and the list takes the
 * first of them each time.
 */
export async function listItems(
  table: Table,
  tenantId: TenantId,
  { from, limit }: { readonly from?: ItemPlace | undefined; readonly limit: number },
): Promise<{ readonly items: readonly CatalogueItem[]; readonly next: ItemPlace | undefined }> {
  const share = Math.min(limit, Math.ceil(limit / itemBuckets) + SPARE);
  const stretches = await Promise.all(itemPartitions(tenantId).map((pk) => readStretch(table, pk, from?.after, share)));
  const items: CatalogueItem[] = [];
  while (items.length < limit) {
    for (const [bucket, { pk, rows, more }] of stretches.entries()) {
      if (rows.length === 0 && more !== undefined) stretches[bucket] = await readStretch(table, pk, more, share);
    }
    const first = stretches
      .filter(({ rows }) => rows.length > 0)
      .reduce<Stretch | undefined>((a, b) => (a && idOf(a) < idOf(b) ? a : b), undefined);
    const item = first?.rows.shift();
    if (!item) break;
    items.push(item);
  }
  const last = items.at(-1);
  const ended = stretches.every(({ rows, more }) => rows.length === 0 && more === undefined);
  return { items, next: last && !ended ? { after: last.id } : undefined };
}

const idOf = ({ rows: [first] }: Stretch): string => first?.id ?? '';

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
