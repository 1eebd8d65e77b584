import { findUser } from '@tenantry/core/identity/user';
import { closedToPassword } from '@tenantry/core/sso/sign-in';
import type { PreAuthenticationTriggerEvent } from 'aws-lambda';
import { ownTables } from '../scoped/own-tables.ts';

const { Control: control } = ownTables('triggers/pre-authentication');

/** Refuses a password that leads nowhere, where a company has made its own provider a duty. */
export async function handler(event: PreAuthenticationTriggerEvent): Promise<PreAuthenticationTriggerEvent> {
  const { sub, email, 'cognito:user_status': status } = event.request.userAttributes;
  // Whoever has no password cannot be signed in by one, should the pool ask for such too.
  if (!email || status === 'EXTERNAL_PROVIDER') return event;
  await closedToPassword(control, email, async () => (sub && (await findUser(control, sub))?.memberships) || []);
  return event;
}
