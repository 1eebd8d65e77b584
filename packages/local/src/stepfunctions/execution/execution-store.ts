import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Execution, ExecutionStatus } from './execution.ts';
import type { HistoryEvent } from './history.ts';
import type { Changes } from './journal.ts';
import type { Thread } from './thread.ts';

/** Finished executions are forgotten after this long, when names can be used again. */
const RETENTION_MS = 90 * 24 * 3600 * 1000;

export interface ExecutionPage {
  readonly machineArn?: string;
  readonly status?: ExecutionStatus;
  /** The position after which the page starts: what `positionOf` gave for the last one. */
  readonly after?: Position;
  readonly limit: number;
}

export interface Position {
  readonly startedAt: number;
  readonly arn: string;
}

export interface ExecutionStore {
  /** Stores a new execution with its first events and threads. */
  insert(execution: Execution, changes: Changes): void;
  /** Stores everything that happened since the last call, or nothing. */
  commit(arn: string, changes: Changes, at: number): void;
  find(arn: string): Execution | undefined;
  /** The newest first. */
  page(options: ExecutionPage): readonly Execution[];
  running(): readonly Execution[];
  saved(arn: string): { readonly threads: readonly Thread[]; readonly lastEventId: number };
  events(arn: string, options: { after?: number; limit: number; reverse: boolean }): readonly HistoryEvent[];
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS definitions (hash TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS executions (
    arn TEXT PRIMARY KEY, name TEXT NOT NULL, machineArn TEXT NOT NULL, roleArn TEXT NOT NULL, hash TEXT NOT NULL,
    input TEXT NOT NULL, status TEXT NOT NULL, startedAt INTEGER NOT NULL, deadline INTEGER, stoppedAt INTEGER,
    output TEXT, error TEXT, cause TEXT
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS executionsByTime ON executions (startedAt DESC, arn DESC);
  CREATE INDEX IF NOT EXISTS executionsByMachine ON executions (machineArn, startedAt DESC, arn DESC);
  CREATE INDEX IF NOT EXISTS executionsByStatus ON executions (status);
  CREATE TABLE IF NOT EXISTS events (
    arn TEXT NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (arn, id)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS threads (
    arn TEXT NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (arn, id)
  ) WITHOUT ROWID;
`;

const SELECT = 'SELECT executions.*, definitions.body AS definition FROM executions JOIN definitions USING (hash)';

export function openExecutionStore(db: DatabaseSync, now: number): ExecutionStore {
  db.exec(SCHEMA);
  forget(db, now - RETENTION_MS);
  const addDefinition = db.prepare('INSERT OR IGNORE INTO definitions VALUES (?, ?)');
  const addExecution = db.prepare(
    `INSERT INTO executions (arn, name, machineArn, roleArn, hash, input, status, startedAt, deadline)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const endExecution = db.prepare(
    'UPDATE executions SET status = ?, stoppedAt = ?, output = ?, error = ?, cause = ? WHERE arn = ?',
  );
  const addEvent = db.prepare('INSERT INTO events VALUES (?, ?, ?)');
  const putThread = db.prepare('INSERT OR REPLACE INTO threads VALUES (?, ?, ?)');
  const dropThread = db.prepare('DELETE FROM threads WHERE arn = ? AND id = ?');

  const write = (arn: string, changes: Changes, at: number): void => {
    for (const event of changes.events) addEvent.run(arn, event.id, JSON.stringify(event));
    for (const thread of changes.threads) putThread.run(arn, thread.id, JSON.stringify(thread));
    for (const id of changes.dropped) dropThread.run(arn, id);
    const { outcome } = changes;
    if (outcome === undefined) return;
    const output = outcome.status === 'SUCCEEDED' ? JSON.stringify(outcome.output) : null;
    const { error = null, cause = null } =
      outcome.status === 'FAILED' || outcome.status === 'ABORTED' ? outcome : { error: null, cause: null };
    endExecution.run(outcome.status, at, output, error, cause, arn);
  };

  return {
    insert(execution, changes) {
      const hash = createHash('sha256').update(execution.definition).digest('hex');
      const { arn, name, machineArn, roleArn, input, status, startedAt, deadline } = execution;
      transaction(db, () => {
        addDefinition.run(hash, execution.definition);
        addExecution.run(arn, name, machineArn, roleArn, hash, input, status, startedAt, deadline ?? null);
        write(arn, changes, startedAt);
      });
    },
    commit(arn, changes, at) {
      transaction(db, () => write(arn, changes, at));
    },
    find(arn) {
      const row = db.prepare(`${SELECT} WHERE arn = ?`).get(arn);
      return row === undefined ? undefined : toExecution(row);
    },
    page({ machineArn, status, after, limit }) {
      const rows = db
        .prepare(
          `${SELECT} WHERE (:machineArn IS NULL OR machineArn = :machineArn) AND (:status IS NULL OR status = :status)
           AND (:arn IS NULL OR (startedAt, arn) < (:startedAt, :arn)) ORDER BY startedAt DESC, arn DESC LIMIT :limit`,
        )
        .all({
          machineArn: machineArn ?? null,
          status: status ?? null,
          startedAt: after?.startedAt ?? null,
          arn: after?.arn ?? null,
          limit,
        });
      return rows.map(toExecution);
    },
    running: () => db.prepare(`${SELECT} WHERE status = 'RUNNING' ORDER BY startedAt`).all().map(toExecution),
    saved(arn) {
      const threads = db.prepare('SELECT body FROM threads WHERE arn = ? ORDER BY id').all(arn);
      const last = db.prepare('SELECT max(id) AS id FROM events WHERE arn = ?').get(arn);
      return { threads: threads.map((row) => read<Thread>(row)), lastEventId: Number(last?.id ?? 0) };
    },
    events(arn, { after, limit, reverse }) {
      const [compare, order, first] = reverse ? ['<', 'DESC', Number.MAX_SAFE_INTEGER] : ['>', 'ASC', 0];
      return db
        .prepare(`SELECT body FROM events WHERE arn = ? AND id ${compare} ? ORDER BY id ${order} LIMIT ?`)
        .all(arn, after ?? first, limit)
        .map((row) => read<HistoryEvent>(row));
    },
  };
}

function forget(db: DatabaseSync, before: number): void {
  transaction(db, () => {
    for (const table of ['events', 'threads']) {
      db.prepare(`DELETE FROM ${table} WHERE arn IN (SELECT arn FROM executions WHERE stoppedAt < ?)`).run(before);
    }
    db.prepare('DELETE FROM executions WHERE stoppedAt < ?').run(before);
    db.exec('DELETE FROM definitions WHERE hash NOT IN (SELECT hash FROM executions)');
  });
}

function transaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function read<Body>(row: Readonly<Record<string, unknown>>): Body {
  return JSON.parse(String(row.body)) as Body;
}

function toExecution(row: Readonly<Record<string, unknown>>): Execution {
  const text = (name: string): string => String(row[name]);
  const optional = (name: string) => (row[name] === null ? {} : { [name]: row[name] });
  return {
    arn: text('arn'),
    name: text('name'),
    machineArn: text('machineArn'),
    roleArn: text('roleArn'),
    definition: text('definition'),
    input: text('input'),
    status: text('status') as ExecutionStatus,
    startedAt: Number(row.startedAt),
    ...optional('deadline'),
    ...optional('stoppedAt'),
    ...optional('output'),
    ...optional('error'),
    ...optional('cause'),
  };
}
