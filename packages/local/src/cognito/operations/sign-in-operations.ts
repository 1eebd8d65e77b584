import * as z from 'zod';
import { AwsError } from '../../aws/engine.ts';
import { writtenAttributes } from '../attributes.ts';
import {
  admit,
  advance,
  answerMfaSetup,
  answerNewPassword,
  answerTotp,
  askBeforePassword,
  assertUnlocked,
  checkPassword,
  countFailure,
  findUser,
  openStep,
  type Progress,
} from '../authentication.ts';
import { incorrectCredentials, invalidParameter } from '../errors.ts';
import type { TriggerSource } from '../pre-token-trigger.ts';
import { beginSrp, type SrpChallenge, srpProofMatches } from '../srp.ts';
import { type Tokens, USER_ADMIN_SCOPE } from '../token-issuer.ts';
import type { PoolAndClient } from '../user-pool.ts';
import { type CognitoOperation, clientId, context, type metadata, operation, session } from './definition.ts';

const SRP_LIFETIME_MS = 3 * 60_000;
const parameters = z.record(z.string().max(64), z.string().max(16_384));

type Metadata = z.output<typeof metadata>;

/** Which client setting each flow needs. */
const FLOW_SETTINGS = {
  USER_PASSWORD_AUTH: 'ALLOW_USER_PASSWORD_AUTH',
  USER_SRP_AUTH: 'ALLOW_USER_SRP_AUTH',
  REFRESH_TOKEN_AUTH: 'ALLOW_REFRESH_TOKEN_AUTH',
  REFRESH_TOKEN: 'ALLOW_REFRESH_TOKEN_AUTH',
} as const;

/** @throws {AwsError} `InvalidParameterException` */
function required(values: Readonly<Record<string, string>>, name: string): string {
  const value = values[name];
  if (value === undefined || value === '') throw invalidParameter(`Missing required parameter ${name}`);
  return value;
}

function authenticationResult(tokens: Tokens): object {
  return {
    AuthenticationResult: {
      AccessToken: tokens.accessToken,
      IdToken: tokens.idToken,
      RefreshToken: tokens.refreshToken,
      TokenType: 'Bearer',
      ExpiresIn: tokens.expiresIn,
    },
    ChallengeParameters: {},
  };
}

async function conclude(
  { pool, client }: PoolAndClient,
  progress: Progress,
  source: TriggerSource,
  clientMetadata: Metadata,
): Promise<object> {
  const { user } = progress;
  if (progress.kind === 'done') {
    const scopes = [USER_ADMIN_SCOPE];
    return authenticationResult(
      await pool.tokens.signIn({ user, client, source, scopes, hosted: false, clientMetadata }),
    );
  }
  const challengeParameters = {
    NEW_PASSWORD_REQUIRED: {
      USER_ID_FOR_SRP: user.sub,
      requiredAttributes: '[]',
      userAttributes: JSON.stringify(user.attributes),
    },
    MFA_SETUP: { USER_ID_FOR_SRP: user.sub, MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' },
    SOFTWARE_TOKEN_MFA: { USER_ID_FOR_SRP: user.sub, FRIENDLY_DEVICE_NAME: 'authenticator app' },
  } as Readonly<Record<string, Readonly<Record<string, string>>>>;
  return {
    ChallengeName: progress.step,
    Session: progress.handle,
    ChallengeParameters: challengeParameters[progress.step] ?? {},
  };
}

async function offerSrp(at: PoolAndClient, values: Readonly<Record<string, string>>): Promise<object> {
  const name = required(values, 'USERNAME');
  const user = findUser(at, name);
  if (user !== undefined) assertUnlocked(at.pool, user);
  await askBeforePassword(at, name, user);
  if (user?.srp === undefined) throw incorrectCredentials();
  const challenge = beginSrp(user.srp, required(values, 'SRP_A'));
  if (challenge === undefined) throw invalidParameter('SRP_A is not a valid public value.');
  const { salt, srpB, secretBlock } = challenge;
  const handle = at.pool.flows.begin(
    { clientId: at.client.id, step: 'PASSWORD_VERIFIER', sub: user.sub, data: { ...challenge } },
    SRP_LIFETIME_MS,
  );
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    Session: handle,
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.sub,
      USERNAME: user.sub,
      SALT: salt,
      SRP_B: srpB,
      SECRET_BLOCK: secretBlock,
    },
  };
}

function answerSrp(at: PoolAndClient, handle: string | undefined, values: Readonly<Record<string, string>>): Progress {
  if (handle === undefined) throw invalidParameter('Missing required parameter Session');
  const { flow, user } = openStep(at, handle, 'PASSWORD_VERIFIER');
  at.pool.flows.end(handle);
  const matches = srpProofMatches(
    at.pool.spec.id,
    user.sub,
    flow.data as unknown as SrpChallenge,
    required(values, 'TIMESTAMP'),
    required(values, 'PASSWORD_CLAIM_SIGNATURE'),
  );
  if (!matches || required(values, 'PASSWORD_CLAIM_SECRET_BLOCK') !== flow.data.secretBlock) {
    countFailure(at.pool, user.sub);
    throw incorrectCredentials();
  }
  return advance(at, admit(at.pool, user));
}

function newAttributes(at: PoolAndClient, values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const given = Object.entries(values)
    .filter(([name]) => name.startsWith('userAttributes.'))
    .map(([name, Value]) => ({ Name: name.slice('userAttributes.'.length), Value }));
  return writtenAttributes(at.pool.spec, { client: at.client }, 'change', given);
}

/** Signing in without the hosted pages. */
export const SIGN_IN_OPERATIONS = {
  InitiateAuth: operation(
    'client',
    z.strictObject({
      AuthFlow: z.enum(['USER_PASSWORD_AUTH', 'USER_SRP_AUTH', 'REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN']),
      AuthParameters: parameters,
      ClientId: clientId,
      ...context,
    }),
    async (pools, input) => {
      const at = pools.byClient(input.ClientId);
      if (!at.client.authFlows.includes(FLOW_SETTINGS[input.AuthFlow])) {
        throw invalidParameter(`${input.AuthFlow} flow not enabled for this client`);
      }
      if (input.AuthFlow === 'USER_PASSWORD_AUTH') {
        const name = required(input.AuthParameters, 'USERNAME');
        const user = await checkPassword(at, name, required(input.AuthParameters, 'PASSWORD'));
        return conclude(at, advance(at, user), 'TokenGeneration_Authentication', input.ClientMetadata);
      }
      if (input.AuthFlow === 'USER_SRP_AUTH') return offerSrp(at, input.AuthParameters);
      const refreshToken = required(input.AuthParameters, 'REFRESH_TOKEN');
      return authenticationResult(await at.pool.tokens.refresh(at.client, refreshToken, input.ClientMetadata));
    },
  ),
  RespondToAuthChallenge: operation(
    'client',
    z.strictObject({
      ChallengeName: z.enum(['NEW_PASSWORD_REQUIRED', 'SOFTWARE_TOKEN_MFA', 'MFA_SETUP', 'PASSWORD_VERIFIER']),
      ChallengeResponses: parameters.default({}),
      ClientId: clientId,
      Session: session.optional(),
      ...context,
    }),
    async (pools, input) => {
      const at = pools.byClient(input.ClientId);
      const { ChallengeName: name, ChallengeResponses: values, Session: handle = '' } = input;
      const source =
        name === 'NEW_PASSWORD_REQUIRED' ? 'TokenGeneration_NewPasswordChallenge' : 'TokenGeneration_Authentication';
      const answers = {
        NEW_PASSWORD_REQUIRED: () =>
          answerNewPassword(at, handle, required(values, 'NEW_PASSWORD'), newAttributes(at, values)),
        SOFTWARE_TOKEN_MFA: () => answerTotp(at, handle, required(values, 'SOFTWARE_TOKEN_MFA_CODE')),
        MFA_SETUP: () => answerMfaSetup(at, handle),
        PASSWORD_VERIFIER: () => answerSrp(at, input.Session, values),
      };
      return conclude(at, await answers[name](), source, input.ClientMetadata);
    },
  ),
  RevokeToken: operation(
    'client',
    z.strictObject({ ClientId: clientId, Token: z.string().min(1).max(16_384) }),
    async (pools, { ClientId, Token }) => {
      const { pool, client } = pools.byClient(ClientId);
      if (Token.split('.').length === 3) {
        throw new AwsError('UnsupportedTokenTypeException', 'Only refresh tokens can be revoked');
      }
      const found = pool.sessions.byRefreshToken(Token);
      if (found?.clientId === client.id) pool.sessions.revoke(found.originJti);
      return {};
    },
  ),
} as const satisfies Record<string, CognitoOperation>;
