import { randomBytes } from 'node:crypto';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { keyIdSchema } from '../contract/schemas.ts';
import { controlKeys } from '../control/keys.ts';
import { isConditionFailure, type Table } from '../control/table.ts';
import { newId, type TenantId } from '../ids/id.ts';
import { hashApiKey } from './api-key.ts';

/** Longer than a probe takes. A key that its probe could not remove is worth nothing afterwards, and expires as a row. */
const PROBE_KEY_SECONDS = 60;
const RANDOM_BYTES = 32;

const probeKeyRowSchema = z.object({ keyId: keyIdSchema, hash: z.string(), expiresAt: z.number() });

/** The key of a row, while it counts; undefined when it does not. */
export function parseProbeKeyRow(row: unknown, hash: string, at: Date): { readonly keyId: string } | undefined {
  const probe = probeKeyRowSchema.parse(row);
  return probe.hash === hash && at.getTime() < probe.expiresAt * 1000 ? { keyId: probe.keyId } : undefined;
}

/** Removes whatever probe key there is. */
export async function removeProbeKey(control: Table, tenantId: TenantId): Promise<void> {
  await control.client.send(new DeleteCommand({ TableName: control.name, Key: controlKeys.probeKey(tenantId) }));
}

/**
 * Makes the one key with which the onboarding may ask for a recommendation as a shopper would, before the tenant is served. A newer one
 * replaces it. It is in no list of API keys, and of use for that one route only.
 */
export async function createProbeKey(
  control: Table,
  tenantId: TenantId,
  at: Date,
): Promise<{ readonly secret: string; remove(): Promise<void> }> {
  const secret = `probe_${tenantId.slice('ten_'.length)}_${randomBytes(RANDOM_BYTES).toString('base64url')}`;
  const hash = hashApiKey(secret);
  const key = controlKeys.probeKey(tenantId);
  const expiresAt = Math.floor(at.getTime() / 1000) + PROBE_KEY_SECONDS;
  await control.client.send(
    new PutCommand({
      TableName: control.name,
      Item: { ...key, keyId: newId('apiKey', at.getTime()), hash, expiresAt },
    }),
  );
  return {
    secret,
    async remove() {
      try {
        await control.client.send(
          new DeleteCommand({
            TableName: control.name,
            Key: key,
            ConditionExpression: '#hash = :hash',
            ExpressionAttributeNames: { '#hash': 'hash' },
            ExpressionAttributeValues: { ':hash': hash },
          }),
        );
      } catch (error) {
        // A newer probe's key, which is not this one's to remove.
        if (!isConditionFailure(error)) throw error;
      }
    },
  };
}
