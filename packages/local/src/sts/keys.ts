import { createHmac, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Secrets of this machine's account, all derived from one random key that never leaves its file. */
export interface AccountKeys {
  /** 32 bytes, for session tokens. */
  readonly sealing: Buffer;
  /** The secret that belongs to an access key. */
  secretOf(accessKeyId: string): string;
  /** The access key of the account's root. */
  readonly rootAccessKeyId: string;
}

const KEY_BYTES = 32;
const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * Opens `<dir>/account.key`, or makes it. What was signed with it stays valid over restarts.
 * @throws {Error} when the file is damaged: a new key would silently void every credential given out.
 */
export function openAccountKeys(dir: string): AccountKeys {
  mkdirSync(dir, { recursive: true });
  const key = readKey(join(dir, 'account.key'));
  const derive = (purpose: string): Buffer => createHmac('sha256', key).update(purpose).digest();
  return {
    sealing: derive('session tokens'),
    secretOf: (accessKeyId) => derive(`secret of ${accessKeyId}`).toString('base64url').slice(0, 40),
    rootAccessKeyId: `AKIA${keyLetters(derive('root access key'))}`,
  };
}

/** 16 of the letters that access keys are made of, from at least 16 bytes. */
export function keyLetters(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 16), (byte) => ID_LETTERS[byte % ID_LETTERS.length]).join('');
}

function readKey(file: string): Buffer {
  try {
    const key = readFileSync(file);
    if (key.length !== KEY_BYTES) throw new Error(`${file} must hold ${KEY_BYTES} bytes.`);
    return key;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const key = randomBytes(KEY_BYTES);
  const draft = openSync(`${file}.draft`, 'w', 0o600);
  writeSync(draft, key);
  fsyncSync(draft);
  closeSync(draft);
  renameSync(`${file}.draft`, file);
  return key;
}
