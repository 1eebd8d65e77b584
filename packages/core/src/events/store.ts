import { BatchWriteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import { type BehaviourEvent, eventTypes } from './event.ts';

/** BatchWriteItem takes at most this many items. */
const BATCH_MAX = 25;
const UNPROCESSED_TRIES_MAX = 6;

export const eventKey = (tenantId: TenantId, event: Pick<BehaviourEvent, 'shopperId' | 'time' | 'id'>) => ({
  pk: `${tenantId}#${event.shopperId}`,
  sk: `${event.time}#${event.id}`,
});

const rowSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  itemId: z.string(),
  type: z.enum(eventTypes),
  sessionId: z.string().optional(),
});

/** The event of a row, and whose it is. @throws {z.ZodError} when the row is none of ours. */
export function parseEventRow(row: unknown): { readonly tenantId: string; readonly event: BehaviourEvent } {
  const { pk, sk, ...rest } = rowSchema.parse(row);
  const [tenantId = '', ...shopper] = pk.split('#');
  const [time = '', id = ''] = sk.split('#');
  return { tenantId, event: { ...rest, id, time, shopperId: shopper.join('#') } };
}

/**
 * Writes events in ⌈n/25⌉ round trips, side by side. Returns only when every event is stored.
 * @throws {DomainError} `unavailable` when the table does not take them all; sending all of them again is safe.
 */
export async function storeEvents(
  table: Table,
  tenantId: TenantId,
  events: readonly BehaviourEvent[],
  options: { readonly retentionDays: number },
): Promise<void> {
  // BatchWriteItem refuses a key that it is given twice.
  const rows = new Map<string, Record<string, unknown>>();
  for (const event of events) {
    const { id, time, shopperId, ...rest } = event;
    const key = eventKey(tenantId, event);
    const expiresAt = Math.floor(Date.parse(time) / 1000) + options.retentionDays * 86_400;
    rows.set(`${key.pk} ${key.sk}`, { ...key, ...rest, expiresAt });
  }
  const all = [...rows.values()];
  const batches = Array.from({ length: Math.ceil(all.length / BATCH_MAX) }, (_, i) =>
    all.slice(i * BATCH_MAX, (i + 1) * BATCH_MAX),
  );
  await Promise.all(batches.map((batch) => storeBatch(table, batch)));
}

async function storeBatch(table: Table, batch: readonly Record<string, unknown>[]): Promise<void> {
  let requests = batch.map((Item) => ({ PutRequest: { Item } }));
  for (let attempt = 0; attempt < UNPROCESSED_TRIES_MAX; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 25 * 2 ** attempt * Math.random()));
    const { UnprocessedItems } = await table.client.send(
      new BatchWriteCommand({ RequestItems: { [table.name]: requests } }),
    );
    requests = (UnprocessedItems?.[table.name] ?? []) as typeof requests;
    if (requests.length === 0) return;
  }
  throw new DomainError('unavailable', 'Not all events could be stored; send the batch again.', {
    retryAfterSeconds: 1,
    internal: { unprocessed: requests.length },
  });
}

/** The shopper's latest events, newest first, in one round trip. */
export async function readHistory(
  table: Table,
  tenantId: TenantId,
  shopperId: string,
  limit: number,
): Promise<readonly BehaviourEvent[]> {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `${tenantId}#${shopperId}` },
      ScanIndexForward: false,
      Limit: limit,
      ConsistentRead: true,
    }),
  );
  return Items.map((row) => parseEventRow(row).event);
}

/** The tenant's own events table. */
export const siloEventsTable = (prefix: string, tenantId: TenantId): string => `${prefix}${tenantId}-events`;
