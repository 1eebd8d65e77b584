import { timingSafeEqual } from 'node:crypto';
import { PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { UserActor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import { findTenant, type Tenant } from '../tenant/tenant.ts';
import { assertBelowLimit } from '../tier/entitlements.ts';
import { isOpen, type StoredInvitation } from './invitation-row.ts';
import type { parseInvitationToken } from './invitation-token.ts';
import type { MemberTables } from './member-changes.ts';
import type { Role } from './role.ts';
import { changeRoster, type Roster, readRoster, rosterItem } from './roster.ts';
import { findUser, membershipsMax } from './user.ts';

type Named = NonNullable<ReturnType<typeof parseInvitationToken>>;

/** Companies in these statuses take new users. */
const openStatuses = ['active', 'migrating', 'suspended'] as const satisfies readonly Tenant['status'][];

export const noInvitation = (): DomainError =>
  new DomainError('not_found', 'This invitation is over, or there never was one. Ask for a new one.');

/** Whoever accepts: signed in, with the address that the user pool has verified. */
export interface Invited {
  readonly actor: UserActor;
  /** In lower case; undefined when none is verified. */
  readonly email: string | undefined;
  readonly at: Date;
}

/** The invitation that a token opens, for the address that it was sent to. */
function invitationOf(roster: Roster, { invitationId, hash }: Named, { actor, email, at }: Invited): StoredInvitation {
  const found = roster.invitations.find((invitation) => invitation.invitationId === invitationId);
  if (!found || !timingSafeEqual(Buffer.from(found.tokenHash), Buffer.from(hash))) throw noInvitation();
  if (!isOpen(found, at) && found.acceptedBy !== actor.userId) throw noInvitation();
  if (found.email === email) return found;
  throw new DomainError(
    'forbidden',
    'This invitation was sent to another address. Sign in with the one that its mail went to.',
  );
}

async function companyOf(control: Table, tenantId: TenantId): Promise<Tenant> {
  const tenant = await findTenant(control, tenantId);
  if (!tenant || !(openStatuses as readonly string[]).includes(tenant.status)) throw noInvitation();
  return tenant;
}

/** What an invitation is to, for whoever it was sent to. @throws {DomainError} `not_found`, `forbidden` */
export async function readInvitation(control: Table, named: Named, invited: Invited) {
  const { role, email } = invitationOf(await readRoster(control, named.tenantId), named, invited);
  const { name } = await companyOf(control, named.tenantId);
  return { company: name, role, email };
}

/**
 * Makes whoever an invitation was sent to a user of the company, which becomes its active one. Counts once; repeated by the same user, it ends
 * what a lost answer had left half-way.
 * @throws {DomainError} `not_found`, `forbidden`, `limit_reached`, `conflict`
 */
export async function acceptInvitation(
  tables: MemberTables,
  named: Named,
  invited: Invited,
): Promise<{ readonly tenantId: TenantId; readonly role: Role }> {
  const { control, users } = tables;
  const { tenantId } = named;
  const { actor, at } = invited;
  const user = await findUser(users, actor.sub, at);
  if (!user) throw new DomainError('unauthenticated', 'Sign in again.');
  const tenant = await companyOf(control, tenantId);
  const { role, joinedAt } = await changeRoster(control, tenantId, async (roster) => {
    const invitation = invitationOf(roster, named, invited);
    const member = roster.members.find(({ userId }) => userId === actor.userId);
    if (member) return member;
    // It was accepted before, and whoever did so has been let go since.
    if (invitation.acceptedBy) throw noInvitation();
    assertBelowLimit(tenant.tier, 'users', roster.members.length);
    if (user.memberships.length >= membershipsMax) {
      throw new DomainError('limit_reached', `You can be a member of at most ${membershipsMax} companies.`);
    }
    await join(tables, roster, tenantId, invitation, invited);
    return { role: invitation.role, joinedAt: at.toISOString() };
  });
  await users.client.send(
    new PutCommand({
      TableName: users.name,
      Item: { ...controlKeys.membership(actor.sub, tenantId), tenantId, role, joinedAt },
    }),
  );
  await users.client.send(
    new UpdateCommand({
      TableName: users.name,
      Key: controlKeys.user(actor.sub),
      UpdateExpression: 'SET activeTenantId = :tenantId',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':tenantId': tenantId },
    }),
  );
  return { tenantId, role };
}

async function join(
  { control, auditTable }: MemberTables,
  roster: Roster,
  tenantId: TenantId,
  { invitationId, email, role, tokenHash }: StoredInvitation,
  { actor, at }: Invited,
): Promise<void> {
  const { sub, userId } = actor;
  const TableName = control.name;
  await control.client.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          // A company that is being closed lets its users go, and takes no new ones meanwhile.
          ConditionCheck: {
            TableName,
            Key: controlKeys.tenant(tenantId),
            ConditionExpression: `#status IN (${openStatuses.map((_, index) => `:s${index}`).join(', ')})`,
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: Object.fromEntries(openStatuses.map((status, index) => [`:s${index}`, status])),
          },
        },
        {
          Update: {
            TableName,
            Key: controlKeys.invitation(tenantId, invitationId),
            UpdateExpression: 'SET acceptedBy = :userId',
            ConditionExpression: 'tokenHash = :hash AND attribute_not_exists(acceptedBy)',
            ExpressionAttributeValues: { ':userId': userId, ':hash': tokenHash },
          },
        },
        {
          Put: {
            TableName,
            Item: { ...controlKeys.member(tenantId, userId), tenantId, role, joinedAt: at.toISOString(), sub, email },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        rosterItem(TableName, tenantId, roster),
        auditItem(auditTable, { tenantId, actor, action: 'user.joined', details: { invitationId, userId, role }, at }),
      ],
    }),
  );
}
