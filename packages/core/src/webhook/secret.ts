import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { TenantId } from '../ids/id.ts';
import { secretText } from './signature.ts';

const SECRET_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES_MIN = 32;
/** Names the key and the way in which a secret was sealed. */
const VERSION = 's1';

/** Whose secret it is; one that was moved to another row does not open. */
export interface SecretOwner {
  readonly tenantId: TenantId;
  readonly webhookId: string;
}

/** Keeps signing secrets in rows that are worth nothing without the stage's key. */
export interface SecretBox {
  seal(owner: SecretOwner, secret: string): string;
  /** @throws {Error} when it was sealed with another key, or for another row */
  open(owner: SecretOwner, sealed: string): string;
}

export const newSigningSecret = (): string => secretText(randomBytes(SECRET_BYTES));

/** @param stageKey at least 32 random bytes in base64; each tenant's secrets are sealed with a key of their own, which is derived from it */
export function createSecretBox(stageKey: string): SecretBox {
  const master = Buffer.from(stageKey, 'base64');
  if (master.length < KEY_BYTES_MIN) throw new Error('The key of signing secrets must be 32 random bytes in base64.');
  const keyOf = ({ tenantId }: SecretOwner) =>
    Buffer.from(hkdfSync('sha256', master, '', `webhook-secrets ${tenantId}`, 32));
  const labelOf = ({ tenantId, webhookId }: SecretOwner) => Buffer.from(`${VERSION} ${tenantId} ${webhookId}`);
  return {
    seal(owner, secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyOf(owner), nonce).setAAD(labelOf(owner));
      const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${VERSION}.${sealed.toString('base64url')}`;
    },
    open(owner, sealed) {
      const [version, encoded = ''] = sealed.split('.');
      const bytes = Buffer.from(encoded, 'base64url');
      if (version !== VERSION || bytes.length <= NONCE_BYTES + TAG_BYTES) throw new Error('This is no sealed secret.');
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', keyOf(owner), nonce, { authTagLength: TAG_BYTES })
        .setAAD(labelOf(owner))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      const secret = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
      return Buffer.concat(secret).toString('utf8');
    },
  };
}
