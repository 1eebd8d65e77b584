import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS objects (
    kind TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (kind, namespace, name)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;

/** What must outlive the process: the objects, the last resource version, the ports that were handed out. */
export interface ClusterDatabase {
  readonly rows: () => readonly { kind: string; namespace: string; name: string; body: string }[];
  /** Writes or, with no body, removes one object together with the resource version at which it happened. */
  readonly write: (kind: string, namespace: string, name: string, body: string | undefined, version: number) => void;
  readonly setting: (name: string) => string | undefined;
  readonly set: (name: string, value: string) => void;
  readonly close: () => void;
}

export function openClusterDatabase(dir: string): ClusterDatabase {
  mkdirSync(dir, { recursive: true });
  const database = new DatabaseSync(join(dir, 'kubernetes.db'));
  database.exec(schema);
  const put = database.prepare('INSERT OR REPLACE INTO objects (kind, namespace, name, body) VALUES (?, ?, ?, ?)');
  const drop = database.prepare('DELETE FROM objects WHERE kind = ? AND namespace = ? AND name = ?');
  const read = database.prepare('SELECT value FROM settings WHERE name = ?');
  const set = database.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
  return {
    rows: () =>
      database
        .prepare('SELECT kind, namespace, name, body FROM objects')
        .all()
        .map((row) => ({
          kind: String(row.kind),
          namespace: String(row.namespace),
          name: String(row.name),
          body: String(row.body),
        })),
    write(kind, namespace, name, body, version) {
      database.exec('BEGIN');
      if (body === undefined) drop.run(kind, namespace, name);
      else put.run(kind, namespace, name, body);
      set.run('resourceVersion', String(version));
      database.exec('COMMIT');
    },
    setting: (name) => {
      const value = read.get(name)?.value;
      return value === undefined ? undefined : String(value);
    },
    set: (name, value) => void set.run(name, value),
    close: () => database.close(),
  };
}
