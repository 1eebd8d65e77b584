import { DomainError } from '@tenantry/core/errors/domain-error';
import { findMembership } from '@tenantry/core/identity/membership';
import { findUser, setActiveTenant } from '@tenantry/core/identity/user';
import { tenantView } from '@tenantry/core/tenant/tenant';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';

/** The function's own role reads rows of users only; each tenant is read with credentials of its own. */
const { Control: users } = ownTables('api/me');
const scopeOf = createScope('api/me');

export const handler = createApi('me', scopeOf, {
  getMe: async ({ actor, requestId, now }) => {
    const user = await findUser(users, actor.sub, now);
    if (!user) throw new DomainError('unauthenticated', 'Sign in again.');
    const memberships = await Promise.all(
      user.memberships.map(async ({ tenantId }) => {
        const registry = scopeOf({ tenantId, requestId })['tenant-member'].Control;
        // The company's own rows say who belongs to it, and as what.
        const found = await findMembership(registry, tenantId, user.userId, now);
        if (!found || found.impersonating || found.tenant.status === 'deleted') return [];
        return [{ role: found.role, tenant: tenantView(found.tenant) }];
      }),
    );
    return {
      id: user.userId,
      email: user.email,
      activeTenantId: user.activeTenantId,
      memberships: memberships.flat(),
      operator: actor.operator,
      impersonation: user.impersonation ?? null,
    };
  },
  setActiveTenant: async ({ actor, body }) => {
    await setActiveTenant(users, actor.sub, body.tenantId);
    return { activeTenantId: body.tenantId };
  },
});
