import type { Role } from '@tenantry/core/identity/role';
import { ensureUser, type User } from '@tenantry/core/identity/user';
import type { TenantId } from '@tenantry/core/ids/id';
import { impersonationRole } from '@tenantry/core/operator/impersonation';
import { arrive, hasArrived, memberOf, noteMembership } from '@tenantry/core/sso/arrival';
import { type Federation, federationOf } from '@tenantry/core/sso/federation';
import { closedToPassword } from '@tenantry/core/sso/sign-in';
import { findTenant } from '@tenantry/core/tenant/tenant';
import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';

const { Control: control } = ownTables('triggers/pre-token');
const scopeOf = createScope('triggers/pre-token');

interface Membership {
  readonly tenantId: TenantId;
  readonly role: Role;
}

/** The membership in the company whose provider somebody comes by: the only one that it can have, and made when it comes for the first time. */
async function federatedMembership(
  user: User,
  email: string,
  { tenantId, subject, linked, sso }: Federation,
  signsIn: boolean,
): Promise<Membership | undefined> {
  const present = user.memberships.find((membership) => membership.tenantId === tenantId);
  if (!sso || !signsIn) return present;
  if (!(await hasArrived(control, tenantId, user.sub))) {
    const { Control, Audit } = scopeOf({ tenantId, requestId: user.sub })['tenant-arrival'];
    const tables = { control: Control, auditTable: Audit.name, users: control };
    const member = await arrive(tables, sso, { user, email, subject, linked }, new Date());
    return member && { tenantId, role: member.role };
  }
  if (present) return present;
  // It came before and is not one of its companies: either an answer was lost half-way, or it was let go since.
  const member = await memberOf(control, tenantId, user.userId);
  if (member) await noteMembership(control, tenantId, user.sub, member);
  return member && { tenantId, role: member.role };
}

async function passwordMembership(user: User, email: string): Promise<Membership | undefined> {
  const { memberships, impersonation, activeTenantId } = user;
  const closed = await closedToPassword(control, { addresses: [email, user.email], memberships });
  if (impersonation) return { tenantId: impersonation.tenantId, role: impersonationRole };
  return memberships.find(({ tenantId }) => tenantId === activeTenantId && !closed.has(tenantId));
}

/**
 * Puts the user's id and its active tenant, role, tier and status into the access token, from the control table alone:
 * nothing that a user can write on its own profile carries authority, and of what a company's provider says nothing but who it is.
 */
export async function handler(event: PreTokenGenerationV2TriggerEvent): Promise<PreTokenGenerationV2TriggerEvent> {
  const { userAttributes } = event.request;
  const { sub, email } = userAttributes;
  if (!sub || !email) throw new Error('The user has no sub or no mail address.');
  const federation = await federationOf(control, userAttributes);
  const user = await ensureUser(control, sub, email);
  const membership = federation
    ? await federatedMembership(user, email, federation, event.triggerSource === 'TokenGeneration_HostedAuth')
    : await passwordMembership(user, email);
  const tenant = membership && (await findTenant(control, membership.tenantId));
  event.response = {
    claimsAndScopeOverrideDetails: {
      accessTokenGeneration: {
        claimsToAddOrOverride: {
          userId: user.userId,
          ...(membership && tenant
            ? { tenantId: tenant.tenantId, role: membership.role, tier: tenant.tier, status: tenant.status }
            : {}),
        },
      },
      // No company's provider makes anybody staff of ours.
      ...(federation ? { groupOverrideDetails: { groupsToOverride: [] } } : {}),
    },
  };
  return event;
}
