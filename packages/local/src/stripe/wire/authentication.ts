import { createHash, timingSafeEqual } from 'node:crypto';
import { StripeError } from './error.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** `sk_test_****abcd`: enough to recognise a key by, not enough to use it. */
const masked = (key: string): string =>
  key.length < 12 ? '****' : `${key.slice(0, 8)}${'*'.repeat(8)}${key.slice(-4)}`;

function keyOf(authorization: string): string {
  const [scheme = '', value = ''] = authorization.split(' ', 2);
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return '';
  return Buffer.from(value, 'base64').toString().split(':')[0] ?? '';
}

/** @throws {StripeError} 401 for a key that is missing or not ours */
export function authenticateKey(authorization: string | undefined, secretKey: string): void {
  if (!authorization) {
    throw new StripeError(
      401,
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    );
  }
  const key = keyOf(authorization);
  if (!timingSafeEqual(digest(key), digest(secretKey)))
    throw new StripeError(401, `Invalid API Key provided: ${masked(key)}`);
}
