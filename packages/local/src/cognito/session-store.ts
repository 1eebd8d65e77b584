import type { DatabaseSync } from 'node:sqlite';
import { numberOrUndefined, type Row, secretHash } from './database.ts';

/** One sign-in: what its refresh token stands for, and what revoking it ends. */
export interface Session {
  readonly originJti: string;
  readonly sub: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Whether it began on the hosted pages. */
  readonly hosted: boolean;
  /** When the user proved who they are, in seconds. */
  readonly authTime: number;
  /** When the refresh token ends, in ms. */
  readonly expiresAt: number;
  readonly revokedAt: number | undefined;
}

function toSession(row: Row): Session {
  return {
    originJti: String(row.origin_jti),
    sub: String(row.sub),
    clientId: String(row.client_id),
    scopes: String(row.scopes).split(' '),
    hosted: row.hosted === 1,
    authTime: Number(row.auth_time),
    expiresAt: Number(row.expires_at),
    revokedAt: numberOrUndefined(row.revoked_at),
  };
}

/** The sign-ins of one pool. Refresh tokens are kept as hashes. */
export class SessionStore {
  readonly #database: DatabaseSync;
  readonly #poolId: string;
  readonly #now: () => number;

  constructor(database: DatabaseSync, poolId: string, now: () => number) {
    this.#database = database;
    this.#poolId = poolId;
    this.#now = now;
  }

  add(session: Session, refreshToken: string): void {
    // Those that ended a day ago answer nothing any more but why they are refused.
    this.#database.prepare('DELETE FROM sessions WHERE expires_at <= ?').run(this.#now() - 86_400_000);
    this.#database
      .prepare(
        `INSERT INTO sessions (origin_jti, pool_id, sub, client_id, refresh_hash, scopes, hosted, auth_time, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        session.originJti,
        this.#poolId,
        session.sub,
        session.clientId,
        secretHash(refreshToken),
        session.scopes.join(' '),
        session.hosted ? 1 : 0,
        session.authTime,
        session.expiresAt,
      );
  }

  get(originJti: string): Session | undefined {
    const row = this.#database
      .prepare('SELECT * FROM sessions WHERE pool_id = ? AND origin_jti = ?')
      .get(this.#poolId, originJti);
    return row === undefined ? undefined : toSession(row);
  }

  byRefreshToken(refreshToken: string): Session | undefined {
    const row = this.#database
      .prepare('SELECT * FROM sessions WHERE pool_id = ? AND refresh_hash = ?')
      .get(this.#poolId, secretHash(refreshToken));
    return row === undefined ? undefined : toSession(row);
  }

  /** Revoking twice changes nothing. */
  revoke(originJti: string): void {
    this.#database
      .prepare('UPDATE sessions SET revoked_at = ? WHERE pool_id = ? AND origin_jti = ? AND revoked_at IS NULL')
      .run(this.#now(), this.#poolId, originJti);
  }

  revokeAll(sub: string): void {
    this.#database
      .prepare('UPDATE sessions SET revoked_at = ? WHERE pool_id = ? AND sub = ? AND revoked_at IS NULL')
      .run(this.#now(), this.#poolId, sub);
  }
}
