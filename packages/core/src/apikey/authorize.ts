import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { CallingKeyKind } from '../contract/route.ts';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { parseTenant, type Tenant } from '../tenant/tenant.ts';
import { dayOf, hourOf } from '../usage/hours.ts';
import { usageKeys } from '../usage/keys.ts';
import { parseApiKey, parseApiKeyRow } from './api-key.ts';
import { parseProbeKeyRow } from './probe-key.ts';

/** A key that works. */
export interface AuthorizedKey {
  readonly keyId: string;
  readonly kind: CallingKeyKind;
}

/**
 * Finds the key, its tenant, and how many events that has sent today as far as they are counted, in one round trip; undefined for
 * anything that is not a key that works.
 */
export async function authorizeApiKey(
  { Control: control, Usage: usage }: { readonly Control: Table; readonly Usage: Table },
  key: string,
  at: Date,
): Promise<{ readonly apiKey: AuthorizedKey; readonly tenant: Tenant; readonly eventsToday: number } | undefined> {
  const parsed = parseApiKey(key);
  if (!parsed) return undefined;
  const { tenantId, kind, hash } = parsed;
  const place = kind === 'probe' ? controlKeys.probeKey(tenantId) : controlKeys.apiKey(tenantId, hash);
  const { Responses } = await control.client.send(
    new BatchGetCommand({
      RequestItems: {
        [control.name]: { Keys: [controlKeys.tenant(tenantId), place], ConsistentRead: true },
        [usage.name]: { Keys: [usageKeys.day(tenantId, 'events_collected', dayOf(hourOf(at)))] },
      },
    }),
  );
  const rows = Responses?.[control.name] ?? [];
  const tenantRow = rows.find((row) => row.sk === 'META');
  const keyRow = rows.find((row) => row.sk !== 'META');
  if (!tenantRow || !keyRow) return undefined;
  const tenant = parseTenant(tenantRow);
  const [day] = z.array(z.object({ steps: z.int() })).parse(Responses?.[usage.name] ?? []);
  const eventsToday = day?.steps ?? 0;
  if (kind === 'probe') {
    const probe = parseProbeKeyRow(keyRow, hash, at);
    return probe && { apiKey: { keyId: probe.keyId, kind }, tenant, eventsToday };
  }
  const apiKey = parseApiKeyRow(keyRow);
  if (apiKey.validUntil && Date.parse(apiKey.validUntil) <= at.getTime()) return undefined;
  return apiKey.kind === kind ? { apiKey, tenant, eventsToday } : undefined;
}
