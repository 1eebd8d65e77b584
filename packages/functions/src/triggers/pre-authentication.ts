import { findUser } from '@tenantry/core/identity/user';
import { identitiesOf } from '@tenantry/core/sso/federation';
import { closedToPassword } from '@tenantry/core/sso/sign-in';
import type { PreAuthenticationTriggerEvent } from 'aws-lambda';
import { ownTables } from '../scoped/own-tables.ts';

const { Control: control } = ownTables('triggers/pre-authentication');

/** Refuses a password that leads nowhere, where a company has made its own provider a duty. */
export async function handler(event: PreAuthenticationTriggerEvent): Promise<PreAuthenticationTriggerEvent> {
  const { sub, email, identities, 'cognito:user_status': status } = event.request.userAttributes;
  // Whoever has no password cannot be signed in by one, should the pool ask for such too.
  if (!email || status === 'EXTERNAL_PROVIDER') return event;
  const user = sub ? await findUser(control, sub) : undefined;
  const [own] = identitiesOf(identities);
  await closedToPassword(control, {
    addresses: user ? [email, user.email] : [email],
    // Whoever is linked to a provider acts in that company alone, so that another one is no reason to let it in.
    memberships: (user?.memberships ?? []).filter(({ tenantId }) => !own || tenantId === own.tenantId),
  });
  return event;
}
