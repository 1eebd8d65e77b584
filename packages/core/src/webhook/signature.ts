import { createHmac, timingSafeEqual } from 'node:crypto';

/** The headers of the Standard Webhooks specification. */
export const webhookHeaders = {
  id: 'webhook-id',
  timestamp: 'webhook-timestamp',
  signature: 'webhook-signature',
} as const;

const SECRET_PREFIX = 'whsec_';
const VERSION = 'v1';
/** A header with more than these is not read to its end. */
const SIGNATURES_MAX = 16;
/** A message that is older, or of a time to come, may be a replay. */
const TOLERANCE_SECONDS = 300;

export const secretText = (bytes: Buffer): string => `${SECRET_PREFIX}${bytes.toString('base64')}`;

/** @throws {TypeError} when the text is no secret */
export function secretBytes(secret: string): Buffer {
  const encoded = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : '';
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length < 24 || bytes.toString('base64') !== encoded) throw new TypeError('This is no signing secret.');
  return bytes;
}

export interface SignedMessage {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  /** The body as it is sent. */
  readonly body: string;
}

const digest = (secret: string, { id, timestamp, body }: SignedMessage): Buffer =>
  createHmac('sha256', secretBytes(secret)).update(`${id}.${timestamp}.${body}`).digest();

/** The value of `webhook-signature`: one signature for each secret that is valid, separated by spaces. */
export const signatureHeader = (secrets: readonly string[], message: SignedMessage): string =>
  secrets.map((secret) => `${VERSION},${digest(secret, message).toString('base64')}`).join(' ');

/** The signatures of the version that is known, of a header that anybody may have written. */
export function parseSignatureHeader(header: string): readonly Buffer[] {
  return header
    .split(' ', SIGNATURES_MAX)
    .filter((part) => part.startsWith(`${VERSION},`))
    .map((part) => part.slice(VERSION.length + 1))
    .map((encoded) => ({ encoded, bytes: Buffer.from(encoded, 'base64') }))
    .filter(({ encoded, bytes }) => bytes.length === 32 && bytes.toString('base64') === encoded)
    .map(({ bytes }) => bytes);
}

/** Whether a message was signed with the secret, and just now. @param at when it arrived */
export function isSignedBy(
  secret: string,
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  at: Date,
): boolean {
  const id = headers[webhookHeaders.id];
  const sent = headers[webhookHeaders.timestamp] ?? '';
  if (!id || !/^\d{1,12}$/.test(sent)) return false;
  const timestamp = Number(sent);
  if (Math.abs(at.getTime() / 1000 - timestamp) > TOLERANCE_SECONDS) return false;
  const expected = digest(secret, { id, timestamp, body });
  return parseSignatureHeader(headers[webhookHeaders.signature] ?? '').some((one) => timingSafeEqual(one, expected));
}
