/** Everything that the local Stripe keeps: objects as documents, one SQLite file, every request one transaction. */

import { DatabaseSync } from 'node:sqlite';
import { missing } from '../wire/error.ts';
import type { Paging } from '../wire/params.ts';
import { agendaSchema, appointmentOf } from './agenda.ts';
import type { HiddenTypes, Kind, ObjectTypes } from './kinds.ts';

/** Conditions on a list: a path inside the document and the values that it may have (`null` for absent). */
export type Where = Readonly<Record<string, string | number | boolean | null | readonly string[] | undefined>>;

export interface Page<T> {
  readonly data: T[];
  readonly hasMore: boolean;
}

/** Something that time does to an object, at its moment in seconds since the epoch. */
export interface Due {
  readonly id: string;
  readonly kind: Kind;
  readonly at: number;
}

export interface ObjectStore {
  /** All changes inside happen together or not at all. */
  transaction<T>(work: () => T): T;
  insert<K extends Kind>(kind: K, object: ObjectTypes[K], hidden: HiddenTypes[K]): void;
  update<K extends Kind>(kind: K, object: ObjectTypes[K], hidden?: HiddenTypes[K]): void;
  remove(kind: Kind, id: string): void;
  find<K extends Kind>(kind: K, id: string): ObjectTypes[K] | undefined;
  /** @throws {StripeError} `resource_missing`, with the parameter that named it */
  require<K extends Kind>(kind: K, id: string, param?: string): ObjectTypes[K];
  hidden<K extends Kind>(kind: K, id: string): HiddenTypes[K];
  /** Newest first. @throws {StripeError} when a cursor names nothing */
  page<K extends Kind>(kind: K, where: Where, paging: Paging): Page<ObjectTypes[K]>;
  /** Every one that meets the conditions, oldest first. */
  all<K extends Kind>(kind: K, where: Where): ObjectTypes[K][];
  /** What kind of object has the id. */
  kindOf(id: string): Kind | undefined;
  /** What is due first on the clock (`''` for the time of day) until then. */
  due(clock: string, until: number): Due | undefined;
  /** Does the work, gives what it gives, and takes all its changes back. */
  rehearse<T>(work: () => T): T;
  readonly sql: DatabaseSync;
  close(): void;
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS objects (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, created INTEGER NOT NULL,
    document TEXT NOT NULL, hidden TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS byKind ON objects (kind, sequence);
  CREATE INDEX IF NOT EXISTS byCustomer ON objects (kind, document ->> 'customer');
  CREATE INDEX IF NOT EXISTS byLookup ON objects (kind, document ->> 'lookup_key');
  CREATE INDEX IF NOT EXISTS byBilledSubscription ON objects (kind, document ->> '$.parent.subscription_details.subscription');
  CREATE INDEX IF NOT EXISTS byInvoice ON objects (kind, document ->> 'invoice');
  CREATE INDEX IF NOT EXISTS byClock ON objects (kind, document ->> 'test_clock');
  CREATE INDEX IF NOT EXISTS byStatus ON objects (kind, document ->> 'status');
`;

/** As many as a list gives unless told. */
export const LIMIT_DEFAULT = 10;

function conditions(where: Where): { sql: string; values: (string | number)[] } {
  const parts: string[] = [];
  const values: (string | number)[] = [];
  for (const [path, value] of Object.entries(where)) {
    if (value === undefined) continue;
    const column = `document ->> '${path.includes('.') || path.includes('[') ? `$.${path}` : path}'`;
    if (value === null) parts.push(`${column} IS NULL`);
    else if (Array.isArray(value)) {
      parts.push(`${column} IN (${value.map(() => '?').join(', ')})`);
      values.push(...value);
    } else {
      parts.push(`${column} = ?`);
      values.push(typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : String(value));
    }
  }
  return { sql: parts.map((part) => ` AND ${part}`).join(''), values };
}

const bounds = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

export function openDatabase(file: string): ObjectStore {
  const db = new DatabaseSync(file);
  const isOlder = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'objects'").get() !== undefined;
  const hasAgenda = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'agenda'").get() !== undefined;
  db.exec(schema);
  db.exec(agendaSchema);
  const select = db.prepare('SELECT document, hidden, sequence FROM objects WHERE kind = ? AND id = ?');
  let open = false;

  const find = <K extends Kind>(kind: K, id: string): ObjectTypes[K] | undefined => {
    const row = select.get(kind, id);
    return row && JSON.parse(String(row.document));
  };

  function cursor(kind: Kind, id: string, param: string): number {
    const row = select.get(kind, id);
    if (!row) throw missing(kind.replace('.', ' '), id, param);
    return Number(row.sequence);
  }

  function plan<K extends Kind>(kind: K, object: ObjectTypes[K], hidden: HiddenTypes[K]): void {
    const appointment = appointmentOf(kind, object, hidden);
    if (!appointment) db.prepare('DELETE FROM agenda WHERE id = ?').run(object.id);
    else
      db.prepare(
        `INSERT INTO agenda SELECT id, ?, ?, ?, sequence FROM objects WHERE id = ?
         ON CONFLICT DO UPDATE SET clock = excluded.clock, at = excluded.at, rank = excluded.rank`,
      ).run(appointment.clock, appointment.at, appointment.rank, object.id);
  }

  function planAll(): void {
    for (const row of db.prepare("SELECT kind, document, hidden FROM objects WHERE kind != 'event'").all())
      plan(row.kind as Kind, JSON.parse(String(row.document)), JSON.parse(String(row.hidden)));
  }
  if (isOlder && !hasAgenda) planAll();

  return {
    sql: db,
    kindOf: (id) => db.prepare('SELECT kind FROM objects WHERE id = ?').get(id)?.kind as Kind | undefined,
    due(clock, until) {
      const row = db
        .prepare(
          `SELECT agenda.id, objects.kind, agenda.at FROM agenda JOIN objects USING (id)
           WHERE agenda.clock = ? AND agenda.at <= ? ORDER BY agenda.at, agenda.rank, agenda.sequence LIMIT 1`,
        )
        .get(clock, until);
      return row && { id: String(row.id), kind: row.kind as Kind, at: Number(row.at) };
    },
    rehearse(work) {
      db.exec('SAVEPOINT rehearsal');
      try {
        return work();
      } finally {
        db.exec('ROLLBACK TO rehearsal; RELEASE rehearsal');
      }
    },
    transaction(work) {
      if (open) return work();
      db.exec('BEGIN IMMEDIATE');
      open = true;
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      } finally {
        open = false;
      }
    },
    insert(kind, object, hidden) {
      db.prepare('INSERT INTO objects (id, kind, created, document, hidden) VALUES (?, ?, ?, ?, ?)').run(
        object.id,
        kind,
        'created' in object ? object.created : 0,
        JSON.stringify(object),
        JSON.stringify(hidden),
      );
      plan(kind, object, hidden);
    },
    update(kind, object, hidden) {
      const { changes } = db
        .prepare('UPDATE objects SET document = ?, hidden = coalesce(?, hidden) WHERE kind = ? AND id = ?')
        .run(JSON.stringify(object), hidden === undefined ? null : JSON.stringify(hidden), kind, object.id);
      if (Number(changes) !== 1) throw new Error(`${kind} ${object.id} is not there to be updated`);
      plan(kind, object, hidden ?? this.hidden(kind, object.id));
    },
    remove(kind, id) {
      db.prepare('DELETE FROM objects WHERE kind = ? AND id = ?').run(kind, id);
      db.prepare('DELETE FROM agenda WHERE id = ?').run(id);
    },
    find,
    require(kind, id, param) {
      const object = find(kind, id);
      if (!object) throw missing(kind.replace('.', ' '), id, param);
      return object;
    },
    hidden(kind, id) {
      const row = select.get(kind, id);
      if (!row) throw new Error(`${kind} ${id} is not there`);
      return JSON.parse(String(row.hidden));
    },
    page(kind, where, { limit = LIMIT_DEFAULT, starting_after, ending_before, created = {} }) {
      const { sql, values } = conditions(where);
      let filter = `kind = ?${sql}`;
      const all: (string | number)[] = [kind, ...values];
      for (const bound of ['gt', 'gte', 'lt', 'lte'] as const) {
        const at = created[bound];
        if (at === undefined) continue;
        filter += ` AND created ${bounds[bound]} ?`;
        all.push(at);
      }
      if (starting_after !== undefined) {
        filter += ' AND sequence < ?';
        all.push(cursor(kind, starting_after, 'starting_after'));
      }
      const backwards = ending_before !== undefined;
      if (backwards) {
        filter += ' AND sequence > ?';
        all.push(cursor(kind, ending_before, 'ending_before'));
      }
      const rows = db
        .prepare(`SELECT document FROM objects WHERE ${filter} ORDER BY sequence ${backwards ? 'ASC' : 'DESC'} LIMIT ?`)
        .all(...all, limit + 1);
      const data = rows.slice(0, limit).map((row) => JSON.parse(String(row.document)));
      return { data: backwards ? data.reverse() : data, hasMore: rows.length > limit };
    },
    all(kind, where) {
      const { sql, values } = conditions(where);
      const rows = db
        .prepare(`SELECT document FROM objects WHERE kind = ?${sql} ORDER BY sequence`)
        .all(kind, ...values);
      return rows.map((row) => JSON.parse(String(row.document)));
    },
    close: () => db.close(),
  };
}
