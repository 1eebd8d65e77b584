import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { parseTenant, type Tenant } from '../tenant/tenant.ts';
import { type ApiKey, parseApiKey, parseApiKeyRow } from './api-key.ts';

/** Finds the key and its tenant in one round trip; undefined for anything that is not a key that works. */
export async function authorizeApiKey(
  control: Table,
  key: string,
): Promise<{ readonly apiKey: ApiKey; readonly tenant: Tenant } | undefined> {
  const parsed = parseApiKey(key);
  if (!parsed) return undefined;
  const { Responses } = await control.client.send(
    new BatchGetCommand({
      RequestItems: {
        [control.name]: {
          Keys: [controlKeys.tenant(parsed.tenantId), controlKeys.apiKey(parsed.tenantId, parsed.hash)],
          ConsistentRead: true,
        },
      },
    }),
  );
  const rows = Responses?.[control.name] ?? [];
  const tenantRow = rows.find((row) => row.sk === 'META');
  const keyRow = rows.find((row) => row.sk !== 'META');
  if (!tenantRow || !keyRow) return undefined;
  const apiKey = parseApiKeyRow(keyRow);
  return apiKey.kind === parsed.kind ? { apiKey, tenant: parseTenant(tenantRow) } : undefined;
}
