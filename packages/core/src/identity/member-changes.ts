import { DeleteCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MemberActor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { controlKeys } from '../control/keys.ts';
import { isConditionFailure, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId, UserId } from '../ids/id.ts';
import { mayGive, type Role } from './role.ts';
import { changeRoster, type Member, type Roster, rosterItem } from './roster.ts';

export interface MemberTables {
  /** Reaches the rows of the company. */
  readonly control: Table;
  readonly auditTable: string;
  /** Reaches the users' own rows, by which they find their companies. They follow the company's rows, which alone decide. */
  readonly users: Table;
}

interface Context {
  readonly actor: MemberActor;
  readonly at: Date;
}

function memberOf({ members }: Roster, userId: UserId): Member {
  const member = members.find((candidate) => candidate.userId === userId);
  if (!member) throw new DomainError('not_found', 'There is no such user in this company.');
  return member;
}

/** @throws {DomainError} `conflict` when nobody else is an owner */
function assertOwnerStays({ members }: Roster, leaving: Member): void {
  if (leaving.role !== 'owner' || members.some(({ role, userId }) => role === 'owner' && userId !== leaving.userId))
    return;
  throw new DomainError('conflict', 'A company has at least one owner; make somebody else an owner first.');
}

/** @throws {DomainError} `forbidden` unless somebody of the actor's role may both give and take all of the roles */
export function assertMayGive(actor: MemberActor, ...roles: readonly Role[]): void {
  const beyond = roles.find((role) => !mayGive[actor.role].includes(role));
  if (beyond) throw new DomainError('forbidden', `The role ${actor.role} may not decide who is ${beyond}.`);
}

/**
 * Gives a member another role; it counts from the next request. Safe to repeat.
 * @throws {DomainError} `not_found`, `forbidden`, `conflict` when no owner would be left
 */
export async function changeRole(
  { control, auditTable, users }: MemberTables,
  change: { readonly userId: UserId; readonly role: Role },
  { actor, at }: Context,
): Promise<Member> {
  const { tenantId } = actor;
  const { userId, role } = change;
  const member = await changeRoster(control, tenantId, async (roster) => {
    const before = memberOf(roster, userId);
    assertMayGive(actor, before.role, role);
    if (before.role === role) return before;
    if (role !== 'owner') assertOwnerStays(roster, before);
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.member(tenantId, userId),
              UpdateExpression: 'SET #role = :role',
              ConditionExpression: '#role = :before',
              ExpressionAttributeNames: { '#role': 'role' },
              ExpressionAttributeValues: { ':role': role, ':before': before.role },
            },
          },
          rosterItem(control.name, tenantId, roster),
          auditItem(auditTable, {
            tenantId,
            actor,
            action: 'user.roleChanged',
            details: { userId, from: before.role, to: role },
            at,
          }),
        ],
      }),
    );
    return { ...before, role };
  });
  await followRole(users, tenantId, member);
  return member;
}

async function followRole(users: Table, tenantId: TenantId, { sub, role }: Member): Promise<void> {
  try {
    await users.client.send(
      new UpdateCommand({
        TableName: users.name,
        Key: controlKeys.membership(sub, tenantId),
        UpdateExpression: 'SET #role = :role',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#role': 'role' },
        ExpressionAttributeValues: { ':role': role },
      }),
    );
  } catch (error) {
    // Whoever was let go in the meantime stays gone.
    if (!isConditionFailure(error)) throw error;
  }
}

/**
 * Lets a member go, from its very next request on. Members may let themselves go.
 * @throws {DomainError} `not_found`, `forbidden`, `conflict` when no owner would be left
 */
export async function removeMember(
  { control, auditTable, users }: MemberTables,
  userId: UserId,
  { actor, at }: Context,
): Promise<void> {
  const { tenantId } = actor;
  const leaves = userId === actor.userId;
  const { sub } = await changeRoster(control, tenantId, async (roster) => {
    const member = memberOf(roster, userId);
    if (!leaves) assertMayGive(actor, member.role);
    assertOwnerStays(roster, member);
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Delete: {
              TableName: control.name,
              Key: controlKeys.member(tenantId, userId),
              ConditionExpression: '#role = :role',
              ExpressionAttributeNames: { '#role': 'role' },
              ExpressionAttributeValues: { ':role': member.role },
            },
          },
          rosterItem(control.name, tenantId, roster),
          auditItem(auditTable, {
            tenantId,
            actor,
            action: leaves ? 'user.left' : 'user.removed',
            details: { userId, role: member.role },
            at,
          }),
        ],
      }),
    );
    return member;
  });
  await users.client.send(new DeleteCommand({ TableName: users.name, Key: controlKeys.membership(sub, tenantId) }));
}
