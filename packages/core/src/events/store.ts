import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Table } from '../control/table.ts';
import { batchWrite, type Item } from '../dynamodb/batch-write.ts';
import type { TenantId } from '../ids/id.ts';
import type { ShopperMemory } from '../shoppers/registry.ts';
import { type BehaviourEvent, eventTypes } from './event.ts';

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

/** Where a tenant's events are written, all with the same tenant's credentials. */
export interface EventStores {
  /** The table that recommendations read. */
  readonly events: Table;
  /** A second table that gets the same rows while the tenant moves there, or from there. */
  readonly mirror?: Table;
  readonly shoppers: Table;
}

/**
 * Writes events, and registers their shoppers with them, in ⌈n/25⌉ round trips side by side. Returns only when every event is
 * stored, in the mirror too.
 * @throws {DomainError} `unavailable` when the tables do not take them all; sending all of them again is safe.
 */
export async function storeEvents(
  { events: table, mirror, shoppers }: EventStores,
  memory: ShopperMemory,
  tenantId: TenantId,
  events: readonly BehaviourEvent[],
  options: { readonly retentionDays: number },
): Promise<void> {
  // BatchWriteItem refuses a key that it is given twice.
  const rows = new Map<string, Item>();
  for (const event of events) {
    const { id, time, shopperId, ...rest } = event;
    const key = eventKey(tenantId, event);
    const expiresAt = Math.floor(Date.parse(time) / 1000) + options.retentionDays * 86_400;
    rows.set(`${key.pk} ${key.sk}`, { ...key, ...rest, expiresAt });
  }
  const puts = [...rows.values()];
  const entries = memory.entriesFor(
    tenantId,
    events.map(({ shopperId }) => shopperId),
  );
  await batchWrite([
    { table: shoppers, puts: entries },
    { table, puts },
    ...(mirror ? [{ table: mirror, puts: puts.map(mirrored) }] : []),
  ]);
  memory.written(entries);
}

/** Marks a row that is the second of an event, so that the archive and the meters take the first alone. */
export const mirrored = (row: Item): Item => ({ ...row, mirrored: true });

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
