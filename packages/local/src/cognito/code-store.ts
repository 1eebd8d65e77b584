import { timingSafeEqual } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { secretHash } from './database.ts';
import { codeExpired, codeMismatch, limitExceeded } from './errors.ts';

/** What a code that is sent by mail is good for. */
export type CodePurpose = 'SIGN_UP' | 'PASSWORD' | 'EMAIL';

const HOUR_MS = 3_600_000;

/** How long codes live, as in AWS. */
const LIFETIME_MS = { SIGN_UP: 24 * HOUR_MS, PASSWORD: HOUR_MS, EMAIL: 24 * HOUR_MS } as const satisfies Record<
  CodePurpose,
  number
>;

const ATTEMPTS_MAX = 5;
const SENT_PER_HOUR_MAX = 5;

/** Six-digit codes of one pool: one per user and purpose, hashed, with bounded attempts and mails. */
export class CodeStore {
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

  /**
   * Makes a code, which replaces the one before. Wrong attempts within the hour still count, so that asking for a new
   * code does not give new attempts.
   * @throws {AwsError} `LimitExceededException` after five in an hour
   */
  issue(sub: string, purpose: CodePurpose): string {
    const now = this.#now();
    const before = this.#row(sub, purpose);
    const fresh = before === undefined || now - Number(before.window_start) >= HOUR_MS;
    const sent = fresh ? 1 : Number(before.sent) + 1;
    if (sent > SENT_PER_HOUR_MAX) throw limitExceeded();
    // 48 random bits reduced to six digits: the bias is below 1e-8.
    const code = String(this.#randomBytes(6).readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO codes (pool_id, sub, purpose, code_hash, expires_at, attempts, window_start, sent)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        this.#poolId,
        sub,
        purpose,
        this.#hash(sub, purpose, code),
        now + LIFETIME_MS[purpose],
        fresh ? 0 : Number(before.attempts),
        fresh ? now : Number(before.window_start),
        sent,
      );
    return code;
  }

  /**
   * Checks a code and uses it up when it is right.
   * @throws {AwsError} `CodeMismatchException`, `ExpiredCodeException`, or `LimitExceededException` after five wrong ones in an hour
   */
  consume(sub: string, purpose: CodePurpose, code: string): void {
    const row = this.#row(sub, purpose);
    if (row === undefined) throw codeExpired();
    const attempts = this.#now() - Number(row.window_start) >= HOUR_MS ? 0 : Number(row.attempts);
    if (attempts >= ATTEMPTS_MAX) throw limitExceeded();
    if (Number(row.expires_at) <= this.#now()) throw codeExpired();
    const given = Buffer.from(this.#hash(sub, purpose, code));
    if (!timingSafeEqual(given, Buffer.from(String(row.code_hash)))) {
      this.#database
        .prepare('UPDATE codes SET attempts = ? WHERE pool_id = ? AND sub = ? AND purpose = ?')
        .run(attempts + 1, this.#poolId, sub, purpose);
      throw codeMismatch();
    }
    this.#database
      .prepare('DELETE FROM codes WHERE pool_id = ? AND sub = ? AND purpose = ?')
      .run(this.#poolId, sub, purpose);
  }

  #row(sub: string, purpose: CodePurpose) {
    return this.#database
      .prepare('SELECT * FROM codes WHERE pool_id = ? AND sub = ? AND purpose = ?')
      .get(this.#poolId, sub, purpose);
  }

  #hash(sub: string, purpose: CodePurpose, code: string): string {
    return secretHash(`${sub}\n${purpose}\n${code}`);
  }
}
