import type { DatabaseSync } from 'node:sqlite';
import { secretHash, textOrUndefined } from '../database.ts';

/** What an authorization code stands for. */
export interface Grant {
  readonly poolId: string;
  readonly clientId: string;
  readonly sub: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly nonce: string | undefined;
  /** The S256 challenge. */
  readonly codeChallenge: string;
  /** In seconds. */
  readonly authTime: number;
}

/** A code that was presented: taken now for the first time, or one that is no good. */
export type Presented =
  | { readonly kind: 'taken'; readonly grant: Grant }
  | { readonly kind: 'reused'; readonly grant: Grant; readonly originJti: string | undefined }
  | { readonly kind: 'unknown' };

const LIFETIME_MS = 5 * 60_000;

/** Authorization codes: five minutes, one use, kept as hashes. A used one is remembered, so that its theft is noticed. */
export class AuthorizationCodeStore {
  readonly #database: DatabaseSync;
  readonly #now: () => number;
  readonly #randomBytes: (size: number) => Buffer;

  constructor(database: DatabaseSync, now: () => number, randomBytes: (size: number) => Buffer) {
    this.#database = database;
    this.#now = now;
    this.#randomBytes = randomBytes;
  }

  issue(grant: Grant): string {
    const code = this.#randomBytes(24).toString('base64url');
    const now = this.#now();
    // Kept for a day beyond their life for the sake of noticing reuse.
    this.#database.prepare('DELETE FROM authorization_codes WHERE expires_at <= ?').run(now - 86_400_000);
    this.#database
      .prepare(
        `INSERT INTO authorization_codes (code_hash, pool_id, client_id, sub, redirect_uri, scopes, nonce,
           code_challenge, auth_time, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        secretHash(code),
        grant.poolId,
        grant.clientId,
        grant.sub,
        grant.redirectUri,
        grant.scopes.join(' '),
        grant.nonce ?? null,
        grant.codeChallenge,
        grant.authTime,
        now + LIFETIME_MS,
      );
    return code;
  }

  /** Uses a code up, whatever the rest of the request turns out to be. */
  present(code: string): Presented {
    const hash = secretHash(code);
    const taken = this.#database
      .prepare('UPDATE authorization_codes SET used = 1 WHERE code_hash = ? AND used = 0')
      .run(hash);
    const row = this.#database.prepare('SELECT * FROM authorization_codes WHERE code_hash = ?').get(hash);
    if (row === undefined || (taken.changes > 0 && Number(row.expires_at) <= this.#now())) return { kind: 'unknown' };
    const grant: Grant = {
      poolId: String(row.pool_id),
      clientId: String(row.client_id),
      sub: String(row.sub),
      redirectUri: String(row.redirect_uri),
      scopes: String(row.scopes).split(' '),
      nonce: textOrUndefined(row.nonce),
      codeChallenge: String(row.code_challenge),
      authTime: Number(row.auth_time),
    };
    if (taken.changes > 0) return { kind: 'taken', grant };
    return { kind: 'reused', grant, originJti: textOrUndefined(row.origin_jti) };
  }

  /** Notes which sign-in a code led to. */
  ledTo(code: string, originJti: string): void {
    this.#database
      .prepare('UPDATE authorization_codes SET origin_jti = ? WHERE code_hash = ?')
      .run(originJti, secretHash(code));
  }
}
