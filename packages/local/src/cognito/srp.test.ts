import { createHash, createHmac, getDiffieHellman, randomBytes } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLIENT_ID, Lab, PASSWORD, POOL_ID } from './testing/lab.ts';

const N = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`);
const EMAIL = 'someone@example.com';
let lab: Lab;

beforeAll(async () => {
  lab = await Lab.open();
  await lab.sdk.send(new AdminCreateUserCommand({ UserPoolId: POOL_ID, Username: EMAIL, MessageAction: 'SUPPRESS' }));
  await lab.sdk.send(
    new AdminSetUserPasswordCommand({ UserPoolId: POOL_ID, Username: EMAIL, Password: PASSWORD, Permanent: true }),
  );
});
afterAll(() => lab.close());

function power(base: bigint, exponent: bigint): bigint {
  if (exponent === 0n) return 1n;
  const half = power((base * base) % N, exponent >> 1n);
  return (exponent & 1n) === 1n ? (half * base) % N : half;
}

function pad(hex: string): Buffer {
  const even = hex.length % 2 === 1 ? `0${hex}` : hex;
  return Buffer.from('89abcdef'.includes(even[0] ?? '') ? `00${even}` : even, 'hex');
}

const hash = (...parts: (string | Buffer)[]) =>
  parts.reduce((digest, part) => digest.update(part), createHash('sha256')).digest();
const integer = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`);

/** The client's half, written from the protocol and not from the server's code. */
async function signIn(password: string) {
  const a = integer(randomBytes(64));
  const A = power(2n, a);
  const { ChallengeParameters: offer = {}, Session } = await lab.sdk.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_SRP_AUTH',
      ClientId: CLIENT_ID,
      AuthParameters: { USERNAME: EMAIL, SRP_A: A.toString(16) },
    }),
  );
  const { USER_ID_FOR_SRP: user = '', SRP_B = '', SALT = '', SECRET_BLOCK = '' } = offer;
  const name = POOL_ID.split('_')[1] ?? '';
  const u = integer(hash(pad(A.toString(16)), pad(SRP_B)));
  const x = integer(hash(pad(SALT), hash(`${name}${user}:${password}`)));
  const k = integer(hash(pad(N.toString(16)), pad('2')));
  const base = (((BigInt(`0x${SRP_B}`) - k * power(2n, x)) % N) + N) % N;
  const S = power(base, a + u * x);
  const prk = createHmac('sha256', pad(u.toString(16)))
    .update(pad(S.toString(16)))
    .digest();
  const key = createHmac('sha256', prk).update(Buffer.from('Caldera Derived Key\x01')).digest().subarray(0, 16);
  const TIMESTAMP = 'Mon Mar 2 09:00:00 UTC 2026';
  const signature = createHmac('sha256', key)
    .update(name)
    .update(user)
    .update(Buffer.from(SECRET_BLOCK, 'base64'))
    .update(TIMESTAMP)
    .digest('base64');
  return lab.sdk.send(
    new RespondToAuthChallengeCommand({
      ClientId: CLIENT_ID,
      ChallengeName: 'PASSWORD_VERIFIER',
      Session,
      ChallengeResponses: {
        USERNAME: user,
        TIMESTAMP,
        PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
        PASSWORD_CLAIM_SIGNATURE: signature,
      },
    }),
  );
}

test('a client proves the password without sending it', async () => {
  expect((await signIn(PASSWORD)).AuthenticationResult?.AccessToken).toBeDefined();
});

test('a proof made with another password is refused', async () => {
  await expect(signIn('Wrong-horse-1')).rejects.toMatchObject({ name: 'NotAuthorizedException' });
});

test.each([
  ['zero', '0'],
  ['the modulus', N.toString(16)],
  ['twice the modulus', (2n * N).toString(16)],
])('%s as public value, which would need no password, is refused', async (_name, value) => {
  await expect(
    lab.sdk.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_SRP_AUTH',
        ClientId: CLIENT_ID,
        AuthParameters: { USERNAME: EMAIL, SRP_A: value },
      }),
    ),
  ).rejects.toMatchObject({ name: 'InvalidParameterException' });
});
