import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { OperatorActor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { Role } from '../identity/role.ts';
import { isTenantId, type TenantId } from '../ids/id.ts';
import { loadTenant } from '../tenant/tenant.ts';

/** An operator sees what the tenant sees, and changes nothing as its user. */
export const impersonationRole = 'viewer' as const satisfies Role;

/** After this time an impersonation is over by itself. */
export const impersonationMs = 60 * 60 * 1000;

interface Tables {
  readonly control: Table;
  readonly auditTable: string;
}

export interface Impersonation {
  readonly tenantId: TenantId;
  readonly until: string;
}

const rowSchema = z.object({ tenantId: z.custom<TenantId>(isTenantId), until: z.iso.datetime() });

/** Reads a row of an impersonation; undefined when it is over, though the row may still be there. */
export function parseImpersonation(row: unknown, at: Date): Impersonation | undefined {
  const impersonation = rowSchema.parse(row);
  return Date.parse(impersonation.until) > at.getTime() ? impersonation : undefined;
}

/**
 * Lets an operator look at a tenant as one of its viewers for an hour. The tenant's own rows say so, which is what every request checks,
 * and its audit log says who, when and why. The operator's next access token is for that tenant.
 * @throws {DomainError} `not_found`, `illegal_transition` for a tenant that is deleted
 */
export async function startImpersonation(
  tables: Tables,
  { tenantId, reason }: { readonly tenantId: TenantId; readonly reason: string },
  { actor, at }: { readonly actor: OperatorActor; readonly at: Date },
): Promise<Impersonation> {
  const { control, auditTable } = tables;
  const tenant = await loadTenant(control, tenantId);
  if (tenant.status === 'deleted') {
    throw new DomainError('illegal_transition', 'A company that is deleted cannot be looked at.');
  }
  const end = new Date(at.getTime() + impersonationMs);
  const row = {
    tenantId,
    sub: actor.sub,
    reason,
    since: at.toISOString(),
    until: end.toISOString(),
    expiresAt: Math.ceil(end.getTime() / 1000),
  };
  await control.client.send(
    new TransactWriteCommand({
      TransactItems: [
        { Put: { TableName: control.name, Item: { ...controlKeys.impersonation(tenantId, actor.userId), ...row } } },
        { Put: { TableName: control.name, Item: { ...controlKeys.impersonating(actor.sub), ...row } } },
        auditItem(auditTable, { tenantId, actor, action: 'impersonation.started', details: { reason }, at }),
      ],
    }),
  );
  return { tenantId, until: row.until };
}

/** Ends it at once, for every token of the operator. Ending what is over already changes nothing. */
export async function endImpersonation(
  tables: Tables,
  tenantId: TenantId,
  { actor, at }: { readonly actor: OperatorActor; readonly at: Date },
): Promise<void> {
  const { control, auditTable } = tables;
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Delete: {
              TableName: control.name,
              Key: controlKeys.impersonation(tenantId, actor.userId),
              ConditionExpression: 'attribute_exists(pk)',
            },
          },
          { Delete: { TableName: control.name, Key: controlKeys.impersonating(actor.sub) } },
          auditItem(auditTable, { tenantId, actor, action: 'impersonation.ended', details: {}, at }),
        ],
      }),
    );
  } catch (error) {
    if (cancellationCodes(error)?.[0] !== 'ConditionalCheckFailed') throw error;
  }
}
