import { ensureUser } from '@tenantry/core/identity/user';
import { impersonationRole } from '@tenantry/core/operator/impersonation';
import { findTenant } from '@tenantry/core/tenant/tenant';
import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import { ownTables } from '../scoped/own-tables.ts';

const { Control: control } = ownTables('triggers/pre-token');

/**
 * Puts the user's id and its active tenant, role, tier and status into the access token, from the control table alone:
 * nothing that a user can write on its own profile carries authority.
 */
export async function handler(event: PreTokenGenerationV2TriggerEvent): Promise<PreTokenGenerationV2TriggerEvent> {
  const { sub, email } = event.request.userAttributes;
  if (!sub || !email) throw new Error('The user has no sub or no mail address.');
  const user = await ensureUser(control, sub, email);
  const active = user.memberships.find(({ tenantId }) => tenantId === user.activeTenantId);
  const membership = user.impersonation ? { tenantId: user.impersonation.tenantId, role: impersonationRole } : active;
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
    },
  };
  return event;
}
