import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * One SQLite file for all tables. Every operation runs in one synchronous transaction, so operations are serialised by
 * construction and a killed process leaves each of them whole or absent.
 */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS tables (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, definition TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS items (
  id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL, partition BLOB NOT NULL, sort BLOB NOT NULL,
  item TEXT NOT NULL, size INTEGER NOT NULL, expires INTEGER
);
CREATE UNIQUE INDEX IF NOT EXISTS items_by_position ON items (table_id, partition, sort);
CREATE INDEX IF NOT EXISTS items_by_expiry ON items (table_id, expires) WHERE expires IS NOT NULL;
CREATE TABLE IF NOT EXISTS index_entries (
  table_id INTEGER NOT NULL, index_number INTEGER NOT NULL, partition BLOB NOT NULL, sort BLOB NOT NULL,
  item_partition BLOB NOT NULL, item_sort BLOB NOT NULL, item_id INTEGER NOT NULL,
  PRIMARY KEY (table_id, index_number, partition, sort, item_partition, item_sort)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS streams (
  id INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, table_name TEXT NOT NULL, label TEXT NOT NULL,
  view_type TEXT NOT NULL, keys TEXT NOT NULL, created INTEGER NOT NULL, start_sequence INTEGER NOT NULL,
  end_sequence INTEGER, ended INTEGER
);
CREATE TABLE IF NOT EXISTS stream_records (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, stream_id INTEGER NOT NULL, created INTEGER NOT NULL, record TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS stream_records_by_stream ON stream_records (stream_id, sequence);
CREATE INDEX IF NOT EXISTS stream_records_by_age ON stream_records (created);
CREATE TABLE IF NOT EXISTS transaction_tokens (
  token TEXT PRIMARY KEY, digest TEXT NOT NULL, created INTEGER NOT NULL
) WITHOUT ROWID;
`;

type Value = null | number | string | Uint8Array;
type Row = Record<string, null | number | bigint | string | Uint8Array>;

/** Statements are prepared once each; their number is bounded by the code, never by the data. */
export class Store {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  readonly #idle = new Map<string, ReturnType<DatabaseSync['prepare']>[]>();
  #afterCommit: (() => void)[] = [];
  #onRollback: (() => void)[] = [];

  /** @param dir The folder of the database file; it is made if need be. */
  constructor(dir: string) {
    mkdirSync(dir, { recursive: true });
    this.#database = new DatabaseSync(join(dir, 'dynamodb.db'));
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    this.#database.exec(SCHEMA);
  }

  #statement(sql: string) {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  run(sql: string, ...values: readonly Value[]): { readonly changes: number; readonly id: number } {
    const { changes, lastInsertRowid } = this.#statement(sql).run(...values);
    return { changes: Number(changes), id: Number(lastInsertRowid) };
  }

  get(sql: string, ...values: readonly Value[]): Row | undefined {
    return this.#statement(sql).get(...values) as Row | undefined;
  }

  all(sql: string, ...values: readonly Value[]): readonly Row[] {
    return this.#statement(sql).all(...values) as Row[];
  }

  /** Rows one by one. One statement cannot be iterated twice at once, so that each is lent to one reader at a time. */
  *iterate(sql: string, ...values: readonly Value[]): Iterable<Row> {
    const idle = this.#idle.get(sql) ?? [];
    this.#idle.set(sql, idle);
    const statement = idle.pop() ?? this.#database.prepare(sql);
    try {
      yield* statement.iterate(...values) as Iterable<Row>;
    } finally {
      idle.push(statement);
    }
  }

  /** Runs `work` whole or not at all, inside the transaction that is open if there is one. */
  transaction<T>(work: () => T): T {
    if (this.#database.isTransaction) return work();
    this.#database.exec('BEGIN IMMEDIATE');
    let result: T;
    try {
      result = work();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      this.#settle(this.#onRollback.reverse());
      throw error;
    }
    this.#settle(this.#afterCommit);
    return result;
  }

  /** Calls back once the transaction that is open has been committed; never when it is rolled back. */
  afterCommit(callback: () => void): void {
    this.#afterCommit.push(callback);
  }

  /** Calls back if the transaction that is open is rolled back, the last to ask first: to undo what memory holds. */
  onRollback(callback: () => void): void {
    this.#onRollback.push(callback);
  }

  #settle(callbacks: readonly (() => void)[]): void {
    this.#afterCommit = [];
    this.#onRollback = [];
    for (const callback of callbacks) callback();
  }

  close(): void {
    this.#statements.clear();
    this.#idle.clear();
    this.#database.close();
  }
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new Error(`column ${column} is not text`);
  return value;
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new Error(`column ${column} is not a number`);
  return value;
}

export function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}
