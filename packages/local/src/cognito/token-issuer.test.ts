import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, expect, test } from 'vitest';
import type { InvokeTrigger } from './pre-token-trigger.ts';
import { CLIENT_ID, claimsOf, Lab, PASSWORD, POOL_ID } from './testing/lab.ts';

const EMAIL = 'someone@example.com';
const TRIGGER_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:pre-token';
let lab: Lab | undefined;

interface TriggerEvent {
  readonly triggerSource: string;
  readonly userName: string;
}

async function openLab(invokeTrigger?: InvokeTrigger, engine = {}): Promise<Lab> {
  lab = await Lab.open({
    pool: invokeTrigger === undefined ? {} : { preTokenTriggerArn: TRIGGER_ARN, preTokenVersion: 'V2_0' },
    ...(invokeTrigger === undefined ? {} : { invokeTrigger }),
    engine,
  });
  await lab.sdk.send(
    new AdminCreateUserCommand({
      UserPoolId: POOL_ID,
      Username: EMAIL,
      MessageAction: 'SUPPRESS',
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
    }),
  );
  await lab.sdk.send(
    new AdminSetUserPasswordCommand({ UserPoolId: POOL_ID, Username: EMAIL, Password: PASSWORD, Permanent: true }),
  );
  return lab;
}

afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

function signIn({ sdk }: Lab) {
  return sdk.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: CLIENT_ID,
      AuthParameters: { USERNAME: EMAIL, PASSWORD },
      ClientMetadata: { tenant: 'ten_1' },
    }),
  );
}

function answering(details: object): InvokeTrigger {
  return async (_arn, event) => ({ ...event, response: { claimsAndScopeOverrideDetails: details } });
}

test('a token verifies against the published key set, and one changed anywhere does not', async () => {
  const at = await openLab();
  const token = (await signIn(at)).AuthenticationResult?.AccessToken ?? '';
  const keys = createRemoteJWKSet(new URL(`${at.hosted.url}/${POOL_ID}/.well-known/jwks.json`));
  const issuer = `http://localhost:4500/cognito/${POOL_ID}`;
  const options = { issuer, algorithms: ['RS256'], currentDate: new Date(at.now) };
  const { payload } = await jwtVerify(token, keys, options);
  expect(payload).toMatchObject({ token_use: 'access', client_id: CLIENT_ID, scope: 'aws.cognito.signin.user.admin' });
  const [header, , signature] = token.split('.');
  const forged = Buffer.from(JSON.stringify({ ...payload, sub: 'someone-else' })).toString('base64url');
  await expect(jwtVerify(`${header}.${forged}.${signature}`, keys, options)).rejects.toThrow('signature');
});

test('discovery leads to the key set and the endpoints', async () => {
  const at = await openLab();
  const answer = at.engine.wellKnown(`/${POOL_ID}/.well-known/openid-configuration`);
  expect(JSON.parse(answer?.body ?? '{}')).toMatchObject({
    issuer: `http://localhost:4500/cognito/${POOL_ID}`,
    token_endpoint: `${at.hosted.url}/oauth2/token`,
    jwks_uri: `http://localhost:4500/cognito/${POOL_ID}/.well-known/jwks.json`,
  });
  expect(at.engine.wellKnown('/us-east-1_Other/.well-known/jwks.json')).toBeUndefined();
});

test('the trigger gets the documented event at every generation, refreshes and hosted sign-ins included', async () => {
  const events: unknown[] = [];
  const at = await openLab(async (arn, event) => {
    expect(arn).toBe(TRIGGER_ARN);
    events.push(structuredClone(event));
    return event;
  });
  await at.sdk.send(new AdminAddUserToGroupCommand({ UserPoolId: POOL_ID, Username: EMAIL, GroupName: 'operators' }));
  const { AuthenticationResult } = await signIn(at);
  await at.sdk.send(
    new InitiateAuthCommand({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: CLIENT_ID,
      AuthParameters: { REFRESH_TOKEN: AuthenticationResult?.RefreshToken ?? '' },
    }),
  );
  const visitor = at.visitor({ scopes: ['openid', 'email'] });
  await visitor.exchange(await visitor.signIn(EMAIL, PASSWORD));
  const sub = claimsOf(AuthenticationResult?.AccessToken).sub;
  const common = {
    version: '2',
    region: 'us-east-1',
    userPoolId: POOL_ID,
    userName: sub,
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: CLIENT_ID },
    response: { claimsAndScopeOverrideDetails: null },
  };
  const request = {
    userAttributes: { sub, email: EMAIL, email_verified: 'true', 'cognito:user_status': 'CONFIRMED' },
    groupConfiguration: { groupsToOverride: ['operators'], iamRolesToOverride: [], preferredRole: null },
  };
  const api = { ...request, scopes: ['aws.cognito.signin.user.admin'] };
  expect(events).toEqual([
    {
      ...common,
      triggerSource: 'TokenGeneration_Authentication',
      request: { ...api, clientMetadata: { tenant: 'ten_1' } },
    },
    { ...common, triggerSource: 'TokenGeneration_RefreshTokens', request: api },
    {
      ...common,
      triggerSource: 'TokenGeneration_HostedAuth',
      request: { ...request, scopes: ['openid', 'email'] },
    },
  ]);
});

test('the trigger adds and removes claims, scopes and groups in each token by itself', async () => {
  const at = await openLab(
    answering({
      idTokenGeneration: { claimsToAddOrOverride: { plan: 'premium' }, claimsToSuppress: ['email'] },
      accessTokenGeneration: {
        claimsToAddOrOverride: { tenantId: 'ten_1', limits: { events: 100 }, flags: [true, 1, 'x'] },
        scopesToAdd: ['tenantry/read'],
        scopesToSuppress: ['aws.cognito.signin.user.admin'],
      },
      groupOverrideDetails: { groupsToOverride: ['support'] },
    }),
  );
  const { AuthenticationResult } = await signIn(at);
  const [access, id] = [AuthenticationResult?.AccessToken, AuthenticationResult?.IdToken].map(claimsOf);
  expect(access).toMatchObject({
    tenantId: 'ten_1',
    limits: { events: 100 },
    flags: [true, 1, 'x'],
    scope: 'tenantry/read',
    'cognito:groups': ['support'],
  });
  expect(id).toMatchObject({ plan: 'premium', 'cognito:groups': ['support'] });
  expect(id).not.toHaveProperty('email');
  expect(id).not.toHaveProperty('tenantId');
});

test('a refresh asks anew, so that a changed membership reaches the next token', async () => {
  let tenantId = 'ten_1';
  const at = await openLab((arn, event) =>
    answering({ accessTokenGeneration: { claimsToAddOrOverride: { tenantId } } })(arn, event),
  );
  const { AuthenticationResult } = await signIn(at);
  tenantId = 'ten_2';
  const again = await at.sdk.send(
    new InitiateAuthCommand({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: CLIENT_ID,
      AuthParameters: { REFRESH_TOKEN: AuthenticationResult?.RefreshToken ?? '' },
    }),
  );
  expect(claimsOf(AuthenticationResult?.AccessToken).tenantId).toBe('ten_1');
  expect(claimsOf(again.AuthenticationResult?.AccessToken).tenantId).toBe('ten_2');
});

test('claims that Cognito reserves keep its own value, and the developer is told', async () => {
  const forged = {
    sub: 'someone-else',
    iss: 'https://evil.example',
    token_use: 'refresh',
    client_id: 'other',
    exp: 9e9,
  };
  const at = await openLab(
    answering({
      accessTokenGeneration: { claimsToAddOrOverride: forged, claimsToSuppress: ['jti', 'username'] },
      idTokenGeneration: { claimsToAddOrOverride: { aud: 'other', 'cognito:username': 'other' } },
    }),
  );
  const { AuthenticationResult } = await signIn(at);
  const access = claimsOf(AuthenticationResult?.AccessToken);
  for (const [name, value] of Object.entries(forged)) expect(access[name]).not.toEqual(value);
  expect(access).toMatchObject({ client_id: CLIENT_ID, token_use: 'access', username: access.sub });
  expect(access.jti).toBeDefined();
  expect(claimsOf(AuthenticationResult?.IdToken).aud).toBe(CLIENT_ID);
  expect(at.warnings.join('\n')).toContain('sub, iss, token_use, client_id, exp, jti, username');
});

test('a trigger that fails fails the sign-in with its own words, and leaves no session', async () => {
  const at = await openLab(async (_arn, event) => {
    if ((event as TriggerEvent).triggerSource === 'TokenGeneration_HostedAuth') throw new Error('no membership');
    throw new Error('tenant is suspended');
  });
  await expect(signIn(at)).rejects.toMatchObject({
    name: 'UserLambdaValidationException',
    message: 'PreTokenGeneration failed with error tenant is suspended.',
  });
  const visitor = at.visitor();
  const code = await visitor.signIn(EMAIL, PASSWORD);
  await expect(visitor.exchange(code)).rejects.toThrow('PreTokenGeneration failed with error no membership.');
  await expect(visitor.exchange(code)).rejects.toThrow('already used');
});

test('a trigger that answers something else or takes too long fails the sign-in', async () => {
  const malformed = await openLab(answering({ accessTokenGeneration: { claimsToAdd: {} } }));
  await expect(signIn(malformed)).rejects.toMatchObject({ name: 'InvalidLambdaResponseException' });
  await malformed.close();
  const slow = await openLab(() => new Promise(() => undefined), { triggerTimeoutMs: 20 });
  await expect(signIn(slow)).rejects.toMatchObject({ name: 'UnexpectedLambdaException' });
});
