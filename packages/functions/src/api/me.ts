import { DomainError } from '@tenantry/core/errors/domain-error';
import { createFlagSource } from '@tenantry/core/flag/source';
import {
  changePreferences,
  type MailPreferences,
  readPreferences,
  wants,
} from '@tenantry/core/identity/mail-preferences';
import { findMembership } from '@tenantry/core/identity/membership';
import { findUser, setActiveTenant } from '@tenantry/core/identity/user';
import type { TenantId } from '@tenantry/core/ids/id';
import { findTenant, tenantView } from '@tenantry/core/tenant/tenant';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';

/** The function's own role reads rows of users only; each tenant is read with credentials of its own. */
const { Control: users } = ownTables('api/me');
const scopeOf = createScope('api/me');
const flags = createFlagSource(users);

async function flagsOf(tenantId: TenantId | null, requestId: string) {
  if (!tenantId) return null;
  const tenant = await findTenant(scopeOf({ tenantId, requestId })['tenant-member'].Control, tenantId);
  return tenant ? flags.all(tenant) : null;
}

const mailChoices = (preferences: MailPreferences) => ({
  weeklyReport: wants(preferences, 'weeklyReport'),
  announcements: wants(preferences, 'announcements'),
});

export const handler = createApi('me', scopeOf, {
  getMe: async ({ actor, requestId, now }) => {
    const user = await findUser(users, actor.sub, now);
    if (!user) throw new DomainError('unauthenticated', 'Sign in again.');
    const readMemberships = Promise.all(
      user.memberships.map(async ({ tenantId }) => {
        const registry = scopeOf({ tenantId, requestId })['tenant-member'].Control;
        // The company's own rows say who belongs to it, and as what.
        const found = await findMembership(registry, tenantId, user.userId, now);
        if (!found || found.impersonating || found.tenant.status === 'deleted') return [];
        return [{ role: found.role, tenant: tenantView(found.tenant) }];
      }),
    );
    const worksIn = user.impersonation?.tenantId ?? user.activeTenantId;
    const [memberships, flagsOn, preferences] = await Promise.all([
      readMemberships,
      flagsOf(worksIn, requestId),
      readPreferences(users, actor.sub),
    ]);
    return {
      id: user.userId,
      email: user.email,
      activeTenantId: user.activeTenantId,
      memberships: memberships.flat(),
      operator: actor.operator,
      language: preferences.language ?? null,
      mails: mailChoices(preferences),
      impersonation: user.impersonation ?? null,
      flags: flagsOn,
    };
  },
  updateMe: async ({ actor, body: { language } }) => {
    await changePreferences(users, actor.sub, { language });
    return { language };
  },
  chooseMails: async ({ actor, body }) => {
    await changePreferences(users, actor.sub, body);
    return mailChoices(await readPreferences(users, actor.sub));
  },
  setActiveTenant: async ({ actor, body }) => {
    await setActiveTenant(users, actor.sub, body.tenantId);
    return { activeTenantId: body.tenantId };
  },
});
