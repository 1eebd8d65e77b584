import type { DatabaseSync } from 'node:sqlite';
import { secretHash } from '../database.ts';

export interface BrowserSession {
  readonly sub: string;
  /** In seconds. */
  readonly authTime: number;
}

/** An hour, as in AWS. */
export const BROWSER_SESSION_SECONDS = 3_600;

/** Browsers that signed in on the hosted pages and go straight through for an hour. */
export class BrowserSessionStore {
  readonly #database: DatabaseSync;
  readonly #now: () => number;
  readonly #randomBytes: (size: number) => Buffer;

  constructor(database: DatabaseSync, now: () => number, randomBytes: (size: number) => Buffer) {
    this.#database = database;
    this.#now = now;
    this.#randomBytes = randomBytes;
  }

  /** @returns the handle for the cookie */
  begin(poolId: string, session: BrowserSession): string {
    const handle = this.#randomBytes(32).toString('base64url');
    this.#database.prepare('DELETE FROM browser_sessions WHERE expires_at <= ?').run(this.#now());
    this.#database
      .prepare('INSERT INTO browser_sessions (handle_hash, pool_id, sub, auth_time, expires_at) VALUES (?, ?, ?, ?, ?)')
      .run(secretHash(handle), poolId, session.sub, session.authTime, this.#now() + BROWSER_SESSION_SECONDS * 1000);
    return handle;
  }

  get(poolId: string, handle: string): BrowserSession | undefined {
    const row = this.#database
      .prepare('SELECT * FROM browser_sessions WHERE handle_hash = ? AND pool_id = ? AND expires_at > ?')
      .get(secretHash(handle), poolId, this.#now());
    return row === undefined ? undefined : { sub: String(row.sub), authTime: Number(row.auth_time) };
  }

  end(handle: string): void {
    this.#database.prepare('DELETE FROM browser_sessions WHERE handle_hash = ?').run(secretHash(handle));
  }
}
