import { findUser } from '@tenantry/core/identity/user';
import { assertPasswordAllowed } from '@tenantry/core/sso/sign-in';
import type { PreAuthenticationTriggerEvent } from 'aws-lambda';
import { ownTables } from '../scoped/own-tables.ts';

const { Control: control } = ownTables('triggers/pre-authentication');

/** Refuses a password where a company has made its own provider a duty. */
export async function handler(event: PreAuthenticationTriggerEvent): Promise<PreAuthenticationTriggerEvent> {
  const { sub, email } = event.request.userAttributes;
  if (!email) return event;
  await assertPasswordAllowed(control, email, async (tenantId) => {
    const user = sub ? await findUser(control, sub) : undefined;
    return (
      user?.memberships.some((membership) => membership.tenantId === tenantId && membership.role === 'owner') ?? false
    );
  });
  return event;
}
