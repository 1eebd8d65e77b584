import { createHmac, timingSafeEqual } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;
const DIGITS = 6;

/** RFC 4648 base32 without padding, as authenticator apps take a secret. */
export function encodeBase32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((chunk) => ALPHABET[Number.parseInt(chunk.padEnd(5, '0'), 2)] ?? '')
    .join('');
}

/** @throws {Error} at a character outside the alphabet */
export function decodeBase32(text: string): Buffer {
  const bits = [...text.toUpperCase().replace(/=+$/, '')]
    .map((character) => {
      const value = ALPHABET.indexOf(character);
      if (value < 0) throw new Error('not base32');
      return value.toString(2).padStart(5, '0');
    })
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

function codeOfStep(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0x0f;
  const value = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(value % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** The RFC 6238 code at a time: SHA-1, six digits, steps of 30 s. */
export function totpCode(secretBase32: string, now: number): string {
  return codeOfStep(decodeBase32(secretBase32), Math.floor(now / STEP_MS));
}

/**
 * The step whose code this is, among the current one and its two neighbours; undefined when it is none of them. Whoever
 * accepts the code keeps the step and refuses it and earlier ones from then on.
 */
export function totpStep(secretBase32: string, code: string, now: number): number | undefined {
  const secret = decodeBase32(secretBase32);
  const current = Math.floor(now / STEP_MS);
  const given = Buffer.from(code.padEnd(DIGITS).slice(0, DIGITS + 1));
  return [current, current - 1, current + 1].find((step) => {
    const expected = Buffer.from(codeOfStep(secret, step));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
}
