import * as z from 'zod';
import { changePassword, maskedEmail, sendCode, updateOwnAttributes, verifyEmail } from '../account.ts';
import { attributeList } from '../attributes.ts';
import { openStep } from '../authentication.ts';
import { invalidParameter } from '../errors.ts';
import { associateSoftwareToken, verifySoftwareToken } from '../software-token.ts';
import type { PoolAndClient, UserPool, UserPools } from '../user-pool.ts';
import type { User } from '../user-store.ts';
import {
  accessToken,
  attributeValues,
  type CognitoOperation,
  code,
  metadata,
  operation,
  password,
  session,
} from './definition.ts';

interface Self {
  readonly pool: UserPool;
  readonly user: User;
}

function emailDelivery(user: User): object {
  return { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: maskedEmail(user.attributes.email ?? '') };
}

/** What `GetUser` and `AdminGetUser` tell of the second factor. */
export function mfaSettings(user: User): object {
  if (user.totpSecret === undefined || !user.totpPreferred) return {};
  return { UserMFASettingList: ['SOFTWARE_TOKEN_MFA'], PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' };
}

/** An operation on the user of an access token. */
function selfOperation<S extends z.ZodRawShape>(
  shape: S,
  run: (self: Self, input: z.output<z.ZodObject<S>>, at: PoolAndClient) => Promise<object>,
): CognitoOperation {
  const schema = z.strictObject({ ...shape, AccessToken: accessToken });
  return operation('user', schema, async (pools, input) => {
    const { pool, holder } = await pools.byAccessToken((input as { AccessToken: string }).AccessToken);
    const at = pools.byClient(holder.clientId);
    return run({ pool, user: holder.user }, input as z.output<z.ZodObject<S>>, at);
  });
}

const tokenOrSession = {
  AccessToken: accessToken.optional(),
  Session: session.optional(),
};

/** Setting up an authenticator app is done signed in, or within a sign-in that demands it. */
async function tokenOrStep(
  pools: UserPools,
  input: { readonly AccessToken?: string | undefined; readonly Session?: string | undefined },
): Promise<Self> {
  if (input.AccessToken !== undefined) {
    const { pool, holder } = await pools.byAccessToken(input.AccessToken);
    return { pool, user: holder.user };
  }
  for (const pool of input.Session === undefined ? [] : pools.all()) {
    const flow = pool.flows.get(input.Session ?? '');
    const client = pool.spec.clients.find(({ id }) => id === flow?.clientId);
    if (client !== undefined) return { pool, user: openStep({ pool, client }, input.Session ?? '', 'MFA_SETUP').user };
  }
  throw invalidParameter('AccessToken or a valid Session is required');
}

/** What a signed-in user does with their own account. */
export const USER_OPERATIONS = {
  GetUser: selfOperation({}, async ({ user }) => ({
    Username: user.sub,
    UserAttributes: attributeList(user.sub, user.attributes),
    ...mfaSettings(user),
  })),
  UpdateUserAttributes: selfOperation(
    { UserAttributes: attributeValues, ClientMetadata: metadata },
    async ({ user }, input, at) => {
      const mailed = await updateOwnAttributes(at, user, input.UserAttributes);
      const email = input.UserAttributes.find(({ Name }) => Name === 'email')?.Value ?? '';
      const details = { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: maskedEmail(email) };
      return { CodeDeliveryDetailsList: mailed ? [details] : [] };
    },
  ),
  GetUserAttributeVerificationCode: selfOperation(
    { AttributeName: z.literal('email'), ClientMetadata: metadata },
    async ({ pool, user }) => {
      await sendCode(pool, user, 'EMAIL');
      return { CodeDeliveryDetails: emailDelivery(user) };
    },
  ),
  VerifyUserAttribute: selfOperation(
    { AttributeName: z.literal('email'), Code: code },
    async ({ pool, user }, input) => {
      verifyEmail(pool, user, input.Code);
      return {};
    },
  ),
  ChangePassword: selfOperation(
    { PreviousPassword: password, ProposedPassword: password },
    async ({ pool, user }, input) => {
      await changePassword(pool, user, input.PreviousPassword, input.ProposedPassword);
      return {};
    },
  ),
  GlobalSignOut: selfOperation({}, async ({ pool, user }) => {
    pool.sessions.revokeAll(user.sub);
    return {};
  }),
  DeleteUser: selfOperation({}, async ({ pool, user }) => {
    pool.users.remove(user.sub);
    return {};
  }),
  SetUserMFAPreference: selfOperation(
    {
      SoftwareTokenMfaSettings: z.strictObject({
        Enabled: z.boolean().default(false),
        PreferredMfa: z.boolean().default(false),
      }),
    },
    async ({ pool, user }, { SoftwareTokenMfaSettings: settings }) => {
      if (settings.Enabled && user.totpSecret === undefined) {
        throw invalidParameter('User has not verified software token mfa');
      }
      pool.users.update(user.sub, { totpPreferred: settings.Enabled });
      return {};
    },
  ),
  AssociateSoftwareToken: operation('user', z.strictObject(tokenOrSession), async (pools, input) => {
    const { pool, user } = await tokenOrStep(pools, input);
    return { SecretCode: associateSoftwareToken(pool, user), Session: input.Session };
  }),
  VerifySoftwareToken: operation(
    'user',
    z.strictObject({
      ...tokenOrSession,
      UserCode: z.string().regex(/^\d{6}$/),
      FriendlyDeviceName: z.string().max(131_072).optional(),
    }),
    async (pools, input) => {
      const { pool, user } = await tokenOrStep(pools, input);
      verifySoftwareToken(pool, user, input.UserCode);
      return { Status: 'SUCCESS', Session: input.Session };
    },
  ),
} as const satisfies Record<string, CognitoOperation>;
