import {
  AdminLinkProviderForUserCommand,
  AdminListGroupsForUserCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
  ListUsersCommand,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import { ssoLinked } from '@tenantry/core/contract/sso-linked';
import { findUser } from '@tenantry/core/identity/user';
import type { TenantId } from '@tenantry/core/ids/id';
import { identitiesOf } from '@tenantry/core/sso/federation';
import { type FederatedName, parseFederatedName, providerNameOf } from '@tenantry/core/sso/provider-name';
import { assertProviderSpeaksFor, closedToPassword, type WorkingSso } from '@tenantry/core/sso/sign-in';
import type { PreSignUpTriggerEvent } from 'aws-lambda';
import { log } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';

const { Control: control } = ownTables('triggers/pre-sign-up');
const cognito = new CognitoIdentityProviderClient({});

const quoted = (text: string): string => text.replace(/["\\]/g, '\\$&');

/** The user who signed up here with an address and has shown that it is its own. */
async function confirmedUser(poolId: string, email: string): Promise<UserType | undefined> {
  const { Users = [] } = await cognito.send(
    new ListUsersCommand({ UserPoolId: poolId, Filter: `email = "${quoted(email)}"`, Limit: 10 }),
  );
  const isVerified = ({ Attributes = [] }: UserType) =>
    Attributes.some(({ Name, Value }) => Name === 'email_verified' && Value === 'true');
  return Users.find((user) => user.UserStatus === 'CONFIRMED' && user.Enabled && isVerified(user));
}

/**
 * Whether a company's provider may sign a user in who was there before. It may not where the user is more than one of this company: it is no
 * concern of the company's provider what somebody does in other companies, or as staff of ours. Nor may it where another company's provider signs
 * the same user in, which decides on the address that the user has.
 */
async function belongsToNobodyElse(
  poolId: string,
  sub: string,
  { Attributes = [] }: UserType,
  tenantId: TenantId,
): Promise<boolean> {
  const { identities } = Object.fromEntries(Attributes.map(({ Name, Value }) => [Name, Value]));
  if (identitiesOf(identities).some((identity) => identity.tenantId !== tenantId)) return false;
  const [user, { Groups = [] }] = await Promise.all([
    findUser(control, sub),
    cognito.send(new AdminListGroupsForUserCommand({ UserPoolId: poolId, Username: sub })),
  ]);
  const others = user?.memberships.filter((membership) => membership.tenantId !== tenantId) ?? [];
  return others.length === 0 && Groups.length === 0;
}

/** Links whoever comes to the user with the same address, where that is safe. @returns whether it did */
async function link(
  poolId: string,
  email: string,
  { tenantId, subject }: FederatedName,
  { provider }: WorkingSso,
): Promise<boolean> {
  const known = await confirmedUser(poolId, email);
  if (!known?.Username || !(await belongsToNobodyElse(poolId, known.Username, known, tenantId))) return false;
  await cognito.send(
    new AdminLinkProviderForUserCommand({
      UserPoolId: poolId,
      DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: known.Username },
      SourceUser: {
        ProviderName: providerNameOf(tenantId),
        ProviderAttributeName: 'Cognito_Subject',
        ProviderAttributeValue: subject,
      },
    }),
  );
  // Whoever has two ways in is known by neither, so that a session from before would stay good where the provider is a duty.
  if (provider.enforced)
    await cognito.send(new AdminUserGlobalSignOutCommand({ UserPoolId: poolId, Username: known.Username }));
  return true;
}

/**
 * Lets a new user in or not: by a company's provider only with an address of that company's verified domains, and by a password only where no
 * company has made its provider a duty.
 */
export async function handler(event: PreSignUpTriggerEvent): Promise<PreSignUpTriggerEvent> {
  const { triggerSource, userName, userPoolId } = event;
  const { email = '' } = event.request.userAttributes;
  if (triggerSource === 'PreSignUp_SignUp') await closedToPassword(control, { addresses: [email], memberships: [] });
  if (triggerSource !== 'PreSignUp_ExternalProvider') return event;
  const name = parseFederatedName(userName);
  if (!name) throw new Error('The user name is not one of a provider of ours.');
  const sso = await assertProviderSpeaksFor(control, name.tenantId, email);
  if (await link(userPoolId, email, name, sso)) {
    log.info('linked to the user of the same address');
    // The pool has prepared a new user by now and cannot go back to the old one: the site sends the browser once more.
    throw new Error(ssoLinked);
  }
  return event;
}
