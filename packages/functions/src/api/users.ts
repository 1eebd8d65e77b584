import { DomainError } from '@tenantry/core/errors/domain-error';
import {
  type IssuedInvitation,
  invite,
  openInvitations,
  renewInvitation,
  revokeInvitation,
} from '@tenantry/core/identity/invitation';
import { invitationView } from '@tenantry/core/identity/invitation-row';
import { changeRole, removeMember } from '@tenantry/core/identity/member-changes';
import { type Member, readMembers, readRoster } from '@tenantry/core/identity/roster';
import { invitationMail } from '@tenantry/core/mail/invitation-mail';
import type { Language } from '@tenantry/core/tenant/language';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { readEnvironment, required } from '../environment.ts';
import { ownMailSender } from '../mail.ts';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope, type Scoped } from '../scoped/scope.ts';

const { SITE_URL } = readEnvironment({ SITE_URL: required });
/** The function's own role reaches rows of users only; those of the company are reached with its credentials. */
const { Control: users } = ownTables('api/users');
const send = ownMailSender();

const tablesOf = ({ 'tenant-users': { Control, Audit } }: Scoped<'api/users'>) => ({
  control: Control,
  auditTable: Audit.name,
  users,
});

const userView = ({ userId, email, role, joinedAt }: Member) => ({ id: userId, email, role, joinedAt });

/** Mails an invitation. The token is in the link's fragment, which browsers send to nobody. */
async function mailInvitation(
  { invitation, token }: IssuedInvitation,
  { name, language = 'en' }: Pick<Tenant, 'name' | 'language'>,
  wanted?: Language,
) {
  const { email, role, expiresAt } = invitation;
  const facts = { company: name, role, expiresAt };
  try {
    await send({ to: [email], ...invitationMail(wanted ?? language, facts, `${SITE_URL}/invitation#${token}`) });
  } catch (cause) {
    throw new DomainError('unavailable', 'The invitation is made, but its mail could not be sent; send it again.', {
      cause,
    });
  }
  return invitationView(invitation);
}

function assertConfirmed(confirm: string, { slug }: Tenant): void {
  if (confirm === slug) return;
  throw new DomainError('invalid_request', 'Confirm by the address of the company that you leave.', {
    fields: [{ field: 'confirm', message: 'is not the address of the company' }],
  });
}

export const handler = createApi('users', createScope('api/users'), {
  listUsers: async ({ tenant: { tenantId, tier }, scoped }) => ({
    users: (await readMembers(scoped['tenant-users'].Control, tenantId)).map(userView),
    allowed: tierCatalogue[tier].limits.users,
  }),
  changeRole: async ({ params, body, actor, scoped, now }) =>
    userView(await changeRole(tablesOf(scoped), { ...params, ...body }, { actor, at: now })),
  removeUser: async ({ params, actor, scoped, now }) => {
    await removeMember(tablesOf(scoped), params.userId, { actor, at: now });
    return undefined;
  },
  leaveTenant: async ({ query, tenant, actor, scoped, now }) => {
    assertConfirmed(query.confirm, tenant);
    await removeMember(tablesOf(scoped), actor.userId, { actor, at: now });
    return undefined;
  },
  listInvitations: async ({ tenant: { tenantId }, scoped, now }) => ({
    invitations: openInvitations(await readRoster(scoped['tenant-users'].Control, tenantId), now).map(invitationView),
  }),
  inviteUser: async ({ body: { language, ...wanted }, tenant, actor, scoped, now }) => {
    const issued = await invite(tablesOf(scoped), { ...wanted, tier: tenant.tier }, { actor, at: now });
    return mailInvitation(issued, tenant, language);
  },
  renewInvitation: async ({ params, tenant, actor, scoped, now }) =>
    mailInvitation(await renewInvitation(tablesOf(scoped), params.invitationId, { actor, at: now }), tenant),
  revokeInvitation: async ({ params, actor, scoped, now }) => {
    await revokeInvitation(tablesOf(scoped), params.invitationId, { actor, at: now });
    return undefined;
  },
});
