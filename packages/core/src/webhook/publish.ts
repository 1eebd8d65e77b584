import type { AuditRecord } from '../audit/audit.ts';
import type { Table } from '../control/table.ts';
import { idPrefixes, newId, type TenantId } from '../ids/id.ts';
import { type DeliveryMessage, putDelivery } from './delivery.ts';
import { listWebhooks } from './endpoint.ts';
import { eventTypeOf, testEventType } from './events.ts';

/** An event's id is that of the entry of the log that it stands for, so that it stays the same however often the entry is looked at. */
export const messageIdOf = (entryId: string): string =>
  entryId.replace(`${idPrefixes.audit}_`, `${idPrefixes.message}_`);

const payloadOf = (type: string, at: string, data: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ type, timestamp: at, data });

/**
 * Lays down what is to be sent because of an entry of the audit log, for each endpoint that asked for it. Repeating it is safe.
 * @returns what is due now
 */
export async function publishEntry(
  control: Table,
  tenantId: TenantId,
  entry: AuditRecord,
  at: Date,
): Promise<readonly DeliveryMessage[]> {
  const type = eventTypeOf(entry);
  if (!type) return [];
  const messageId = messageIdOf(entry.id);
  const payload = payloadOf(type, entry.at, { tenantId, actor: entry.actor, ...entry.details });
  const endpoints = (await listWebhooks(control, tenantId)).filter(
    ({ enabled, events }) => enabled && events.includes(type),
  );
  const due: DeliveryMessage[] = [];
  for (const { webhookId } of endpoints) {
    const stands = await putDelivery(control, tenantId, { webhookId, messageId, type, payload }, at);
    if (stands) due.push({ tenantId, webhookId, messageId });
  }
  return due;
}

/** Lays down a test event for one endpoint. @returns undefined when it is gone */
export async function publishTest(
  control: Table,
  tenantId: TenantId,
  webhookId: string,
  at: Date,
): Promise<DeliveryMessage | undefined> {
  const messageId = newId('message', at.getTime());
  const payload = payloadOf(testEventType, at.toISOString(), { tenantId, webhookId });
  const stands = await putDelivery(control, tenantId, { webhookId, messageId, type: testEventType, payload }, at);
  return stands ? { tenantId, webhookId, messageId } : undefined;
}
