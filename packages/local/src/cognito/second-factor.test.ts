import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { CLIENT_ID, Lab, type LabOptions, PASSWORD, POOL_ID } from './testing/lab.ts';
import { decodeBase32, encodeBase32, totpCode, totpStep } from './totp.ts';

const EMAIL = 'someone@example.com';
let lab: Lab | undefined;

async function openLab(options: LabOptions = {}): Promise<Lab> {
  lab = await Lab.open(options);
  await lab.sdk.send(new AdminCreateUserCommand({ UserPoolId: POOL_ID, Username: EMAIL, MessageAction: 'SUPPRESS' }));
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
    }),
  );
}

function answer({ sdk }: Lab, Session: string | undefined, code: string) {
  return sdk.send(
    new RespondToAuthChallengeCommand({
      ClientId: CLIENT_ID,
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      Session,
      ChallengeResponses: { USERNAME: EMAIL, SOFTWARE_TOKEN_MFA_CODE: code },
    }),
  );
}

/** Sets an authenticator app up and gives its secret. */
async function setUp(at: Lab): Promise<string> {
  const AccessToken = (await signIn(at)).AuthenticationResult?.AccessToken;
  const { SecretCode = '' } = await at.sdk.send(new AssociateSoftwareTokenCommand({ AccessToken }));
  await at.sdk.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: totpCode(SecretCode, at.now) }));
  await at.sdk.send(
    new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } }),
  );
  return SecretCode;
}

test('once an authenticator app is set up, a password alone signs nobody in', async () => {
  const at = await openLab();
  const secret = await setUp(at);
  at.now += 60_000;
  const challenge = await signIn(at);
  expect(challenge).toMatchObject({ ChallengeName: 'SOFTWARE_TOKEN_MFA' });
  expect(challenge.AuthenticationResult).toBeUndefined();
  const { AuthenticationResult } = await answer(at, challenge.Session, totpCode(secret, at.now));
  expect(AuthenticationResult?.AccessToken).toBeDefined();
});

test('a code of the app is taken once, and five wrong ones end the sign-in', async () => {
  const at = await openLab();
  const secret = await setUp(at);
  at.now += 60_000;
  const code = totpCode(secret, at.now);
  await answer(at, (await signIn(at)).Session, code);
  await expect(answer(at, (await signIn(at)).Session, code)).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  const { Session } = await signIn(at);
  const wrong = code === '000000' ? '111111' : '000000';
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await expect(answer(at, Session, wrong)).rejects.toMatchObject({ name: 'CodeMismatchException' });
  }
  at.now += 30_000;
  await expect(answer(at, Session, totpCode(secret, at.now))).rejects.toMatchObject({ name: 'NotAuthorizedException' });
});

test('a sign-in that waits longer than three minutes for its code starts over', async () => {
  const at = await openLab();
  const secret = await setUp(at);
  const { Session } = await signIn(at);
  at.now += 3 * 60_000;
  await expect(answer(at, Session, totpCode(secret, at.now))).rejects.toMatchObject({ name: 'NotAuthorizedException' });
});

test('where a second factor is demanded, the app is set up before there are tokens', async () => {
  const at = await openLab({ pool: { mfa: 'ON' } });
  const challenge = await signIn(at);
  expect(challenge.ChallengeName).toBe('MFA_SETUP');
  const finish = () =>
    at.sdk.send(
      new RespondToAuthChallengeCommand({
        ClientId: CLIENT_ID,
        ChallengeName: 'MFA_SETUP',
        Session: challenge.Session,
        ChallengeResponses: { USERNAME: EMAIL },
      }),
    );
  await expect(finish()).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  const { SecretCode = '', Session } = await at.sdk.send(
    new AssociateSoftwareTokenCommand({ Session: challenge.Session }),
  );
  await expect(at.sdk.send(new VerifySoftwareTokenCommand({ Session, UserCode: '000000' }))).rejects.toMatchObject({
    name: 'EnableSoftwareTokenMFAException',
  });
  await at.sdk.send(new VerifySoftwareTokenCommand({ Session, UserCode: totpCode(SecretCode, at.now) }));
  expect((await finish()).AuthenticationResult?.AccessToken).toBeDefined();
});

test('codes agree with the published examples of RFC 6238', () => {
  const secret = encodeBase32(Buffer.from('12345678901234567890'));
  expect([59, 1_111_111_109, 20_000_000_000].map((seconds) => totpCode(secret, seconds * 1000))).toEqual([
    '287082',
    '081804',
    '353130',
  ]);
});

test('a secret survives base32, and its code is good for one step around its own', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 10, maxLength: 40 }),
      fc.integer({ min: 60_000, max: 4_000_000_000_000 }),
      (bytes, time) => {
        const secret = encodeBase32(bytes);
        expect(decodeBase32(secret)).toEqual(Buffer.from(bytes));
        const step = Math.floor(time / 30_000);
        expect(totpStep(secret, totpCode(secret, time), time)).toBe(step);
        expect(totpStep(secret, totpCode(secret, time), time + 30_000)).toBeLessThanOrEqual(step + 2);
        expect(totpStep(secret, `${totpCode(secret, time)}0`, time)).toBeUndefined();
      },
    ),
    { numRuns: 50 },
  );
});
