import { BatchGetCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { batchWrite } from '../dynamodb/batch-write.ts';
import type { TenantId } from '../ids/id.ts';
import { createShopperMemory } from '../shoppers/registry.ts';
import { shopperHash } from './shopper-hash.ts';

/** BatchGetItem takes at most this many keys. */
const KEYS_MAX = 100;
const TRIES_MAX = 6;

const stateSchema = z.object({ owed: z.number().default(0), lateUntil: z.string().optional() });
const markSchema = z.object({ sk: z.string(), open: z.boolean(), erasedAt: z.string().optional() });

/** A row that came out of a stream. */
export interface ArrivedRow {
  readonly shopperId: string;
  readonly at: Date;
  readonly key: { readonly pk: string; readonly sk: string };
}

/** Where rows of the stream lie, and where their shoppers are registered, all with the same tenant's credentials. */
export interface ArrivedStores {
  readonly control: Table;
  readonly rows: Table;
  readonly shoppers: Table;
}

/**
 * Minds erasures in what comes out of a stream: a row that arrived before the end of its shopper's erasure, or while that is still owed, is deleted where it lies, and
 * is not to be copied anywhere. Whoever comes back afterwards is registered anew: processes remember for a day whom they have registered, and know nothing
 * of an erasure. Costs one small read for tenants that never erase.
 * @returns the rows that are not of an erased shopper
 */
export async function mindErasures<R extends ArrivedRow>(
  stores: ArrivedStores,
  tenantId: TenantId,
  arrived: readonly R[],
  now: Date,
): Promise<readonly R[]> {
  const marks = await marksOf(stores.control, tenantId, new Set(arrived.map(({ shopperId }) => shopperId)), now);
  if (marks.size === 0) return arrived;
  const isForgotten = ({ shopperId, at }: R): boolean => {
    const mark = marks.get(shopperId);
    return mark !== undefined && (mark.open || at.toISOString() <= (mark.erasedAt ?? ''));
  };
  const forgotten = arrived.filter(isForgotten);
  const kept = arrived.filter((row) => !isForgotten(row));
  if (forgotten.length > 0) {
    const keys = new Map(forgotten.map(({ key }) => [JSON.stringify(key), key]));
    await batchWrite([{ table: stores.rows, deletes: [...keys.values()] }]);
  }
  const returned = kept.flatMap(({ shopperId }) => (marks.has(shopperId) ? shopperId : []));
  await batchWrite([{ table: stores.shoppers, puts: createShopperMemory().entriesFor(tenantId, returned) }]);
  return kept;
}

type Mark = z.infer<typeof markSchema>;

/** The marks of shoppers that are to be erased, or were lately. */
async function marksOf(
  control: Table,
  tenantId: TenantId,
  shopperIds: ReadonlySet<string>,
  now: Date,
): Promise<ReadonlyMap<string, Mark>> {
  const marks = new Map<string, Mark>();
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.erasures(tenantId), ConsistentRead: true }),
  );
  if (!Item) return marks;
  const { owed, lateUntil } = stateSchema.parse(Item);
  if (owed <= 0 && (lateUntil === undefined || lateUntil < now.toISOString())) return marks;
  const shopperOf = new Map([...shopperIds].map((shopperId) => [shopperHash(tenantId, shopperId), shopperId]));
  const keys = [...shopperOf.keys()].map((hash) => controlKeys.erasedShopper(tenantId, hash));
  for (let start = 0; start < keys.length; start += KEYS_MAX) {
    for (const row of await readAll(control, keys.slice(start, start + KEYS_MAX))) {
      const mark = markSchema.parse(row);
      const shopperId = shopperOf.get(mark.sk.slice(controlKeys.erasedShopper(tenantId, '').sk.length));
      if (shopperId !== undefined) marks.set(shopperId, mark);
    }
  }
  return marks;
}

async function readAll(table: Table, keys: readonly object[]): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  let wanted = [...keys] as Record<string, unknown>[];
  for (let attempt = 0; attempt < TRIES_MAX && wanted.length > 0; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 25 * 2 ** attempt * Math.random()));
    const { Responses = {}, UnprocessedKeys = {} } = await table.client.send(
      new BatchGetCommand({ RequestItems: { [table.name]: { Keys: wanted, ConsistentRead: true } } }),
    );
    rows.push(...(Responses[table.name] ?? []));
    wanted = UnprocessedKeys[table.name]?.Keys ?? [];
  }
  if (wanted.length > 0) throw new Error('Not everything could be read; the batch comes again.');
  return rows;
}
