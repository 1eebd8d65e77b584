/** Idempotency keys: the first answer under a key is the answer of every repetition. */

import { createHash } from 'node:crypto';
import type { ObjectStore } from '../store/database.ts';
import { invalid, StripeError } from './error.ts';

export const idempotencySchema = `
  CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, requestId TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS idempotencyByAge ON idempotency (at);
`;

const KEPT_SECONDS = 24 * 3600;
const KEY_LENGTH_MAX = 255;

export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
  /** Of the first request. */
  readonly requestId: string;
}

export interface IdempotencyKeys {
  /**
   * Claims the key until `release`. A request that comes meanwhile is refused, since its answer is not known yet.
   * @throws {StripeError} 409 `idempotency_key_in_use`; 400 for a key that is too long
   */
  claim(key: string): void;
  release(key: string): void;
  /** @throws {StripeError} 400 `idempotency_error` when the key was used for another request */
  find(key: string, fingerprint: string, now: number): StoredAnswer | undefined;
  /** Call it in the transaction of the change that it answers for. */
  keep(key: string, fingerprint: string, answer: StoredAnswer, now: number): void;
}

export function fingerprintOf(method: string, path: string, body: string): string {
  return createHash('sha256').update(`${method} ${path}\n${body}`).digest('hex');
}

export function createIdempotencyKeys(store: ObjectStore): IdempotencyKeys {
  store.sql.exec(idempotencySchema);
  const claimed = new Set<string>();
  return {
    claim(key) {
      if (key.length > KEY_LENGTH_MAX) throw invalid(`Idempotency keys may be at most ${KEY_LENGTH_MAX} characters.`);
      if (claimed.has(key)) {
        throw new StripeError(
          409,
          'There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through).',
          { code: 'idempotency_key_in_use' },
          'idempotency_error',
        );
      }
      claimed.add(key);
    },
    release: (key) => void claimed.delete(key),
    find(key, fingerprint, now) {
      const row = store.sql.prepare('SELECT * FROM idempotency WHERE key = ? AND at > ?').get(key, now - KEPT_SECONDS);
      if (!row) return undefined;
      if (row.fingerprint !== fingerprint) {
        throw new StripeError(
          400,
          `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
          {},
          'idempotency_error',
        );
      }
      return { status: Number(row.status), body: String(row.body), requestId: String(row.requestId) };
    },
    keep(key, fingerprint, { status, body, requestId }, now) {
      store.sql.prepare('DELETE FROM idempotency WHERE at <= ?').run(now - KEPT_SECONDS);
      store.sql
        .prepare('INSERT INTO idempotency VALUES (?, ?, ?, ?, ?, ?)')
        .run(key, fingerprint, requestId, status, body, now);
    },
  };
}
