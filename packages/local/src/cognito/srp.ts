import { createHash, createHmac, getDiffieHellman, randomBytes, timingSafeEqual } from 'node:crypto';

/** The 3,072-bit group of RFC 3526 with generator 2, as Cognito's clients use it. */
const N = toBigInt(getDiffieHellman('modp15').getPrime());
const GENERATOR = 2n;
const MULTIPLIER = toBigInt(sha256(padded(N), padded(GENERATOR)));

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

/** Big-endian, with a leading zero byte where the first bit is set: how the clients hash integers. */
function padded(value: bigint): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
}

function sha256(...parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** `base ** exponent mod N`. Exponents here have 256 bits, which takes a few milliseconds. */
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % N;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

function poolName(poolId: string): string {
  return poolId.slice(poolId.indexOf('_') + 1);
}

function verifierOf(poolId: string, userId: string, password: string, salt: bigint): bigint {
  const identity = sha256(`${poolName(poolId)}${userId}:${password}`);
  return power(GENERATOR, toBigInt(sha256(padded(salt), identity)));
}

/** `<salt>$<verifier>` in hex, which is what the server keeps. */
export function srpVerifier(poolId: string, userId: string, password: string): string {
  const salt = toBigInt(randomBytes(16));
  return `${salt.toString(16)}$${verifierOf(poolId, userId, password, salt).toString(16)}`;
}

/** What the server sends and keeps between the two steps; integers in hex, the secret block in base64. */
export interface SrpChallenge {
  readonly salt: string;
  readonly srpA: string;
  readonly srpB: string;
  readonly secret: string;
  readonly verifier: string;
  readonly secretBlock: string;
}

/**
 * The first step: the server's public value for the client's.
 * @param srpA the client's public value in hex
 * @returns undefined when `srpA` is not a usable group element, which would let a client in without a password
 */
export function beginSrp(stored: string, srpA: string): SrpChallenge | undefined {
  if (!/^[0-9a-f]{1,768}$/i.test(srpA) || BigInt(`0x${srpA}`) % N === 0n) return undefined;
  const [salt = '', verifier = ''] = stored.split('$');
  const secret = toBigInt(randomBytes(32));
  const srpB = (MULTIPLIER * BigInt(`0x${verifier}`) + power(GENERATOR, secret)) % N;
  return {
    salt,
    srpA,
    srpB: srpB.toString(16),
    secret: secret.toString(16),
    verifier,
    secretBlock: randomBytes(64).toString('base64'),
  };
}

/**
 * The second step: whether the client's proof shows that it knows the password.
 * @param signature base64 of the HMAC over pool, user, secret block and time stamp
 */
export function srpProofMatches(
  poolId: string,
  userId: string,
  challenge: SrpChallenge,
  timestamp: string,
  signature: string,
): boolean {
  const a = BigInt(`0x${challenge.srpA}`);
  const b = BigInt(`0x${challenge.srpB}`);
  const scramble = toBigInt(sha256(padded(a), padded(b)));
  const base = (a * power(BigInt(`0x${challenge.verifier}`), scramble)) % N;
  const shared = power(base, BigInt(`0x${challenge.secret}`));
  const extracted = createHmac('sha256', padded(scramble)).update(padded(shared)).digest();
  const key = createHmac('sha256', extracted).update('Caldera Derived Key\u0001').digest().subarray(0, 16);
  const expected = createHmac('sha256', key)
    .update(poolName(poolId))
    .update(userId)
    .update(Buffer.from(challenge.secretBlock, 'base64'))
    .update(timestamp)
    .digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
