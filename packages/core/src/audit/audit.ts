import { type Actor, actorName } from '../actor/actor.ts';
import { newId, type TenantId } from '../ids/id.ts';

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
