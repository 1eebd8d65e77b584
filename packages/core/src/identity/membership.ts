import { GetCommand, TransactGetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { roleSchema } from '../contract/schemas.ts';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId, UserId } from '../ids/id.ts';
import { impersonationRole, parseImpersonation } from '../operator/impersonation.ts';
import { parseTenant, type Tenant } from '../tenant/tenant.ts';
import type { Role } from './role.ts';

/**
 * The tenant and the user's present role in it, in one round trip. A token may be an hour old; this is what counts.
 * An operator who impersonates is a member for as long as the tenant's own row says so.
 * @throws {DomainError} `forbidden` when the user is not, or no longer, a member.
 */
export async function loadMembership(
  control: Table,
  tenantId: TenantId,
  userId: UserId,
  at = new Date(),
): Promise<Membership> {
  const found = await findMembership(control, tenantId, userId, at);
  if (!found) throw new DomainError('forbidden', 'You are not a member of this company.');
  return found;
}

export interface Membership {
  readonly tenant: Tenant;
  readonly role: Role;
  readonly impersonating: boolean;
}

/** The same; undefined when the user is not, or no longer, a member. */
export async function findMembership(
  control: Table,
  tenantId: TenantId,
  userId: UserId,
  at: Date,
): Promise<Membership | undefined> {
  const { Responses = [] } = await control.client.send(
    new TransactGetCommand({
      TransactItems: [
        { Get: { TableName: control.name, Key: controlKeys.tenant(tenantId) } },
        { Get: { TableName: control.name, Key: controlKeys.member(tenantId, userId) } },
        { Get: { TableName: control.name, Key: controlKeys.impersonation(tenantId, userId) } },
      ],
    }),
  );
  const [tenantRow, memberRow, impersonationRow] = Responses.map((response) => response.Item);
  const impersonating = !memberRow && impersonationRow !== undefined && !!parseImpersonation(impersonationRow, at);
  if (!tenantRow || !(memberRow || impersonating)) return undefined;
  return {
    tenant: parseTenant(tenantRow),
    role: memberRow ? z.object({ role: roleSchema }).parse(memberRow).role : impersonationRole,
    impersonating,
  };
}

/** @throws {DomainError} `forbidden` when the user is not a member. */
export async function readMember(
  control: Table,
  tenantId: TenantId,
  userId: UserId,
): Promise<{ readonly role: Role; readonly email: string }> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.member(tenantId, userId) }),
  );
  if (!Item) throw new DomainError('forbidden', 'You are not a member of this company.');
  return z.object({ role: roleSchema, email: z.string() }).parse(Item);
}
