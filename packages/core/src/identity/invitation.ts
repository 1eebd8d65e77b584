import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { MemberActor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { controlKeys } from '../control/keys.ts';
import type { Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import { type Id, newId, type TenantId } from '../ids/id.ts';
import type { TierName } from '../tier/catalogue.ts';
import { assertBelowLimit } from '../tier/entitlements.ts';
import { isOpen, type StoredInvitation } from './invitation-row.ts';
import { newInvitationToken } from './invitation-token.ts';
import { assertMayGive } from './member-changes.ts';
import type { Role } from './role.ts';
import { changeRoster, type Roster, rosterItem } from './roster.ts';

/** How long an invitation can be accepted. */
const OPEN_SECONDS = 7 * 86_400;

/** As many mails a company sends in a day (UTC): enough to bring in a department, and too few to bother strangers with. */
const MAILS_A_DAY = 100;

interface Tables {
  readonly control: Table;
  readonly auditTable: string;
}

interface Context {
  readonly actor: MemberActor;
  readonly at: Date;
}

/** An invitation with the token that its mail carries, which is never stored and so never shown again. */
export interface IssuedInvitation {
  readonly invitation: StoredInvitation;
  readonly token: string;
}

const secondsOf = (at: Date): number => Math.floor(at.getTime() / 1000);

export const openInvitations = ({ invitations }: Roster, at: Date): readonly StoredInvitation[] =>
  invitations.filter((invitation) => isOpen(invitation, at));

/** @throws {DomainError} `rate_limited` */
function countMail({ mails }: Roster, at: Date): Roster['mails'] {
  const day = at.toISOString().slice(0, 10);
  const count = mails.day === day ? mails.count + 1 : 1;
  if (count <= MAILS_A_DAY) return { day, count };
  const tomorrow = Date.parse(`${day}T00:00:00.000Z`) + 86_400_000;
  throw new DomainError('rate_limited', `At most ${MAILS_A_DAY} invitations are mailed in a day; go on tomorrow.`, {
    retryAfterSeconds: Math.ceil((tomorrow - at.getTime()) / 1000),
  });
}

/** Writes an invitation with a token of its own; an earlier token of it is void from then on. */
async function issue(
  { control, auditTable }: Tables,
  roster: Roster,
  invitation: Omit<StoredInvitation, 'tokenHash' | 'expiresAt'>,
  action: string,
  { actor, at }: Context,
): Promise<IssuedInvitation> {
  const { tenantId } = actor;
  const invitationId = invitation.invitationId;
  const { token, hash } = newInvitationToken(tenantId, invitationId);
  const row: StoredInvitation = { ...invitation, tokenHash: hash, expiresAt: secondsOf(at) + OPEN_SECONDS };
  await control.client.send(
    new TransactWriteCommand({
      TransactItems: [
        { Put: { TableName: control.name, Item: { ...controlKeys.invitation(tenantId, invitationId), ...row } } },
        rosterItem(control.name, tenantId, roster, countMail(roster, at)),
        auditItem(auditTable, { tenantId, actor, action, details: { invitationId, role: row.role }, at }),
      ],
    }),
  );
  return { invitation: row, token };
}

/**
 * Invites somebody by an address. Inviting the same address again replaces the invitation, and its earlier mail is good for nothing any
 * more.
 * @throws {DomainError} `forbidden`, `limit_reached`, `rate_limited`, `conflict` when the address is a member's
 */
export async function invite(
  tables: Tables,
  request: { readonly email: string; readonly role: Role; readonly tier: TierName },
  context: Context,
): Promise<IssuedInvitation> {
  const { actor, at } = context;
  const { email, role, tier } = request;
  assertMayGive(actor, role);
  return changeRoster(tables.control, actor.tenantId, (roster) => {
    if (roster.members.some((member) => member.email.toLowerCase() === email)) {
      throw new DomainError('conflict', 'Somebody with this address is a user of the company already.', {
        fields: [{ field: 'email', message: 'is a user already' }],
      });
    }
    const open = openInvitations(roster, at);
    const earlier = open.find((invitation) => invitation.email === email);
    if (earlier) assertMayGive(actor, earlier.role);
    else assertBelowLimit(tier, 'users', roster.members.length + open.length);
    const invitation = {
      invitationId: earlier?.invitationId ?? newId('invitation', at.getTime()),
      email,
      role,
      createdAt: at.toISOString(),
      createdBy: actor.userId,
    };
    return issue(tables, roster, invitation, 'user.invited', context);
  });
}

function openInvitation(roster: Roster, invitationId: Id<'invitation'>, at: Date): StoredInvitation {
  const found = openInvitations(roster, at).find((invitation) => invitation.invitationId === invitationId);
  if (!found) throw new DomainError('not_found', 'There is no such invitation, or it is over.');
  return found;
}

/** A new mail for an invitation, with time anew. @throws {DomainError} `not_found`, `forbidden`, `rate_limited` */
export function renewInvitation(
  tables: Tables,
  invitationId: Id<'invitation'>,
  context: Context,
): Promise<IssuedInvitation> {
  const { actor, at } = context;
  return changeRoster(tables.control, actor.tenantId, (roster) => {
    const { tokenHash: _, expiresAt: __, ...invitation } = openInvitation(roster, invitationId, at);
    assertMayGive(actor, invitation.role);
    return issue(tables, roster, invitation, 'user.invitationRenewed', context);
  });
}

/** Takes an invitation back. @throws {DomainError} `not_found`, `forbidden` */
export async function revokeInvitation(
  { control, auditTable }: Tables,
  invitationId: Id<'invitation'>,
  { actor, at }: Context,
): Promise<void> {
  const { tenantId }: { tenantId: TenantId } = actor;
  await changeRoster(control, tenantId, async (roster) => {
    assertMayGive(actor, openInvitation(roster, invitationId, at).role);
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          { Delete: { TableName: control.name, Key: controlKeys.invitation(tenantId, invitationId) } },
          rosterItem(control.name, tenantId, roster),
          auditItem(auditTable, { tenantId, actor, action: 'user.invitationRevoked', details: { invitationId }, at }),
        ],
      }),
    );
  });
}
