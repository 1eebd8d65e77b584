import { AdminGetUserCommand, CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { UserActor } from '@tenantry/core/actor/actor';
import {
  acceptInvitation,
  type Invited,
  noInvitation,
  readInvitation,
} from '@tenantry/core/identity/invitation-acceptance';
import { parseInvitationToken } from '@tenantry/core/identity/invitation-token';
import { readEnvironment, required } from '../environment.ts';
import { logTenant } from '../logging.ts';
import { createApi } from '../middleware/api.ts';
import { ownTables } from '../scoped/own-tables.ts';
import { createScope } from '../scoped/scope.ts';

const { USER_POOL_ID } = readEnvironment({ USER_POOL_ID: required });
const pool = new CognitoIdentityProviderClient({});
/** The function's own role reaches rows of users only; the company is reached with credentials of its own. */
const { Control: users } = ownTables('api/invitations');
const scopeOf = createScope('api/invitations');

/** The address that the user pool knows to be the user's at this moment; undefined when it has not been verified. */
async function verifiedEmail(sub: string): Promise<string | undefined> {
  const { UserAttributes = [] } = await pool.send(new AdminGetUserCommand({ UserPoolId: USER_POOL_ID, Username: sub }));
  const attribute = (name: string) => UserAttributes.find(({ Name }) => Name === name)?.Value;
  return attribute('email_verified') === 'true' ? attribute('email')?.toLowerCase() : undefined;
}

/** The company that a token names, with the credentials for it. The token's hash decides whether it opens anything there. */
async function openToken(token: string, request: { actor: UserActor; requestId: string; now: Date }) {
  const named = parseInvitationToken(token);
  if (!named) throw noInvitation();
  const { actor, requestId, now } = request;
  logTenant(named.tenantId);
  const { Control, Audit } = scopeOf({ tenantId: named.tenantId, requestId })['tenant-joining'];
  const invited: Invited = { actor, email: await verifiedEmail(actor.sub), at: now };
  return { named, invited, tables: { control: Control, auditTable: Audit.name, users } };
}

export const handler = createApi('invitations', scopeOf, {
  readInvitation: async ({ body, ...request }) => {
    const { named, invited, tables } = await openToken(body.token, request);
    return readInvitation(tables.control, named, invited);
  },
  acceptInvitation: async ({ body, ...request }) => {
    const { named, invited, tables } = await openToken(body.token, request);
    return acceptInvitation(tables, named, invited);
  },
});
