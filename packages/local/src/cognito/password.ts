import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../aws/engine.ts';
import type { PasswordPolicy } from './pool-spec.ts';

const COST = { N: 2 ** 14, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const LENGTH_MAX = 256;

const RULES: readonly [keyof PasswordPolicy, RegExp, string][] = [
  ['requireLowercase', /[a-z]/, 'Password must have lowercase characters'],
  ['requireUppercase', /[A-Z]/, 'Password must have uppercase characters'],
  ['requireNumbers', /[0-9]/, 'Password must have numeric characters'],
  ['requireSymbols', /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/, 'Password must have symbol characters'],
];

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, COST, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

/** @throws {AwsError} `InvalidPasswordException` naming the first rule that the password breaks */
export function assertPassword(policy: PasswordPolicy, password: string): void {
  const broken =
    password.length < policy.minimumLength
      ? 'Password not long enough'
      : password.length > LENGTH_MAX
        ? 'Password too long'
        : RULES.find(([rule, pattern]) => policy[rule] === true && !pattern.test(password))?.[2];
  if (broken !== undefined) {
    throw new AwsError('InvalidPasswordException', `Password did not conform with policy: ${broken}`);
  }
}

/** `scrypt$<salt>$<key>`, both in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt);
  return `scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/**
 * Compares in constant time. Without a hash, as for a user who does not exist, it takes as long and is false.
 * @param hash what `hashPassword` gave
 */
export async function passwordMatches(password: string, hash: string | undefined): Promise<boolean> {
  const [, salt = '', expected = ''] = hash?.split('$') ?? [];
  const key = await derive(password.slice(0, LENGTH_MAX), Buffer.from(salt, 'base64url'));
  const wanted = Buffer.from(expected, 'base64url');
  return wanted.length === key.length && timingSafeEqual(wanted, key);
}
