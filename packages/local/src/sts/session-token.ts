import { createCipheriv, createDecipheriv } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';

const sessionSchema = z.strictObject({
  roleArn: z.string(),
  sessionName: z.string(),
  tags: z.record(z.string(), z.string()).readonly(),
  transitiveTagKeys: z.array(z.string()).readonly(),
  sourceIdentity: z.string().optional(),
  /** The session policy as JSON. */
  policy: z.string().optional(),
  /** Milliseconds since the epoch. */
  issuedAt: z.number(),
  expiresAt: z.number(),
});

/** What a session token says. It is sealed, so that the caller can neither read nor change it. */
export type Session = z.infer<typeof sessionSchema>;

export const IV_BYTES = 12;
const TAG_BYTES = 16;
const TOKEN_MAX = 16_384;
const SESSION_BYTES_MAX = 65_536;

/** `iv` must be 12 bytes that were never used before. The token is good for this access key only. */
export function sealSession(key: Buffer, iv: Buffer, accessKeyId: string, session: Session): string {
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(accessKeyId));
  const sealed = Buffer.concat([cipher.update(deflateRawSync(JSON.stringify(session))), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/** Undefined for a token that was not sealed with this key for this access key. */
export function openSession(key: Buffer, accessKeyId: string, token: string): Session | undefined {
  if (token.length > TOKEN_MAX) return undefined;
  const bytes = Buffer.from(token, 'base64');
  if (bytes.length <= IV_BYTES + TAG_BYTES) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(accessKeyId))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    const json = inflateRawSync(opened, { maxOutputLength: SESSION_BYTES_MAX }).toString();
    return sessionSchema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
