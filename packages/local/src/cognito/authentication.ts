import { AwsError } from '../aws/engine.ts';
import { passwordFields } from './credentials.ts';
import { codeMismatch, incorrectCredentials, notAuthorized, userNotFound } from './errors.ts';
import type { Flow, FlowStep } from './flow-store.ts';
import { assertPassword, passwordMatches } from './password.ts';
import type { ClientSpec } from './pool-spec.ts';
import { totpStep } from './totp.ts';
import type { PoolAndClient, UserPool } from './user-pool.ts';
import type { User } from './user-store.ts';

/** A sign-in that is complete, or the step that it still needs. */
export type Progress =
  | { readonly kind: 'done'; readonly user: User }
  | { readonly kind: 'step'; readonly step: FlowStep; readonly handle: string; readonly user: User };

/** How long a step of a sign-in may take. */
const STEP_LIFETIME_MS = 3 * 60_000;

const FAILURES_BEFORE_LOCK = 5;
const LOCK_MS_MAX = 15 * 60_000;
const STEP_ATTEMPTS_MAX = 5;

function hidesExistence(client: ClientSpec): boolean {
  return client.preventUserExistenceErrors !== false;
}

/**
 * @returns undefined when there is no such user and the client hides that
 * @throws {AwsError} `UserNotFoundException` when there is none and the client tells
 */
export function findUser({ pool, client }: PoolAndClient, username: string): User | undefined {
  const user = pool.users.find(username);
  if (user === undefined && !hidesExistence(client)) throw userNotFound();
  return user;
}

/** @throws {AwsError} `NotAuthorizedException` while too many wrong passwords lock the user */
export function assertUnlocked(pool: UserPool, user: User): void {
  if (user.lockedUntil > pool.now()) throw notAuthorized('Password attempts exceeded');
}

/** Counts a wrong password; from the fifth on, each locks the user for twice as long, up to 15 minutes. */
export function countFailure(pool: UserPool, sub: string): void {
  const failures = (pool.users.find(sub)?.failures ?? 0) + 1;
  const lockMs =
    failures < FAILURES_BEFORE_LOCK ? 0 : Math.min(1000 * 2 ** (failures - FAILURES_BEFORE_LOCK), LOCK_MS_MAX);
  pool.users.update(sub, { failures, lockedUntil: lockMs === 0 ? 0 : pool.now() + lockMs });
}

/**
 * What must hold of a user whose password was right.
 * @throws {AwsError} `NotAuthorizedException`, `UserNotConfirmedException` or `PasswordResetRequiredException`
 */
export function admit(pool: UserPool, user: User): User {
  if (!user.enabled) throw notAuthorized('User is disabled.');
  if (user.status === 'UNCONFIRMED') throw new AwsError('UserNotConfirmedException', 'User is not confirmed.');
  if (user.status === 'RESET_REQUIRED') {
    throw new AwsError('PasswordResetRequiredException', 'Password reset required for the user');
  }
  if (user.temporaryUntil !== undefined && user.temporaryUntil <= pool.now()) {
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.');
  }
  return user.failures === 0 ? user : pool.users.update(user.sub, { failures: 0, lockedUntil: 0 });
}

/** Lets the pool's trigger refuse a sign-in by password. @throws {AwsError} what the trigger makes */
export const askBeforePassword = ({ pool, client }: PoolAndClient, username: string, user: User | undefined) =>
  pool.askTrigger({
    source: 'PreAuthentication_Authentication',
    clientId: client.id,
    userName: user?.sub ?? username,
    attributes: user ? { sub: user.sub, 'cognito:user_status': user.status, ...user.attributes } : {},
    userNotFound: user === undefined,
  });

/** @throws {AwsError} `NotAuthorizedException` for a wrong user or password, and what `admit` and `askBeforePassword` throw */
export async function checkPassword(at: PoolAndClient, username: string, password: string): Promise<User> {
  const user = findUser(at, username);
  if (user !== undefined) assertUnlocked(at.pool, user);
  await askBeforePassword(at, username, user);
  const matches = await passwordMatches(password, user?.passwordHash);
  if (user === undefined) throw incorrectCredentials();
  if (!matches) {
    countFailure(at.pool, user.sub);
    throw incorrectCredentials();
  }
  return admit(at.pool, user);
}

function nextStep(pool: UserPool, user: User): FlowStep | undefined {
  if (user.status === 'FORCE_CHANGE_PASSWORD') return 'NEW_PASSWORD_REQUIRED';
  if (pool.spec.mfa === 'OFF') return undefined;
  if (user.totpSecret === undefined) return pool.spec.mfa === 'ON' ? 'MFA_SETUP' : undefined;
  return pool.spec.mfa === 'ON' || user.totpPreferred ? 'SOFTWARE_TOKEN_MFA' : undefined;
}

/** Where a sign-in stands once the password was right: done, or at the step that comes next. */
export function advance({ pool, client }: PoolAndClient, user: User): Progress {
  const step = nextStep(pool, user);
  if (step === undefined) return { kind: 'done', user };
  const handle = pool.flows.begin({ clientId: client.id, step, sub: user.sub, data: {} }, STEP_LIFETIME_MS);
  return { kind: 'step', step, handle, user };
}

/**
 * The step that a handle stands for, with its user.
 * @throws {AwsError} `NotAuthorizedException` when it is over or another step
 */
export function openStep(
  { pool, client }: PoolAndClient,
  handle: string,
  step: FlowStep,
): { readonly flow: Flow; readonly user: User } {
  const flow = pool.flows.get(handle);
  const user = flow === undefined ? undefined : pool.users.find(flow.sub);
  if (flow === undefined || user === undefined || flow.step !== step || flow.clientId !== client.id) {
    throw notAuthorized('Invalid session for the user, session is expired.');
  }
  if (!user.enabled) throw notAuthorized('User is disabled.');
  return { flow, user };
}

function endStep(pool: UserPool, handle: string): void {
  if (!pool.flows.end(handle)) throw notAuthorized('Invalid session for the user, session is expired.');
}

/** Sets the password that replaces a temporary one. The step stays open when the password breaks the policy. */
export async function answerNewPassword(
  at: PoolAndClient,
  handle: string,
  password: string,
  attributes: User['attributes'] = {},
): Promise<Progress> {
  const { user } = openStep(at, handle, 'NEW_PASSWORD_REQUIRED');
  assertPassword(at.pool.spec.passwordPolicy, password);
  const fields = await passwordFields(at.pool.spec.id, user.sub, password);
  endStep(at.pool, handle);
  const changed = at.pool.users.update(user.sub, {
    ...fields,
    attributes: { ...user.attributes, email_verified: 'true', ...attributes },
    status: 'CONFIRMED',
    temporaryUntil: undefined,
  });
  return advance(at, changed);
}

/**
 * Takes a code of an authenticator app; each code is taken once.
 * @throws {AwsError} `CodeMismatchException`, `ExpiredCodeException` for a code taken before
 */
export function acceptTotp(pool: UserPool, user: User, secret: string, code: string): number {
  const step = totpStep(secret, code, pool.now());
  if (step === undefined) throw new AwsError('CodeMismatchException', 'Invalid code received for user');
  if (step <= user.totpLastStep) {
    throw new AwsError('ExpiredCodeException', 'Your software token has already been used once.');
  }
  return step;
}

/** Answers the second factor. After five wrong codes the sign-in starts over. */
export function answerTotp(at: PoolAndClient, handle: string, code: string): Progress {
  const { user } = openStep(at, handle, 'SOFTWARE_TOKEN_MFA');
  if (user.totpSecret === undefined) throw codeMismatch();
  try {
    const step = acceptTotp(at.pool, user, user.totpSecret, code);
    endStep(at.pool, handle);
    return { kind: 'done', user: at.pool.users.update(user.sub, { totpLastStep: step }) };
  } catch (error) {
    if (at.pool.flows.countAttempt(handle) >= STEP_ATTEMPTS_MAX) at.pool.flows.end(handle);
    throw error;
  }
}

/** Goes on after an authenticator app was set up within a sign-in. */
export function answerMfaSetup(at: PoolAndClient, handle: string): Progress {
  const { user } = openStep(at, handle, 'MFA_SETUP');
  if (user.totpSecret === undefined) throw notAuthorized('The software token was not verified.');
  endStep(at.pool, handle);
  return { kind: 'done', user };
}
