import { createHash } from 'node:crypto';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { DistinctFingerprints, FINGERPRINT_BYTES, fingerprintsOf } from './fingerprints.ts';
import type { Hour } from './hours.ts';
import { usageIndex, usageKeys } from './keys.ts';
import type { MeterName } from './meter-name.ts';

/**
 * Longer than anything can come again: a stream keeps its records for a day, and what could not be taken waits in a queue for two
 * weeks.
 */
const KEPT_SECONDS = 45 * 86_400;
/** 320 KB of the 400 KB that an item may have. */
const FINGERPRINTS_A_ROW = 20_000;

/** Things of one meter that happened in one hour. */
export interface Happened {
  readonly tenantId: TenantId;
  readonly meter: MeterName;
  /** When they arrived. It must not change when they come again: else they would count in two hours. */
  readonly hour: Hour;
  /** What tells them apart. */
  readonly ids: readonly string[];
}

/**
 * Writes down what happened, and that the hour is to be counted. What comes again, in whatever batches, is written again and counts
 * once. Returns when it can no longer be lost.
 */
export async function recordEvidence(usage: Table, { tenantId, meter, hour, ids }: Happened, now: Date): Promise<void> {
  const unique = [...new Set(ids)].sort();
  const parts = Array.from({ length: Math.ceil(unique.length / FINGERPRINTS_A_ROW) }, (_, i) =>
    fingerprintsOf(unique.slice(i * FINGERPRINTS_A_ROW, (i + 1) * FINGERPRINTS_A_ROW)),
  );
  if (parts.length === 0) return;
  const expiresAt = Math.floor(now.getTime() / 1000) + KEPT_SECONDS;
  for (const fingerprints of parts) {
    const digest = createHash('sha256').update(fingerprints).digest('hex').slice(0, 32);
    const Item = { ...usageKeys.evidence(tenantId, meter, hour, digest), fingerprints, expiresAt };
    await usage.client.send(new PutCommand({ TableName: usage.name, Item }));
  }
  await markDue(usage, { tenantId, meter, hour });
}

/** Writes down how much there was in an hour. A later look replaces an earlier one. */
export async function recordGauge(
  usage: Table,
  { tenantId, meter, hour }: Omit<Happened, 'ids'>,
  steps: number,
  now: Date,
): Promise<void> {
  const expiresAt = Math.floor(now.getTime() / 1000) + KEPT_SECONDS;
  const Item = { ...usageKeys.evidence(tenantId, meter, hour, 'gauge'), steps, expiresAt };
  await usage.client.send(new PutCommand({ TableName: usage.name, Item }));
  await markDue(usage, { tenantId, meter, hour });
}

/** Comes after the evidence: whoever sees the new version finds all that it stands for. */
async function markDue(usage: Table, { tenantId, meter, hour }: Omit<Happened, 'ids'>): Promise<void> {
  await usage.client.send(
    new UpdateCommand({
      TableName: usage.name,
      Key: usageKeys.due(tenantId, meter, hour),
      UpdateExpression: 'ADD version :one SET gsi1pk = :due, gsi1sk = :place',
      ExpressionAttributeValues: { ':one': 1, ':due': usageIndex.due, ':place': `${hour}#${tenantId}#${meter}` },
    }),
  );
}

/** How much the newest look found; 0 when there was none. */
export const readGauge = async (usage: Table, at: Omit<Happened, 'ids'>): Promise<number> =>
  (await findGauge(usage, at)) ?? 0;

export const hasGauge = async (usage: Table, at: Omit<Happened, 'ids'>): Promise<boolean> =>
  (await findGauge(usage, at)) !== undefined;

async function findGauge(usage: Table, { tenantId, meter, hour }: Omit<Happened, 'ids'>): Promise<number | undefined> {
  const { Item } = await usage.client.send(
    new GetCommand({
      TableName: usage.name,
      Key: usageKeys.evidence(tenantId, meter, hour, 'gauge'),
      ConsistentRead: true,
    }),
  );
  return Item && z.object({ steps: z.int().nonnegative() }).parse(Item).steps;
}

const rowSchema = z.object({ fingerprints: z.instanceof(Uint8Array) });

async function* evidenceOf(usage: Table, tenantId: TenantId, meter: MeterName, hour: Hour) {
  const { pk, sk } = usageKeys.evidence(tenantId, meter, hour, '');
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await usage.client.send(
      new QueryCommand({
        TableName: usage.name,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
        ProjectionExpression: 'fingerprints',
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    for (const item of Items) yield rowSchema.parse(item).fingerprints;
    from = LastEvaluatedKey;
  } while (from);
}

/**
 * How many different things the evidence of an hour shows. Holds no more than `heldMax` fingerprints in memory: where there are more, it
 * reads the evidence several times and takes a share of them each time.
 */
export async function countDistinct(
  usage: Table,
  { tenantId, meter, hour }: Omit<Happened, 'ids'>,
  heldMax = 4_000_000,
): Promise<number> {
  for (let shares = 1; ; shares *= 2) {
    const counts = await countShares(() => evidenceOf(usage, tenantId, meter, hour), shares, heldMax);
    if (counts !== undefined) return counts;
  }
}

/** @returns undefined when a share holds too many */
async function countShares(
  read: () => AsyncIterable<Uint8Array>,
  shares: number,
  heldMax: number,
): Promise<number | undefined> {
  let count = 0;
  for (let share = 0; share < shares; share += 1) {
    const distinct = new DistinctFingerprints();
    for await (const row of read()) {
      for (let at = 0; at < row.byteLength; at += FINGERPRINT_BYTES) distinct.add(row, at, { share, of: shares });
      if (distinct.size > heldMax) return undefined;
    }
    count += distinct.size;
  }
  return count;
}
