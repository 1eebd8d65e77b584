import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Actor, actorName } from '../actor/actor.ts';
import type { Table } from '../control/table.ts';
import { idPattern, isTenantId, newId, type TenantId } from '../ids/id.ts';

/** One entry of a tenant's audit log. */
export interface AuditEntry {
  readonly tenantId: TenantId;
  readonly actor: Actor;
  /** `tenant.status`, `apiKey.created`, … */
  readonly action: string;
  readonly details: Readonly<Record<string, string | number>>;
  readonly at: Date;
}

/**
 * The transaction item that appends an entry, so that what happened and its record are written together or not at all.
 * Entries are only ever put, under ids that did not exist.
 */
export function auditItem(tableName: string, entry: AuditEntry) {
  return {
    Put: {
      TableName: tableName,
      Item: {
        pk: `TENANT#${entry.tenantId}`,
        sk: newId('audit', entry.at.getTime()),
        at: entry.at.toISOString(),
        actor: actorName(entry.actor),
        action: entry.action,
        details: entry.details,
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** Appends an entry by itself, for what changes nothing else. */
export async function appendAudit(audit: Table, entry: AuditEntry): Promise<void> {
  await audit.client.send(new PutCommand(auditItem(audit.name, entry).Put));
}

const auditRowSchema = z.object({
  sk: z.string().regex(idPattern('audit')),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** An entry as it was written. */
export type AuditRecord = Omit<z.infer<typeof auditRowSchema>, 'sk'> & { readonly id: string };

/** Whose entry a row is; undefined for what is no entry. */
export function auditTenantOf({ pk, sk }: Readonly<Record<string, unknown>>): TenantId | undefined {
  const tenantId = String(pk).slice('TENANT#'.length);
  return isTenantId(tenantId) && idPattern('audit').test(String(sk)) ? tenantId : undefined;
}

/** Reads a row of the log. */
export function parseAuditRow(row: unknown): AuditRecord {
  const { sk, ...entry } = auditRowSchema.parse(row);
  return { id: sk, ...entry };
}

export interface AuditPage {
  readonly entries: readonly AuditRecord[];
  /** The last entry of the page; undefined when there is none older. */
  readonly next: string | undefined;
}
