import { QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { cancellationCodes, type Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';

/** Minutes are kept for two days, receipts of counted batches for as long as a stream can repeat them. */
const MINUTES_KEPT_SECONDS = 2 * 86_400;
const RECEIPTS_KEPT_SECONDS = 3 * 86_400;

const pk = (tenantId: TenantId): string => `TENANT#${tenantId}`;
const minuteOf = (time: string): string => `${time.slice(0, 16)}:00.000Z`;

/**
 * Counts a batch of archived events by the minute in which they arrived. The batch's name makes a repeated batch count once.
 * @returns false when the batch was counted before.
 */
export async function countEvents(
  usage: Table,
  tenantId: TenantId,
  batch: { readonly name: string; readonly arrivedAt: Date; readonly events: number },
): Promise<boolean> {
  const seconds = Math.floor(batch.arrivedAt.getTime() / 1000);
  const add = (sk: string, set: 'expiresAt' | 'lastArrivedAt', value: number | string) => ({
    Update: {
      TableName: usage.name,
      Key: { pk: pk(tenantId), sk },
      UpdateExpression: `ADD events :n SET ${set} = :value`,
      ExpressionAttributeValues: { ':n': batch.events, ':value': value },
    },
  });
  try {
    await usage.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: usage.name,
              Item: { pk: pk(tenantId), sk: `BATCH#${batch.name}`, expiresAt: seconds + RECEIPTS_KEPT_SECONDS },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
          add(`MINUTE#${minuteOf(batch.arrivedAt.toISOString())}`, 'expiresAt', seconds + MINUTES_KEPT_SECONDS),
          // Of batches that are counted at the same time, either may be the last.
          add('TOTAL', 'lastArrivedAt', batch.arrivedAt.toISOString()),
        ],
      }),
    );
    return true;
  } catch (error) {
    if (cancellationCodes(error)?.[0] === 'ConditionalCheckFailed') return false;
    throw error;
  }
}

const countSchema = z.object({ sk: z.string(), events: z.number(), lastArrivedAt: z.string().optional() });

export interface Activity {
  readonly minutes: readonly { readonly minute: string; readonly events: number }[];
  readonly archivedEvents: number;
  /** When the last events arrived; null before the first. */
  readonly lastArrivedAt: string | null;
}

/** What was archived in all; nothing before the first events. */
async function readTotal(usage: Table, tenantId: TenantId): Promise<z.output<typeof countSchema> | undefined> {
  const { Items = [] } = await usage.client.send(
    new QueryCommand({
      TableName: usage.name,
      KeyConditionExpression: 'pk = :pk AND sk = :total',
      ExpressionAttributeValues: { ':pk': pk(tenantId), ':total': 'TOTAL' },
    }),
  );
  return z.array(countSchema).parse(Items)[0];
}

/** How many events were ever archived. */
export const readArchivedEvents = async (usage: Table, tenantId: TenantId): Promise<number> =>
  (await readTotal(usage, tenantId))?.events ?? 0;

/** Events of each of the last minutes, oldest first, quiet minutes included. */
export async function readActivity(
  usage: Table,
  tenantId: TenantId,
  request: { readonly minutes: number; readonly now: Date },
): Promise<Activity> {
  const newest = Math.floor(request.now.getTime() / 60_000) * 60_000;
  const wanted = Array.from({ length: request.minutes }, (_, i) =>
    new Date(newest - (request.minutes - 1 - i) * 60_000).toISOString(),
  );
  const [minuteRows, total] = await Promise.all([
    usage.client.send(
      new QueryCommand({
        TableName: usage.name,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':pk': pk(tenantId),
          ':from': `MINUTE#${wanted[0]}`,
          ':to': `MINUTE#${wanted.at(-1)}`,
        },
      }),
    ),
    readTotal(usage, tenantId),
  ]);
  const counts = new Map(
    z
      .array(countSchema)
      .parse(minuteRows.Items ?? [])
      .map((row) => [row.sk.slice('MINUTE#'.length), row.events]),
  );
  return {
    minutes: wanted.map((minute) => ({ minute, events: counts.get(minute) ?? 0 })),
    archivedEvents: total?.events ?? 0,
    lastArrivedAt: total?.lastArrivedAt ?? null,
  };
}
