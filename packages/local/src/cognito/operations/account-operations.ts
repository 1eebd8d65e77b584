import * as z from 'zod';
import {
  confirmForgotPassword,
  confirmSignUp,
  forgotPassword,
  maskedEmail,
  resendConfirmation,
  signUp,
} from '../account.ts';
import type { UserPool } from '../user-pool.ts';
import {
  attributeValues,
  type CognitoOperation,
  clientId,
  code,
  context,
  operation,
  password,
  username,
} from './definition.ts';

const byUsername = { ClientId: clientId, Username: username, SecretHash: z.undefined().optional(), ...context };

function delivery(pool: UserPool, name: string): object {
  const email = pool.users.find(name)?.attributes.email ?? name;
  return { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: maskedEmail(email) };
}

/** What someone does about an account before being signed in to it. */
export const ACCOUNT_OPERATIONS = {
  SignUp: operation(
    'client',
    z.strictObject({
      ...byUsername,
      Password: password,
      UserAttributes: attributeValues.optional(),
      ValidationData: attributeValues.optional(),
    }),
    async (pools, input) => {
      const at = pools.byClient(input.ClientId);
      const user = await signUp(at, input.Username, input.Password, input.UserAttributes);
      return {
        UserConfirmed: false,
        UserSub: user.sub,
        CodeDeliveryDetails: delivery(at.pool, input.Username),
      };
    },
  ),
  ConfirmSignUp: operation(
    'client',
    z.strictObject({ ...byUsername, ConfirmationCode: code, ForceAliasCreation: z.boolean().optional() }),
    async (pools, input) => {
      confirmSignUp(pools.byClient(input.ClientId), input.Username, input.ConfirmationCode);
      return {};
    },
  ),
  ResendConfirmationCode: operation('client', z.strictObject(byUsername), async (pools, input) => {
    const at = pools.byClient(input.ClientId);
    await resendConfirmation(at, input.Username);
    return { CodeDeliveryDetails: delivery(at.pool, input.Username) };
  }),
  ForgotPassword: operation('client', z.strictObject(byUsername), async (pools, input) => {
    const at = pools.byClient(input.ClientId);
    await forgotPassword(at, input.Username);
    return { CodeDeliveryDetails: delivery(at.pool, input.Username) };
  }),
  ConfirmForgotPassword: operation(
    'client',
    z.strictObject({ ...byUsername, ConfirmationCode: code, Password: password }),
    async (pools, input) => {
      await confirmForgotPassword(
        pools.byClient(input.ClientId),
        input.Username,
        input.ConfirmationCode,
        input.Password,
      );
      return {};
    },
  ),
} as const satisfies Record<string, CognitoOperation>;
