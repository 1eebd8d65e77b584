import { AwsError } from '../../aws/engine.ts';
import { isEmail } from '../attributes.ts';
import { invalidParameter, notAuthorized } from '../errors.ts';
import { federatedName, withIdentities } from '../identity.ts';
import type { IdentityProvider } from '../identity-provider-store.ts';
import type { PoolAndClient } from '../user-pool.ts';
import type { Attributes, User } from '../user-store.ts';
import type { Assertion } from './assertion.ts';

const SUBJECT_LENGTH_MAX = 128;

/** The attributes that a provider's mapping takes from an assertion. */
function mapped({ mapping }: IdentityProvider, { subject, claims }: Assertion): Attributes {
  const entries = Object.entries(mapping).flatMap(([attribute, claim]) => {
    const value = claim === 'sub' ? subject : claims[claim];
    return value === undefined || attribute === 'username' ? [] : [[attribute, value] as const];
  });
  return Object.fromEntries(entries);
}

/** A new address is not verified by being said; that takes a mapping of `email_verified`. */
const unverified = (before: Attributes, given: Attributes): Attributes =>
  given.email !== undefined && given.email !== before.email && given.email_verified === undefined
    ? { email_verified: 'false' }
    : {};

/**
 * The user that an assertion stands for, made when the provider sends the person for the first time. What the provider maps is written at each
 * sign-in, as in AWS.
 * @throws {AwsError} what the trigger before sign-up makes; `NotAuthorizedException` for a disabled user;
 *   `InvalidParameterException` when the person was linked while it was asked for
 */
export async function federatedUser(
  { pool, client }: PoolAndClient,
  provider: IdentityProvider,
  assertion: Assertion,
): Promise<User> {
  const { name, type } = provider;
  const { subject } = assertion;
  const given = mapped(provider, assertion);
  if (subject === '' || subject.length > SUBJECT_LENGTH_MAX) throw invalidParameter('The subject is not of use.');
  if (given.email === undefined || !isEmail(given.email)) throw invalidParameter('attributes required: [email]');
  const userName = federatedName({ providerName: name, userId: subject });
  const known = pool.providers.subOf(name, subject);
  const found = known === undefined ? undefined : pool.users.find(known);
  if (found) {
    if (!found.enabled) throw notAuthorized('User is disabled.');
    const attributes = { ...found.attributes, ...given, ...unverified(found.attributes, given) };
    return pool.users.update(found.sub, { attributes });
  }
  await pool.askTrigger({
    source: 'PreSignUp_ExternalProvider',
    clientId: client.id,
    userName,
    attributes: { 'cognito:email_alias': '', 'cognito:phone_number_alias': '', ...given },
  });
  if (pool.providers.subOf(name, subject) !== undefined) {
    throw new AwsError('InvalidParameterException', `Already found an entry for username ${userName}`);
  }
  const sub = pool.randomUuid();
  const identity = { providerName: name, providerType: type, userId: subject, primary: true };
  const attributes = withIdentities({ email_verified: 'false', ...given }, [identity]);
  const user = pool.users.create(sub, 'EXTERNAL_PROVIDER', attributes);
  pool.providers.link(name, subject, sub);
  return user;
}
