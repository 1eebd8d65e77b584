import { AwsError } from '../aws/engine.ts';
import { type AttributeValue, isEmail, writtenAttributes } from './attributes.ts';
import { findUser } from './authentication.ts';
import type { CodePurpose } from './code-store.ts';
import { passwordFields } from './credentials.ts';
import { codeMismatch, invalidParameter, limitExceeded, notAuthorized } from './errors.ts';
import { assertPassword, passwordMatches } from './password.ts';
import type { PoolAndClient, UserPool } from './user-pool.ts';
import { type User, userNameOf } from './user-store.ts';
import { codeMail } from './verification-mail.ts';

const CHANGE_FAILURES_MAX = 5;

/** `a***@e***`, as Cognito names where it sent a code. */
export function maskedEmail(email: string): string {
  const [name = '', domain = ''] = email.split('@');
  return `${name.slice(0, 1)}***@${domain.slice(0, 1)}***`;
}

/** @throws {AwsError} `LimitExceededException` after five mails in an hour */
export async function sendCode(pool: UserPool, user: User, purpose: CodePurpose): Promise<void> {
  const code = pool.codes.issue(user.sub, purpose);
  await pool.mail.send(codeMail(pool.spec, user.attributes.email ?? '', code));
}

/**
 * Registers a user and mails the code that confirms the address.
 * @throws {AwsError} `UsernameExistsException`, `InvalidPasswordException`, `InvalidParameterException`, `NotAuthorizedException`
 */
export async function signUp(
  { pool, client }: PoolAndClient,
  username: string,
  password: string,
  values: readonly AttributeValue[] = [],
): Promise<User> {
  if (pool.spec.adminCreateUserOnly === true) throw notAuthorized('SignUp is not permitted for this user pool');
  if (!isEmail(username)) throw invalidParameter('Username should be an email.');
  const attributes = writtenAttributes(pool.spec, { client }, 'create', values);
  if ((attributes.email ?? username).toLowerCase() !== username.toLowerCase()) {
    throw invalidParameter('The email attribute is not the username.');
  }
  assertPassword(pool.spec.passwordPolicy, password);
  const sub = pool.randomUuid();
  await pool.askTrigger({
    source: 'PreSignUp_SignUp',
    clientId: client.id,
    userName: sub,
    attributes: { ...attributes, email: username },
  });
  const fields = await passwordFields(pool.spec.id, sub, password);
  const all = { ...attributes, email: username, email_verified: 'false' };
  const user = pool.users.create(sub, 'UNCONFIRMED', all, fields);
  await sendCode(pool, user, 'SIGN_UP');
  return user;
}

/** @throws {AwsError} what `CodeStore.consume` throws; `NotAuthorizedException` when the user is confirmed already */
export function confirmSignUp(at: PoolAndClient, username: string, code: string): User {
  const user = findUser(at, username);
  if (user === undefined) throw codeMismatch();
  if (user.status !== 'UNCONFIRMED') {
    throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`);
  }
  at.pool.codes.consume(user.sub, 'SIGN_UP', code);
  return at.pool.users.update(user.sub, {
    status: 'CONFIRMED',
    attributes: { ...user.attributes, email_verified: 'true' },
  });
}

/** Nothing is sent, and nothing told, when there is no such user and the client hides that. */
export async function resendConfirmation(at: PoolAndClient, username: string): Promise<void> {
  const user = findUser(at, username);
  if (user === undefined) return;
  if (user.status !== 'UNCONFIRMED') throw invalidParameter('User is already confirmed.');
  await sendCode(at.pool, user, 'SIGN_UP');
}

/** Like `resendConfirmation` in what it tells. */
export async function forgotPassword(at: PoolAndClient, username: string): Promise<void> {
  const user = findUser(at, username);
  if (user === undefined) return;
  if (!user.enabled) throw notAuthorized('User is disabled.');
  if (user.status === 'FORCE_CHANGE_PASSWORD') {
    throw notAuthorized('User password cannot be reset in the current state.');
  }
  if (user.attributes.email_verified !== 'true') {
    throw invalidParameter(
      'Cannot reset password for the user as there is no registered/verified email or phone_number',
    );
  }
  await sendCode(at.pool, user, 'PASSWORD');
}

/** @throws {AwsError} what `CodeStore.consume` throws; `InvalidPasswordException`, with the code still good */
export async function confirmForgotPassword(
  at: PoolAndClient,
  username: string,
  code: string,
  password: string,
): Promise<User> {
  assertPassword(at.pool.spec.passwordPolicy, password);
  const user = findUser(at, username);
  if (user === undefined) throw codeMismatch();
  if (!user.enabled) throw notAuthorized('User is disabled.');
  at.pool.codes.consume(user.sub, 'PASSWORD', code);
  const fields = await passwordFields(at.pool.spec.id, user.sub, password);
  return at.pool.users.update(user.sub, { ...fields, status: 'CONFIRMED', temporaryUntil: undefined });
}

/** @throws {AwsError} `NotAuthorizedException` when the previous password is wrong, `LimitExceededException` after five times */
export async function changePassword(pool: UserPool, user: User, previous: string, proposed: string): Promise<void> {
  if (user.failures >= CHANGE_FAILURES_MAX && user.lockedUntil > pool.now()) throw limitExceeded();
  assertPassword(pool.spec.passwordPolicy, proposed);
  if (!(await passwordMatches(previous, user.passwordHash))) {
    const failures = user.failures + 1;
    pool.users.update(user.sub, { failures, lockedUntil: failures >= CHANGE_FAILURES_MAX ? pool.now() + 60_000 : 0 });
    throw notAuthorized('Incorrect username or password.');
  }
  pool.users.update(user.sub, await passwordFields(pool.spec.id, user.sub, proposed));
}

/**
 * Changes a user's own attributes. A new email address is unverified until its code is given.
 * @returns whether a code was mailed
 */
export async function updateOwnAttributes(
  { pool, client }: PoolAndClient,
  user: User,
  values: readonly AttributeValue[],
): Promise<boolean> {
  const written = writtenAttributes(pool.spec, { client }, 'change', values);
  const moved = written.email !== undefined && written.email !== user.attributes.email;
  const attributes = { ...user.attributes, ...written, ...(moved ? { email_verified: 'false' } : {}) };
  const changed = pool.users.update(user.sub, { attributes });
  if (moved) await sendCode(pool, changed, 'EMAIL');
  return moved;
}

/** @throws {AwsError} what `CodeStore.consume` throws */
export function verifyEmail(pool: UserPool, user: User, code: string): void {
  pool.codes.consume(user.sub, 'EMAIL', code);
  pool.users.update(user.sub, { attributes: { ...user.attributes, email_verified: 'true' } });
}

/**
 * By the user name: of somebody who came by a provider, the `sub` is none.
 * @throws {AwsError} `UserNotFoundException`, which administrators are always told
 */
export function requireUser(pool: UserPool, username: string): User {
  const user = pool.users.find(username);
  const isName = user !== undefined && (username !== user.sub || userNameOf(user) === user.sub);
  if (!isName) throw new AwsError('UserNotFoundException', 'User does not exist.');
  return user;
}
