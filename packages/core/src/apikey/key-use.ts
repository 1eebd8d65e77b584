import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';

/** When a key was used last is known to this, so that a key in use costs one write in such a time and process. */
const NOTED_EVERY_MS = 15 * 60_000;
const REMEMBERED_MAX = 10_000;
const KEPT_SECONDS = 400 * 86_400;
const PREFIX = 'KEY#';

/** Notes now and then that keys are used, beside the count of requests, where whoever answers shops may write. */
export class KeyUse {
  readonly #now: () => number;
  readonly #noted = new Map<string, number>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async note(control: Table, tenantId: TenantId, keyId: string): Promise<void> {
    const now = this.#now();
    if ((this.#noted.get(keyId) ?? 0) > now - NOTED_EVERY_MS) return;
    if (this.#noted.size >= REMEMBERED_MAX) this.#noted.clear();
    this.#noted.set(keyId, now);
    try {
      await control.client.send(
        new UpdateCommand({
          TableName: control.name,
          Key: controlKeys.keyUse(tenantId, keyId),
          UpdateExpression: 'SET lastUsedAt = :at, expiresAt = :expiresAt',
          ConditionExpression: 'attribute_not_exists(lastUsedAt) OR lastUsedAt < :at',
          ExpressionAttributeValues: {
            ':at': new Date(now).toISOString(),
            ':expiresAt': Math.floor(now / 1000) + KEPT_SECONDS,
          },
        }),
      );
    } catch (error) {
      // Another process was later.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}

const rowSchema = z.object({ sk: z.string(), lastUsedAt: z.string() });

/** When each key was used last, a quarter of an hour more or less; keys that never were are left out. */
export async function lastUses(control: Table, tenantId: TenantId): Promise<ReadonlyMap<string, string>> {
  const { pk } = controlKeys.keyUse(tenantId, '');
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': PREFIX },
      // Keys of the past leave theirs behind for a while; the newest are at the end.
      ScanIndexForward: false,
    }),
  );
  return new Map(
    z
      .array(rowSchema)
      .parse(Items)
      .map(({ sk, lastUsedAt }) => [sk.slice(PREFIX.length), lastUsedAt]),
  );
}
