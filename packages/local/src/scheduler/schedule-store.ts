import type { DatabaseSync } from 'node:sqlite';
import type { ScheduleRun } from './schedule.ts';

/** How far a schedule is. Times are milliseconds since the epoch. */
export interface Progress {
  readonly name: string;
  /** Expression, time zone and state that it was computed from; a schedule that says otherwise starts anew. */
  readonly timing: string;
  /** From when a rate counts. */
  readonly anchor: number;
  readonly dueAt?: number;
  readonly lastRun?: ScheduleRun;
}

export interface ScheduleStore {
  find(name: string): Progress | undefined;
  put(progress: Progress): void;
  /** Forgets all but these. */
  keep(names: readonly string[]): void;
}

export function openScheduleStore(db: DatabaseSync): ScheduleStore {
  db.exec(`CREATE TABLE IF NOT EXISTS progress (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID`);
  return {
    find(name) {
      const row = db.prepare('SELECT body FROM progress WHERE name = ?').get(name);
      return row === undefined ? undefined : (JSON.parse(String(row.body)) as Progress);
    },
    put: (progress) =>
      void db.prepare('INSERT OR REPLACE INTO progress VALUES (?, ?)').run(progress.name, JSON.stringify(progress)),
    keep: (names) =>
      void db
        .prepare('DELETE FROM progress WHERE name NOT IN (SELECT value FROM json_each(?))')
        .run(JSON.stringify(names)),
  };
}
