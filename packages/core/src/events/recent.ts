import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Table, wasWritten } from '../control/table.ts';
import { batchWrite } from '../dynamodb/batch-write.ts';
import type { TenantId } from '../ids/id.ts';
import { type BehaviourEvent, eventTypes } from './event.ts';

/**
 * The newest events of a tenant, for people who want to see them arrive. A ring of rows, each for four seconds of the clock: whatever a shop sends, it
 * has at most 900 rows of 50 events, one write a batch pays for it, and who looks every two seconds reads two or three rows. In a shop that sends more it is a
 * sample; what counts is the events table.
 */
const SLOT_SECONDS = 4;
const SLOTS = 900;
/** So many of one batch, and of all batches of a slot. */
const EVENTS_A_BATCH = 25;
const EVENTS_A_SLOT = 50;
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
const rowSchema = z.object({ sk: z.string(), turn: z.string(), events: z.array(storedSchema) });

export const recentPartition = (tenantId: TenantId): string => `TENANT#${tenantId}#RECENT`;

/** Where in the ring a moment lies; `turn` tells it from the same place an hour before. */
function placeOf(at: Date) {
  const slot = Math.floor(at.getTime() / 1000 / SLOT_SECONDS);
  return { sk: skOf(slot % SLOTS), turn: new Date(slot * SLOT_SECONDS * 1000).toISOString() };
}
const skOf = (slot: number): string => `SLOT#${String(slot).padStart(3, '0')}`;

/**
 * Lays down the newest of a batch, in one write where the slot has none yet. A batch that comes again is shown once: events are told apart by their ids.
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
  const { sk, turn } = placeOf(now);
  const Key = { pk: recentPartition(tenantId), sk };
  const begun = await wasWritten(
    usage.client.send(
      new PutCommand({
        TableName: usage.name,
        Item: { ...Key, turn, events, expiresAt: Math.floor(now.getTime() / 1000) + ringSeconds },
        ConditionExpression: 'attribute_not_exists(pk) OR turn <> :turn',
        ExpressionAttributeValues: { ':turn': turn },
      }),
    ),
  );
  if (begun) return;
  // Another batch was quicker in this slot; what does not fit is left out.
  await wasWritten(
    usage.client.send(
      new UpdateCommand({
        TableName: usage.name,
        Key,
        UpdateExpression: 'SET #events = list_append(#events, :events)',
        ConditionExpression: 'turn = :turn AND size(#events) <= :room',
        ExpressionAttributeNames: { '#events': 'events' },
        ExpressionAttributeValues: { ':events': events, ':turn': turn, ':room': EVENTS_A_SLOT - events.length },
      }),
    ),
  );
}

type Row = z.output<typeof rowSchema>;

/** Rows between two places of the ring, both included, the newest first. */
async function* rowsBetween(usage: Table, tenantId: TenantId, from: string, to: string, limit?: number) {
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await usage.client.send(
      new QueryCommand({
        TableName: usage.name,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': recentPartition(tenantId), ':from': from, ':to': to },
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
  const [first, last] = [placeOf(from).sk, placeOf(to).sk];
  if (to.getTime() - from.getTime() >= (ringSeconds - SLOT_SECONDS) * 1000) {
    const all: (readonly [string, string])[] = [[skOf(0), last]];
    return last === skOf(SLOTS - 1) ? all : [...all, [`${last}~`, skOf(SLOTS - 1)]];
  }
  if (first <= last) return [[first, last]];
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
