import * as z from 'zod';
import { AwsError } from '../../aws/engine.ts';
import { requireUser, sendCode } from '../account.ts';
import { attributeList, isEmail, writtenAttributes } from '../attributes.ts';
import { passwordFields } from '../credentials.ts';
import { invalidParameter, notAuthorized, resourceNotFound } from '../errors.ts';
import { assertPassword } from '../password.ts';
import type { GroupSpec } from '../pool-spec.ts';
import type { UserPool } from '../user-pool.ts';
import { type User, userNameOf } from '../user-store.ts';
import { invitationMail } from '../verification-mail.ts';
import { adminOperation, attributeValues, type CognitoOperation, metadata, password, username } from './definition.ts';
import { groupBody, userBody } from './describe-operations.ts';
import { mfaSettings } from './user-operations.ts';

const DAY_MS = 86_400_000;
const byUsername = { Username: username };

/** A password that every policy accepts: each kind of character, and 96 random bits. */
function temporaryPassword(pool: UserPool): string {
  return `Aa1!${pool.randomBytes(12).toString('base64url')}`.padEnd(pool.spec.passwordPolicy.minimumLength, '7');
}

function temporaryUntil(pool: UserPool): number {
  return pool.now() + (pool.spec.passwordPolicy.temporaryPasswordValidityDays ?? 7) * DAY_MS;
}

function requireGroup(pool: UserPool, name: string): GroupSpec {
  const group = pool.spec.groups.find((candidate) => candidate.name === name);
  if (group === undefined) throw resourceNotFound('Group not found.');
  return group;
}

/** An operation on one user that answers nothing. */
function onUser<S extends z.ZodRawShape>(
  shape: S,
  change: (pool: UserPool, user: User, input: z.output<z.ZodObject<S>>) => void | Promise<void>,
): CognitoOperation {
  return adminOperation({ ...shape, ...byUsername }, async (pools, input) => {
    const named = input as { UserPoolId: string; Username: string };
    const pool = pools.byId(named.UserPoolId);
    await change(pool, requireUser(pool, named.Username), input as z.output<z.ZodObject<S>>);
    return {};
  });
}

async function inviteAgain(pool: UserPool, name: string, given: string | undefined): Promise<User> {
  const user = requireUser(pool, name);
  if (user.status !== 'FORCE_CHANGE_PASSWORD') {
    throw new AwsError(
      'UnsupportedUserStateException',
      'Resend not possible. User status is not FORCE_CHANGE_PASSWORD',
    );
  }
  const secret = given ?? temporaryPassword(pool);
  assertPassword(pool.spec.passwordPolicy, secret);
  const fields = await passwordFields(pool.spec.id, user.sub, secret);
  const changed = pool.users.update(user.sub, { ...fields, temporaryUntil: temporaryUntil(pool) });
  await pool.mail.send(invitationMail(pool.spec, user.attributes.email ?? name, secret));
  return changed;
}

/** What an administrator does with the users of a pool; each needs a policy on the pool's ARN. */
export const ADMIN_OPERATIONS = {
  AdminCreateUser: adminOperation(
    {
      ...byUsername,
      TemporaryPassword: password.optional(),
      UserAttributes: attributeValues.optional(),
      MessageAction: z.enum(['SUPPRESS', 'RESEND']).optional(),
      DesiredDeliveryMediums: z.array(z.literal('EMAIL')).optional(),
      ForceAliasCreation: z.boolean().optional(),
      ClientMetadata: metadata,
    },
    async (pools, input) => {
      const pool = pools.byId(input.UserPoolId);
      if (input.MessageAction === 'RESEND') {
        return { User: userBody(await inviteAgain(pool, input.Username, input.TemporaryPassword)) };
      }
      if (!isEmail(input.Username)) throw invalidParameter('Username should be an email.');
      const secret = input.TemporaryPassword ?? temporaryPassword(pool);
      assertPassword(pool.spec.passwordPolicy, secret);
      const written = writtenAttributes(pool.spec, 'administrator', 'create', input.UserAttributes);
      const sub = pool.randomUuid();
      await pool.askTrigger({
        source: 'PreSignUp_AdminCreateUser',
        userName: sub,
        attributes: { ...written, email: input.Username },
      });
      const user = pool.users.create(
        sub,
        'FORCE_CHANGE_PASSWORD',
        { ...written, email: input.Username },
        { ...(await passwordFields(pool.spec.id, sub, secret)), temporaryUntil: temporaryUntil(pool) },
      );
      if (input.MessageAction !== 'SUPPRESS') await pool.mail.send(invitationMail(pool.spec, input.Username, secret));
      return { User: userBody(user) };
    },
  ),
  AdminSetUserPassword: onUser(
    { Password: password, Permanent: z.boolean().default(false) },
    async (pool, user, input) => {
      assertPassword(pool.spec.passwordPolicy, input.Password);
      pool.users.update(user.sub, {
        ...(await passwordFields(pool.spec.id, user.sub, input.Password)),
        status: input.Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
        temporaryUntil: input.Permanent ? undefined : temporaryUntil(pool),
      });
    },
  ),
  AdminConfirmSignUp: onUser({ ClientMetadata: metadata }, (pool, user) => {
    if (user.status !== 'UNCONFIRMED') {
      throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`);
    }
    pool.users.update(user.sub, { status: 'CONFIRMED' });
  }),
  AdminGetUser: adminOperation(byUsername, async (pools, input) => {
    const user = requireUser(pools.byId(input.UserPoolId), input.Username);
    const { createdAt, updatedAt, enabled, status } = user;
    return {
      Username: userNameOf(user),
      UserAttributes: attributeList(user.sub, user.attributes),
      UserCreateDate: createdAt / 1000,
      UserLastModifiedDate: updatedAt / 1000,
      Enabled: enabled,
      UserStatus: status,
      ...mfaSettings(user),
    };
  }),
  AdminDeleteUser: onUser({}, (pool, user) => pool.users.remove(user.sub)),
  AdminDisableUser: onUser({}, (pool, user) => {
    pool.users.update(user.sub, { enabled: false });
    pool.sessions.revokeAll(user.sub);
  }),
  AdminEnableUser: onUser({}, (pool, user) => {
    pool.users.update(user.sub, { enabled: true });
  }),
  AdminUpdateUserAttributes: onUser(
    { UserAttributes: attributeValues, ClientMetadata: metadata },
    (pool, user, input) => {
      const written = writtenAttributes(pool.spec, 'administrator', 'change', input.UserAttributes);
      pool.users.update(user.sub, { attributes: { ...user.attributes, ...written } });
    },
  ),
  AdminResetUserPassword: onUser({ ClientMetadata: metadata }, async (pool, user) => {
    if (user.attributes.email_verified !== 'true') {
      throw invalidParameter('User does not have a verified email to reset the password with');
    }
    pool.users.update(user.sub, { status: 'RESET_REQUIRED' });
    await sendCode(pool, user, 'PASSWORD');
  }),
  AdminUserGlobalSignOut: onUser({}, (pool, user) => pool.sessions.revokeAll(user.sub)),
  AdminAddUserToGroup: onUser({ GroupName: z.string().min(1).max(128) }, (pool, user, input) => {
    pool.users.addToGroup(user.sub, requireGroup(pool, input.GroupName).name);
  }),
  AdminRemoveUserFromGroup: onUser({ GroupName: z.string().min(1).max(128) }, (pool, user, input) => {
    pool.users.removeFromGroup(user.sub, requireGroup(pool, input.GroupName).name);
  }),
  AdminListGroupsForUser: adminOperation(
    { ...byUsername, Limit: z.int().min(0).max(60).optional() },
    async (pools, input) => {
      const pool = pools.byId(input.UserPoolId);
      const names = pool.tokens.groups(requireUser(pool, input.Username));
      return { Groups: names.map((name) => groupBody(pool, requireGroup(pool, name))) };
    },
  ),
} as const satisfies Record<string, CognitoOperation>;
