import type { DatabaseSync } from 'node:sqlite';
import { secretHash } from './database.ts';

/** What a person still has to do before they are signed in, or what they are in the middle of. */
export type FlowStep =
  | 'NEW_PASSWORD_REQUIRED'
  | 'SOFTWARE_TOKEN_MFA'
  | 'MFA_SETUP'
  | 'PASSWORD_VERIFIER'
  | 'CONFIRM_SIGN_UP'
  | 'RESET_PASSWORD'
  | 'FEDERATION';

export interface Flow {
  readonly clientId: string;
  readonly step: FlowStep;
  /** Empty when the user does not exist and that is hidden. */
  readonly sub: string;
  readonly data: Readonly<Record<string, string>>;
  readonly attempts: number;
}

/** Steps between two requests: `Session` in the API, a cookie on the hosted pages. Handles are kept as hashes. */
export class FlowStore {
  readonly #database: DatabaseSync;
  readonly #poolId: string;
  readonly #now: () => number;
  readonly #randomBytes: (size: number) => Buffer;

  constructor(database: DatabaseSync, poolId: string, now: () => number, randomBytes: (size: number) => Buffer) {
    this.#database = database;
    this.#poolId = poolId;
    this.#now = now;
    this.#randomBytes = randomBytes;
  }

  /** @returns the handle, known to nobody but its holder */
  begin(flow: Omit<Flow, 'attempts'>, lifetimeMs: number): string {
    const handle = this.#randomBytes(48).toString('base64url');
    this.#database.prepare('DELETE FROM flows WHERE expires_at <= ?').run(this.#now());
    this.#database
      .prepare(
        `INSERT INTO flows (handle_hash, pool_id, client_id, step, sub, data, expires_at, attempts)
         VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
      )
      .run(
        secretHash(handle),
        this.#poolId,
        flow.clientId,
        flow.step,
        flow.sub,
        JSON.stringify(flow.data),
        this.#now() + lifetimeMs,
      );
    return handle;
  }

  /** Undefined when it is over, of another pool, or was never there. */
  get(handle: string): Flow | undefined {
    const row = this.#database
      .prepare('SELECT * FROM flows WHERE handle_hash = ? AND pool_id = ? AND expires_at > ?')
      .get(secretHash(handle), this.#poolId, this.#now());
    if (row === undefined) return undefined;
    return {
      clientId: String(row.client_id),
      step: String(row.step) as FlowStep,
      sub: String(row.sub),
      data: JSON.parse(String(row.data)) as Record<string, string>,
      attempts: Number(row.attempts),
    };
  }

  /** @returns how many wrong attempts there were, this one included */
  countAttempt(handle: string): number {
    const row = this.#database
      .prepare('UPDATE flows SET attempts = attempts + 1 WHERE handle_hash = ? RETURNING attempts')
      .get(secretHash(handle));
    return Number(row?.attempts ?? 0);
  }

  /** @returns whether it was still open, so that of two callers only one goes on */
  end(handle: string): boolean {
    return this.#database.prepare('DELETE FROM flows WHERE handle_hash = ?').run(secretHash(handle)).changes > 0;
  }
}
