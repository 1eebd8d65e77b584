import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS signing_keys (pool_id TEXT PRIMARY KEY, jwk TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS users (
    pool_id TEXT NOT NULL, sub TEXT NOT NULL, email_key TEXT NOT NULL, status TEXT NOT NULL, enabled INTEGER NOT NULL,
    attributes TEXT NOT NULL, password_hash TEXT, srp TEXT, temporary_until INTEGER, totp_secret TEXT, totp_pending TEXT,
    totp_preferred INTEGER NOT NULL DEFAULT 0,
    totp_last_step INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
    PRIMARY KEY (pool_id, sub), UNIQUE (pool_id, email_key)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS memberships (
    pool_id TEXT NOT NULL, sub TEXT NOT NULL, group_name TEXT NOT NULL, PRIMARY KEY (pool_id, sub, group_name)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS codes (
    pool_id TEXT NOT NULL, sub TEXT NOT NULL, purpose TEXT NOT NULL, code_hash TEXT NOT NULL,
    expires_at INTEGER NOT NULL, attempts INTEGER NOT NULL, window_start INTEGER NOT NULL, sent INTEGER NOT NULL,
    PRIMARY KEY (pool_id, sub, purpose)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS sessions (
    origin_jti TEXT PRIMARY KEY, pool_id TEXT NOT NULL, sub TEXT NOT NULL, client_id TEXT NOT NULL,
    refresh_hash TEXT NOT NULL UNIQUE, scopes TEXT NOT NULL, hosted INTEGER NOT NULL, auth_time INTEGER NOT NULL,
    expires_at INTEGER NOT NULL, revoked_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS sessions_by_user ON sessions (pool_id, sub);
  CREATE TABLE IF NOT EXISTS flows (
    handle_hash TEXT PRIMARY KEY, pool_id TEXT NOT NULL, client_id TEXT NOT NULL, step TEXT NOT NULL,
    sub TEXT NOT NULL, data TEXT NOT NULL, expires_at INTEGER NOT NULL, attempts INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS authorization_codes (
    code_hash TEXT PRIMARY KEY, pool_id TEXT NOT NULL, client_id TEXT NOT NULL, sub TEXT NOT NULL,
    redirect_uri TEXT NOT NULL, scopes TEXT NOT NULL, nonce TEXT, code_challenge TEXT NOT NULL,
    auth_time INTEGER NOT NULL, expires_at INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0, origin_jti TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS browser_sessions (
    handle_hash TEXT PRIMARY KEY, pool_id TEXT NOT NULL, sub TEXT NOT NULL, auth_time INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS identity_providers (
    pool_id TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, details TEXT NOT NULL, mapping TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, PRIMARY KEY (pool_id, name)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS identities (
    pool_id TEXT NOT NULL, provider TEXT NOT NULL, subject TEXT NOT NULL, sub TEXT NOT NULL,
    PRIMARY KEY (pool_id, provider, subject)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS client_providers (
    pool_id TEXT NOT NULL, client_id TEXT NOT NULL, names TEXT NOT NULL, PRIMARY KEY (pool_id, client_id)
  ) STRICT;
`;

/** A row as SQLite gives it, before a store makes its own type of it. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Opens `cognito.db` in a directory, which is made when it is missing. With a write-ahead log, what was committed
 * survives the process being killed.
 */
export function openDatabase(dir: string): DatabaseSync {
  mkdirSync(dir, { recursive: true });
  const database = new DatabaseSync(join(dir, 'cognito.db'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  database.exec(SCHEMA);
  return database;
}

/** How bearer secrets (refresh tokens, codes, cookies) lie in the store: never as themselves. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

export function textOrUndefined(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOrUndefined(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
