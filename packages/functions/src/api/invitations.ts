import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { UserActor } from '@tenantry/core/actor/actor';
import { DomainError } from '@tenantry/core/errors/domain-error';
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

const managed = (): DomainError =>
  new DomainError(
    'forbidden',
    'You sign in by your company’s own provider, which lets you act in that company alone. Use another mail address.',
  );

/**
 * The address that the user pool knows to be the user's at this moment; undefined when it has not been verified.
 * @throws {DomainError} `forbidden` for whoever comes by a company's provider: what that says of an address is for its own company alone
 */
async function verifiedEmail(sub: string): Promise<string | undefined> {
  const { UserAttributes = [] } = await pool
    .send(new AdminGetUserCommand({ UserPoolId: USER_POOL_ID, Username: sub }))
    .catch((error: unknown) => {
      // Whoever has no password here is known by another name.
      throw error instanceof UserNotFoundException ? managed() : error;
    });
  if (UserAttributes.some(({ Name }) => Name === 'identities')) throw managed();
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
