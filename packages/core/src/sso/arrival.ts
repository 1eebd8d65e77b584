import { GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { auditItem } from '../audit/audit.ts';
import { roleSchema } from '../contract/schemas.ts';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { changeRoster, type Member, rosterItem } from '../identity/roster.ts';
import type { User } from '../identity/user.ts';
import type { TenantId, UserId } from '../ids/id.ts';
import { assertBelowLimit } from '../tier/entitlements.ts';
import type { SsoPerson } from './settings.ts';
import type { WorkingSso } from './sign-in.ts';

const memberRowSchema = z.object({ role: roleSchema, joinedAt: z.string() });

/** Companies in these statuses take new users. */
const openStatuses: readonly string[] = ['active', 'migrating', 'suspended'];

/** Somebody who came by a company's provider, as the user pool says. */
export interface Arrival {
  readonly user: User;
  readonly email: string;
  readonly subject: string;
  /** Whether it was a user before. */
  readonly linked: boolean;
}

/**
 * Makes somebody a user of the company that came by its provider for the first time, with the role that the company gives to such, and remembers
 * that it came: whoever is let go later stays gone, however often the provider sends it.
 * @param control with the company's own credentials
 * @param users the table with a role that may write rows of users
 * @throws {DomainError} `limit_reached`, `conflict`
 */
export async function arrive(
  tables: { readonly control: Table; readonly auditTable: string; readonly users: Table },
  { tenant, provider }: WorkingSso,
  { user, email, subject, linked }: Arrival,
  at: Date,
): Promise<Member | undefined> {
  const { control, auditTable, users } = tables;
  const { tenantId, tier, status } = tenant;
  if (!openStatuses.includes(status)) return undefined;
  const { sub, userId } = user;
  const person: SsoPerson = { sub, userId, subject, linked, arrivedAt: at.toISOString() };
  const member = await changeRoster(control, tenantId, async (roster) => {
    const present = roster.members.find((candidate) => candidate.userId === userId);
    const joined: Member = present ?? {
      userId,
      sub,
      email: email.toLowerCase(),
      role: provider.defaultRole,
      joinedAt: at.toISOString(),
    };
    if (!present) assertBelowLimit(tier, 'users', roster.members.length);
    const { userId: _, ...row } = joined;
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: control.name,
              Item: { ...controlKeys.ssoPerson(tenantId, sub), ...person },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
          ...(present
            ? []
            : [
                {
                  Put: {
                    TableName: control.name,
                    Item: { ...controlKeys.member(tenantId, userId), tenantId, ...row },
                    ConditionExpression: 'attribute_not_exists(pk)',
                  },
                },
                rosterItem(control.name, tenantId, roster),
              ]),
          auditItem(auditTable, {
            tenantId,
            actor: { kind: 'system', name: 'single-sign-on' },
            action: 'sso.arrived',
            details: { userId, role: joined.role, linked: String(linked) },
            at,
          }),
        ],
      }),
    );
    return joined;
  });
  await noteMembership(users, tenantId, sub, member);
  return member;
}

/** The row by which a user finds its company. Written again, it stays as it is. */
export async function noteMembership(
  users: Table,
  tenantId: TenantId,
  sub: string,
  { role, joinedAt }: Pick<Member, 'role' | 'joinedAt'>,
): Promise<void> {
  await users.client.send(
    new PutCommand({
      TableName: users.name,
      Item: { ...controlKeys.membership(sub, tenantId), tenantId, role, joinedAt },
    }),
  );
}

/** Whether somebody came by the company's provider before. */
export async function hasArrived(control: Table, tenantId: TenantId, sub: string): Promise<boolean> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.ssoPerson(tenantId, sub), ConsistentRead: true }),
  );
  return Item !== undefined;
}

/** The company's own row of a user; undefined when it is none, or was let go. */
export async function memberOf(
  control: Table,
  tenantId: TenantId,
  userId: UserId,
): Promise<Pick<Member, 'role' | 'joinedAt'> | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.member(tenantId, userId), ConsistentRead: true }),
  );
  return Item && memberRowSchema.parse(Item);
}
