import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../control/table.ts';
import { batchWrite, type Item } from '../dynamodb/batch-write.ts';
import { callDirectly } from '../dynamodb/direct-call.ts';
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
  keyId: z.string().optional(),
});

/** The event of a row, and whose it is. @throws {z.ZodError} when the row is none of ours. */
export const parseEventRow = (row: unknown): EventOfTenant => eventOf(rowSchema.parse(row));

interface EventOfTenant {
  readonly tenantId: string;
  readonly event: BehaviourEvent;
  /** The API key that sent it; rows that were written before that was noted do not say. */
  readonly keyId?: string | undefined;
}

function eventOf({ pk, sk, keyId, ...rest }: z.infer<typeof rowSchema>): EventOfTenant {
  const [tenantId = '', ...shopper] = pk.split('#');
  const [time = '', id = ''] = sk.split('#');
  return { tenantId, event: { ...rest, id, time, shopperId: shopper.join('#') }, ...(keyId && { keyId }) };
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
 * Registers shoppers that this process has not registered today, and then writes the events, in ⌈n/25⌉ round trips side by side: whatever breaks off, no event is
 * stored whose shopper nobody knows. Returns only when every event is stored, in the mirror too.
 * @throws {DomainError} `unavailable` when the tables do not take them all; sending all of them again is safe.
 */
export async function storeEvents(
  { events: table, mirror, shoppers }: EventStores,
  memory: ShopperMemory,
  tenantId: TenantId,
  events: readonly BehaviourEvent[],
  options: { readonly retentionDays: number; readonly keyId?: string },
): Promise<void> {
  // BatchWriteItem refuses a key that it is given twice.
  const rows = new Map<string, Item>();
  for (const event of events) {
    const { id, time, shopperId, ...rest } = event;
    const key = eventKey(tenantId, event);
    const expiresAt = Math.floor(Date.parse(time) / 1000) + options.retentionDays * 86_400;
    rows.set(`${key.pk} ${key.sk}`, {
      ...key,
      ...rest,
      ...(options.keyId && { keyId: options.keyId }),
      expiresAt,
    });
  }
  const puts = [...rows.values()];
  const entries = memory.entriesFor(
    tenantId,
    events.map(({ shopperId }) => shopperId),
  );
  if (entries.length > 0) {
    await batchWrite([{ table: shoppers, puts: entries }]);
    memory.written(entries);
  }
  const copies = mirror ? [{ table: mirror, puts: puts.map(mirrored) }] : [];
  await batchWrite([{ table, puts }, ...copies], { directly: true });
}

/** Marks a row that is the second of an event, so that the archive and the meters take the first alone. */
export const mirrored = (row: Item): Item => ({ ...row, mirrored: true });

const directSchema = z.object({
  Items: z.array(
    z.object({
      pk: z.object({ S: z.string() }),
      sk: z.object({ S: z.string() }),
      itemId: z.object({ S: z.string() }),
      type: z.object({ S: z.enum(eventTypes) }),
      sessionId: z.object({ S: z.string() }).optional(),
    }),
  ),
});

/** The shopper's latest events, newest first, in one round trip. */
export async function readHistory(
  { client, name }: Table,
  tenantId: TenantId,
  shopperId: string,
  limit: number,
): Promise<readonly BehaviourEvent[]> {
  const pk = `${tenantId}#${shopperId}`;
  const query = {
    TableName: name,
    KeyConditionExpression: 'pk = :pk',
    ScanIndexForward: false,
    Limit: limit,
    ConsistentRead: true,
  };
  const direct = await callDirectly(client, 'Query', { ...query, ExpressionAttributeValues: { ':pk': { S: pk } } });
  if (direct !== undefined) {
    return directSchema
      .parse(direct)
      .Items.map(
        ({ pk, sk, itemId, type, sessionId }) =>
          eventOf({ pk: pk.S, sk: sk.S, itemId: itemId.S, type: type.S, ...(sessionId && { sessionId: sessionId.S }) })
            .event,
      );
  }
  const { Items = [] } = await client.send(new QueryCommand({ ...query, ExpressionAttributeValues: { ':pk': pk } }));
  return Items.map((row) => parseEventRow(row).event);
}

/** The tenant's own events table. */
export const siloEventsTable = (prefix: string, tenantId: TenantId): string => `${prefix}${tenantId}-events`;
