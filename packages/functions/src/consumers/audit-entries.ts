import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type AuditRecord, auditTenantOf, parseAuditRow } from '@tenantry/core/audit/audit';
import type { TenantId } from '@tenantry/core/ids/id';
import type { DynamoDBStreamEvent } from 'aws-lambda';

/** What a batch of the audit table's stream tells of new entries, each tenant's in their order. Rows that go, and rows that are no entries, are passed over. */
export function auditEntriesOf(
  event: DynamoDBStreamEvent,
): readonly { readonly tenantId: TenantId; readonly entries: readonly AuditRecord[] }[] {
  const byTenant = new Map<TenantId, AuditRecord[]>();
  for (const { eventName, dynamodb } of event.Records) {
    if (eventName !== 'INSERT' || !dynamodb?.NewImage) continue;
    const row = unmarshall(dynamodb.NewImage as Parameters<typeof unmarshall>[0]);
    const tenantId = auditTenantOf(row);
    if (!tenantId) continue;
    const entries = byTenant.get(tenantId) ?? [];
    entries.push(parseAuditRow(row));
    byTenant.set(tenantId, entries);
  }
  return [...byTenant].map(([tenantId, entries]) => ({ tenantId, entries }));
}
