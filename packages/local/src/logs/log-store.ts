import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { boundText, type LogLine, type LogWrite, readStructured } from './log-line.ts';

export interface LogQuery {
  readonly function?: string | undefined;
  readonly requestId?: string | undefined;
  readonly tenantId?: string | undefined;
  /** At most this many of the newest lines, 200 unless told; never more than 1,000. */
  readonly limit?: number | undefined;
}

export interface LogStore {
  readonly write: (line: LogWrite) => void;
  /** The newest lines that match, oldest first. */
  search(query: LogQuery): LogLine[];
  /** Calls back with every line from now on. @returns what stops it. */
  tail(listener: (line: LogLine) => void): () => void;
  close(): void;
}

/**
 * The log of every function, kept as a ring on disk. Lines are written in groups a few milliseconds later: a log is
 * not a promise, and a group costs as much as one line.
 * @param options.capacity lines kept, 50,000 unless told
 */
export function createLogStore(options: {
  readonly dir: string;
  readonly now?: () => number;
  readonly capacity?: number;
}): LogStore {
  const { dir, now = Date.now, capacity = 50_000 } = options;
  mkdirSync(dir, { recursive: true });
  const db = new DatabaseSync(join(dir, 'logs.db'));
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS line (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, function TEXT NOT NULL,
      request_id TEXT NOT NULL, tenant_id TEXT, level TEXT NOT NULL, text TEXT NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS line_by_request ON line (request_id, id);
    CREATE INDEX IF NOT EXISTS line_by_function ON line (function, id);
    CREATE INDEX IF NOT EXISTS line_by_tenant ON line (tenant_id, id) WHERE tenant_id IS NOT NULL;`);
  const insert = db.prepare('INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?)');
  const trim = db.prepare('DELETE FROM line WHERE id <= ?');
  let lastId = Number(db.prepare('SELECT coalesce(max(id), 0) AS id FROM line').get()?.id ?? 0);
  let trimmedAt = lastId;
  let pending: LogLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  const listeners = new Set<(line: LogLine) => void>();

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (pending.length === 0) return;
    db.exec('BEGIN');
    for (const line of pending) {
      insert.run(line.id, line.time, line.function, line.requestId, line.tenantId ?? null, line.level, line.text);
    }
    if (lastId - trimmedAt >= capacity / 10) {
      trim.run(lastId - capacity);
      trimmedAt = lastId;
    }
    db.exec('COMMIT');
    pending = [];
  }

  return {
    write(write) {
      const { tenantId, level = write.level } = readStructured(write.text);
      lastId += 1;
      const base = { ...write, id: lastId, time: now(), level, text: boundText(write.text) };
      const line = tenantId === undefined ? base : { ...base, tenantId };
      pending.push(line);
      timer ??= setTimeout(flush, 20).unref();
      for (const listener of listeners) listener(line);
    },
    search(query) {
      flush();
      const filters: string[] = [];
      const values: SQLInputValue[] = [];
      const equals = { function: query.function, request_id: query.requestId, tenant_id: query.tenantId };
      for (const [column, value] of Object.entries(equals)) {
        if (value === undefined) continue;
        filters.push(`${column} = ?`);
        values.push(value);
      }
      const where = ['id > ?', ...filters].join(' AND ');
      const limit = Math.min(Math.max(1, query.limit ?? 200), 1000);
      const rows = db
        .prepare(`SELECT * FROM line WHERE ${where} ORDER BY id DESC LIMIT ?`)
        .all(lastId - capacity, ...values, limit);
      return rows.reverse().map((row) => ({
        id: Number(row.id),
        time: Number(row.time),
        function: String(row.function),
        requestId: String(row.request_id),
        level: String(row.level),
        text: String(row.text),
        ...(row.tenant_id === null ? {} : { tenantId: String(row.tenant_id) }),
      }));
    },
    tail(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      flush();
      listeners.clear();
      db.close();
    },
  };
}
