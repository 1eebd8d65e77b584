import { createHash } from 'node:crypto';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../control/table.ts';
import { batchWrite } from '../dynamodb/batch-write.ts';
import type { TenantId } from '../ids/id.ts';
import { type BehaviourEvent, eventTypes } from './event.ts';

/**
 * The newest events of a tenant, for people who want to see them arrive. A ring of places, each for four seconds of an hour, with a row for each batch that came then: one write a
 * batch pays for it, whatever it holds, rows of an hour ago are written over, and who looks every two seconds reads those of the last seconds. In a shop that sends many it
 * is a sample; what counts is the events table.
 */
const SLOT_SECONDS = 4;
const SLOTS = 900;
/** Rows of a place: of two batches that come in the same four seconds, one in so many is written over. */
const ROWS_A_SLOT = 256;
/** So many of one batch. */
const EVENTS_A_BATCH = 25;
/** What was written while an answer was under way, or by a process whose clock is slow, is in the next answer. */
const OVERLAP_MS = 6000;
export const ringSeconds = SLOT_SECONDS * SLOTS;

/** An event with what only its arrival tells. */
export interface RecentEvent extends BehaviourEvent {
  /** When it came out of the stream, in RFC 3339. */
  readonly seenAt: string;
  /** The API key that sent it; absent where the row of before did not say. */
  readonly keyId?: string | undefined;
}

const storedSchema = z.object({
  id: z.string(),
  shopperId: z.string(),
  itemId: z.string(),
  type: z.enum(eventTypes),
  time: z.string(),
  sessionId: z.string().optional(),
  keyId: z.string().optional(),
  seenAt: z.string(),
});
const rowSchema = z.object({ sk: z.string(), events: z.array(storedSchema) });

export const recentPartition = (tenantId: TenantId): string => `TENANT#${tenantId}#RECENT`;

/** Where in the ring a moment lies. */
const placeOf = (at: Date): string => skOf(Math.floor(at.getTime() / 1000 / SLOT_SECONDS) % SLOTS);
const skOf = (slot: number): string => `SLOT#${String(slot).padStart(3, '0')}`;

/** The row of a batch among those of its place, by what it holds: a batch that comes again at once is the same row. */
const rowOf = (events: readonly BehaviourEvent[]): string => {
  const [first = 0] = createHash('sha256')
    .update(events.map(({ id }) => id).join())
    .digest();
  return (first % ROWS_A_SLOT).toString(16).padStart(2, '0');
};

/**
 * Lays down the newest of a batch. One that comes again is shown once: events are told apart by their ids.
 * @param now of the process that lays them down, not of their arrival: who looks is told of what came since
 */
export async function noteRecent(
  usage: Table,
  tenantId: TenantId,
  arrived: readonly Omit<RecentEvent, 'seenAt'>[],
  now: Date,
): Promise<void> {
  const events = arrived.slice(-EVENTS_A_BATCH).map((event) => ({ ...event, seenAt: now.toISOString() }));
  if (events.length === 0) return;
  await usage.client.send(
    new PutCommand({
      TableName: usage.name,
      Item: {
        pk: recentPartition(tenantId),
        sk: `${placeOf(now)}#${rowOf(events)}`,
        events,
        expiresAt: Math.floor(now.getTime() / 1000) + ringSeconds,
      },
    }),
  );
}

type Row = z.output<typeof rowSchema>;

/** Rows between two places of the ring, both included, those of the last place first. */
async function* rowsBetween(usage: Table, tenantId: TenantId, from: string, to: string, limit?: number) {
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await usage.client.send(
      new QueryCommand({
        TableName: usage.name,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': recentPartition(tenantId), ':from': from, ':to': `${to}~` },
        ScanIndexForward: false,
        ...(limit === undefined ? {} : { Limit: limit }),
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    yield z.array(rowSchema).parse(Items);
    start = LastEvaluatedKey;
  } while (start);
}

/** The places from one moment to a later one, the newest first: two parts where the ring begins anew between them. */
function partsBetween(from: Date, to: Date): readonly (readonly [string, string])[] {
  const [first, last] = [placeOf(from), placeOf(to)];
  if (first <= last && to.getTime() - from.getTime() < (ringSeconds * 1000) / 2) return [[first, last]];
  return [
    [skOf(0), last],
    [first, skOf(SLOTS - 1)],
  ];
}

/**
 * Events of the last hour, those seen last first.
 * @param after when the last answer was made: what was laid down since, and a little of before; absent, from the whole hour
 */
export async function readRecent(
  usage: Table,
  tenantId: TenantId,
  options: { readonly after?: Date | undefined; readonly limit: number; readonly now: Date },
): Promise<readonly RecentEvent[]> {
  const { limit, now } = options;
  const oldest = now.getTime() - (ringSeconds - SLOT_SECONDS) * 1000;
  const since = new Date(Math.max(oldest, options.after ? options.after.getTime() - OVERLAP_MS : oldest));
  // The clock of a consumer may be ahead of ours.
  const until = new Date(now.getTime() + SLOT_SECONDS * 1000);
  const found = new Map<string, RecentEvent>();
  const isWanted = ({ seenAt }: RecentEvent) => seenAt >= since.toISOString() && seenAt <= until.toISOString();
  reading: for (const [from, to] of partsBetween(since, until)) {
    for await (const rows of rowsBetween(usage, tenantId, from, to, limit)) {
      // What is behind in a row came later.
      for (const { events } of rows) {
        for (const event of events.filter(isWanted).reverse()) found.set(event.id, event);
      }
      if (found.size >= limit) break reading;
    }
  }
  return [...found.values()].sort((a, b) => (a.seenAt < b.seenAt ? 1 : a.seenAt > b.seenAt ? -1 : 0)).slice(0, limit);
}

/**
 * Counts the events of a shopper in the ring, and where asked to erases them: the rows that hold one go as a whole, with what they hold of others,
 * since the events themselves are elsewhere.
 */
export async function forgetRecent(
  usage: Table,
  tenantId: TenantId,
  shopperId: string,
  erase: boolean,
): Promise<number> {
  let count = 0;
  for await (const rows of rowsBetween(usage, tenantId, skOf(0), skOf(SLOTS - 1))) {
    const ofShopper = (row: Row): number => row.events.filter((event) => event.shopperId === shopperId).length;
    const holding = rows.filter((row) => ofShopper(row) > 0);
    count += holding.reduce((sum, row) => sum + ofShopper(row), 0);
    if (erase && holding.length > 0) {
      await batchWrite([{ table: usage, deletes: holding.map(({ sk }) => ({ pk: recentPartition(tenantId), sk })) }]);
    }
  }
  return count;
}
