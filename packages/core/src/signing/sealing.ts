import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES_MIN = 32;
/** Names the way in which a text was sealed. */
const VERSION = 's1';

/** @param text at least 32 random bytes in base64 @throws {Error} when there are fewer */
export function parseStageKey(text: string, what: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (key.length < KEY_BYTES_MIN) throw new Error(`The key of ${what} must be 32 random bytes in base64.`);
  return key;
}

const labelled = (label: string): Buffer => Buffer.from(`${VERSION} ${label}`);

/**
 * Encrypts a text so that it cannot be changed either (AES-256-GCM).
 * @param key 32 bytes @param label where the text belongs; it does not open under another
 */
export function seal(key: Buffer, label: string, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(labelled(label));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}.${sealed.toString('base64url')}`;
}

/** @throws {Error} when it was sealed with another key or label, or was changed */
export function open(key: Buffer, label: string, sealed: string): string {
  const [version, encoded = ''] = sealed.split('.');
  const bytes = Buffer.from(encoded, 'base64url');
  if (version !== VERSION || bytes.length <= NONCE_BYTES + TAG_BYTES) throw new Error('This is no sealed text.');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(labelled(label))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
}
