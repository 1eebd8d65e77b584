import { hkdfSync, randomBytes } from 'node:crypto';
import type { TenantId } from '../ids/id.ts';
import { open, parseStageKey, seal } from '../signing/sealing.ts';
import { secretText } from './signature.ts';

const SECRET_BYTES = 32;

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
  const master = parseStageKey(stageKey, 'signing secrets');
  const keyOf = ({ tenantId }: SecretOwner) =>
    Buffer.from(hkdfSync('sha256', master, '', `webhook-secrets ${tenantId}`, 32));
  const labelOf = ({ tenantId, webhookId }: SecretOwner) => `${tenantId} ${webhookId}`;
  return {
    seal: (owner, secret) => seal(keyOf(owner), labelOf(owner), secret),
    open: (owner, sealed) => open(keyOf(owner), labelOf(owner), sealed),
  };
}
