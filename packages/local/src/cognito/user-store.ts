import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { AwsError } from '../aws/engine.ts';
import { numberOrUndefined, type Row, textOrUndefined } from './database.ts';
import { federatedName, identitiesOf } from './identity.ts';

export type UserStatus =
  | 'UNCONFIRMED'
  | 'CONFIRMED'
  | 'FORCE_CHANGE_PASSWORD'
  | 'RESET_REQUIRED'
  /** Came by an identity provider, and has no password here. */
  | 'EXTERNAL_PROVIDER';

export type Attributes = Readonly<Record<string, string>>;

export interface User {
  /** Also the user name of those who sign up here, as in every pool whose users sign in by email. */
  readonly sub: string;
  readonly status: UserStatus;
  readonly enabled: boolean;
  /** Without `sub`. */
  readonly attributes: Attributes;
  readonly passwordHash: string | undefined;
  /** Salt and verifier for SRP, as `srp.ts` writes them. */
  readonly srp: string | undefined;
  /** Until when a temporary password is good, in ms. */
  readonly temporaryUntil: number | undefined;
  /** The authenticator app's secret, once a code of it was shown. */
  readonly totpSecret: string | undefined;
  /** A secret that was given out and of which no code was shown yet. */
  readonly totpPending: string | undefined;
  readonly totpPreferred: boolean;
  /** The last time step whose code was taken. */
  readonly totpLastStep: number;
  /** Wrong passwords since the last right one. */
  readonly failures: number;
  readonly lockedUntil: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type UserChange = Partial<Omit<User, 'sub' | 'createdAt' | 'updatedAt'>>;

export interface ListUsers {
  readonly limit: number;
  /** `sub` of the last user of the page before. */
  readonly after: string;
  readonly matches: (user: User) => boolean;
}

const COLUMNS = {
  status: 'status',
  enabled: 'enabled',
  attributes: 'attributes',
  passwordHash: 'password_hash',
  srp: 'srp',
  temporaryUntil: 'temporary_until',
  totpSecret: 'totp_secret',
  totpPending: 'totp_pending',
  totpPreferred: 'totp_preferred',
  totpLastStep: 'totp_last_step',
  failures: 'failures',
  lockedUntil: 'locked_until',
} as const satisfies Record<keyof UserChange, string>;

/**
 * What a user is found by beside the `sub`. Whoever came by a provider is found by its user name and not by its address, which may be that of
 * a user who signed up here; the line break keeps the two apart, since no address holds one.
 */
function nameKey(attributes: Attributes): string {
  const own = identitiesOf(attributes).find(({ primary }) => primary);
  return own ? `\n${federatedName(own)}`.toLowerCase() : (attributes.email ?? '').toLowerCase();
}

/** The user name as the API and the tokens give it. */
export function userNameOf({ sub, attributes }: Pick<User, 'sub' | 'attributes'>): string {
  const own = identitiesOf(attributes).find(({ primary }) => primary);
  return own ? federatedName(own) : sub;
}

function toUser(row: Row): User {
  return {
    sub: String(row.sub),
    status: String(row.status) as UserStatus,
    enabled: row.enabled === 1,
    attributes: JSON.parse(String(row.attributes)) as Attributes,
    passwordHash: textOrUndefined(row.password_hash),
    srp: textOrUndefined(row.srp),
    temporaryUntil: numberOrUndefined(row.temporary_until),
    totpSecret: textOrUndefined(row.totp_secret),
    totpPending: textOrUndefined(row.totp_pending),
    totpPreferred: row.totp_preferred === 1,
    totpLastStep: Number(row.totp_last_step),
    failures: Number(row.failures),
    lockedUntil: Number(row.locked_until),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  };
}

function toColumn(value: User[keyof User] | undefined): SQLInputValue {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && error.message.includes('UNIQUE constraint failed');
}

/** The users of one pool and their groups. */
export class UserStore {
  readonly #database: DatabaseSync;
  readonly #poolId: string;
  readonly #now: () => number;

  constructor(database: DatabaseSync, poolId: string, now: () => number) {
    this.#database = database;
    this.#poolId = poolId;
    this.#now = now;
  }

  /** @throws {AwsError} `UsernameExistsException` when the email address is taken */
  create(sub: string, status: UserStatus, attributes: Attributes, change: UserChange = {}): User {
    const now = this.#now();
    try {
      this.#database
        .prepare(
          `INSERT INTO users (pool_id, sub, email_key, status, enabled, attributes, created_at, updated_at)
           VALUES (?, ?, ?, ?, 1, ?, ?, ?)`,
        )
        .run(this.#poolId, sub, nameKey(attributes), status, JSON.stringify(attributes), now, now);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new AwsError('UsernameExistsException', 'An account with the given email already exists.');
    }
    return this.update(sub, change);
  }

  /**
   * Changes the members that are given, even to `undefined`, and keeps the others.
   * @throws {AwsError} `AliasExistsException` when a new email address is taken
   */
  update(sub: string, change: UserChange): User {
    const columns: Record<string, SQLInputValue> = { updated_at: this.#now() };
    for (const key of Object.keys(change) as (keyof UserChange)[]) columns[COLUMNS[key]] = toColumn(change[key]);
    if (change.attributes !== undefined) columns.email_key = nameKey(change.attributes);
    const names = Object.keys(columns);
    try {
      const row = this.#database
        .prepare(
          `UPDATE users SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE pool_id = ? AND sub = ? RETURNING *`,
        )
        .get(...names.map((name) => columns[name] ?? null), this.#poolId, sub);
      if (row === undefined) throw new AwsError('UserNotFoundException', 'User does not exist.');
      return toUser(row);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new AwsError('AliasExistsException', 'An account with the email already exists.');
    }
  }

  /** By `sub`, by the user name of a provider's user, or by the email address in any case. */
  find(username: string): User | undefined {
    const row = this.#database
      .prepare('SELECT * FROM users WHERE pool_id = ? AND (sub = ? OR email_key IN (?, ?))')
      .get(this.#poolId, username, username.toLowerCase(), `\n${username.toLowerCase()}`);
    return row === undefined ? undefined : toUser(row);
  }

  /** In the order of `sub`. */
  list({ limit, after, matches }: ListUsers): User[] {
    const rows = this.#database
      .prepare('SELECT * FROM users WHERE pool_id = ? AND sub > ? ORDER BY sub')
      .iterate(this.#poolId, after);
    const found: User[] = [];
    for (const row of rows) {
      const user = toUser(row);
      if (matches(user)) found.push(user);
      if (found.length === limit) break;
    }
    return found;
  }

  count(): number {
    return Number(this.#database.prepare('SELECT count(*) n FROM users WHERE pool_id = ?').get(this.#poolId)?.n);
  }

  /** Deletes a user with everything that belongs to them. */
  remove(sub: string): void {
    this.#database.exec('BEGIN IMMEDIATE');
    for (const table of [
      'users',
      'memberships',
      'codes',
      'sessions',
      'flows',
      'authorization_codes',
      'browser_sessions',
      'identities',
    ]) {
      this.#database.prepare(`DELETE FROM ${table} WHERE pool_id = ? AND sub = ?`).run(this.#poolId, sub);
    }
    this.#database.exec('COMMIT');
  }

  addToGroup(sub: string, group: string): void {
    this.#database
      .prepare('INSERT OR IGNORE INTO memberships (pool_id, sub, group_name) VALUES (?, ?, ?)')
      .run(this.#poolId, sub, group);
  }

  removeFromGroup(sub: string, group: string): void {
    this.#database
      .prepare('DELETE FROM memberships WHERE pool_id = ? AND sub = ? AND group_name = ?')
      .run(this.#poolId, sub, group);
  }

  groupNames(sub: string): string[] {
    return this.#database
      .prepare('SELECT group_name FROM memberships WHERE pool_id = ? AND sub = ?')
      .all(this.#poolId, sub)
      .map((row) => String(row.group_name));
  }
}
