import type { DatabaseSync } from 'node:sqlite';

/** A state machine as it is stored. Times are milliseconds since the epoch. */
export interface Machine {
  readonly arn: string;
  readonly name: string;
  readonly definition: string;
  readonly roleArn: string;
  /** `loggingConfiguration` and `tracingConfiguration` as they were given, as JSON text. */
  readonly settings: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface MachineStore {
  put(machine: Machine): void;
  find(arn: string): Machine | undefined;
  /** In order of their ARNs. */
  list(after: string, limit: number): readonly Machine[];
  remove(arn: string): void;
}

export function openMachineStore(db: DatabaseSync): MachineStore {
  db.exec(`CREATE TABLE IF NOT EXISTS machines (
    arn TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL, roleArn TEXT NOT NULL, settings TEXT NOT NULL,
    createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL
  ) WITHOUT ROWID`);
  return {
    put({ arn, name, definition, roleArn, settings, createdAt, updatedAt }) {
      db.prepare('INSERT OR REPLACE INTO machines VALUES (?, ?, ?, ?, ?, ?, ?)').run(
        arn,
        name,
        definition,
        roleArn,
        settings,
        createdAt,
        updatedAt,
      );
    },
    find(arn) {
      const row = db.prepare('SELECT * FROM machines WHERE arn = ?').get(arn);
      return row === undefined ? undefined : toMachine(row);
    },
    list: (after, limit) =>
      db.prepare('SELECT * FROM machines WHERE arn > ? ORDER BY arn LIMIT ?').all(after, limit).map(toMachine),
    remove: (arn) => void db.prepare('DELETE FROM machines WHERE arn = ?').run(arn),
  };
}

function toMachine(row: Readonly<Record<string, unknown>>): Machine {
  return {
    arn: String(row.arn),
    name: String(row.name),
    definition: String(row.definition),
    roleArn: String(row.roleArn),
    settings: String(row.settings),
    createdAt: Number(row.createdAt),
    updatedAt: Number(row.updatedAt),
  };
}
