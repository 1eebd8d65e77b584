import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { CallingKeyKind } from '../contract/route.ts';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { parseTenant, type Tenant } from '../tenant/tenant.ts';
import { parseApiKey, parseApiKeyRow } from './api-key.ts';
import { parseProbeKeyRow } from './probe-key.ts';

/** A key that works. */
export interface AuthorizedKey {
  readonly keyId: string;
  readonly kind: CallingKeyKind;
}

/** Finds the key and its tenant in one round trip; undefined for anything that is not a key that works. */
export async function authorizeApiKey(
  control: Table,
  key: string,
  at: Date,
): Promise<{ readonly apiKey: AuthorizedKey; readonly tenant: Tenant } | undefined> {
  const parsed = parseApiKey(key);
  if (!parsed) return undefined;
  const { tenantId, kind, hash } = parsed;
  const place = kind === 'probe' ? controlKeys.probeKey(tenantId) : controlKeys.apiKey(tenantId, hash);
  const { Responses } = await control.client.send(
    new BatchGetCommand({
      RequestItems: { [control.name]: { Keys: [controlKeys.tenant(tenantId), place], ConsistentRead: true } },
    }),
  );
  const rows = Responses?.[control.name] ?? [];
  const tenantRow = rows.find((row) => row.sk === 'META');
  const keyRow = rows.find((row) => row.sk !== 'META');
  if (!tenantRow || !keyRow) return undefined;
  const tenant = parseTenant(tenantRow);
  if (kind === 'probe') {
    const probe = parseProbeKeyRow(keyRow, hash, at);
    return probe && { apiKey: { keyId: probe.keyId, kind }, tenant };
  }
  const apiKey = parseApiKeyRow(keyRow);
  return apiKey.kind === kind ? { apiKey, tenant } : undefined;
}
