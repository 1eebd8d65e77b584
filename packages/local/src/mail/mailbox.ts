import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

/** A mail as a sender hands it over. At least one of `text` and `html` is given. */
export interface OutgoingMail {
  readonly to: string | readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  /** Headers of its own, by their names. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A mail as it lies in the inbox. */
export interface ReceivedMail {
  readonly id: string;
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  /** Empty when the sender gave none. */
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  /** RFC 3339, UTC. */
  readonly receivedAt: string;
}

export interface MailQuery {
  /** Part of a recipient's address, in any case. */
  readonly to?: string;
  /** At most this many, newest first; 100 when not given. */
  readonly limit?: number;
}

/** An SES identity: an address or a whole domain, with when it was registered. */
export interface Identity {
  readonly name: string;
  readonly createdAt: string;
}

/** A template of SES; a part that is not given is empty. */
export interface MailTemplate {
  readonly name: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const MESSAGES_KEPT_MAX = 2_000;
const PAGE_SIZE_MAX = 500;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, recipients TEXT NOT NULL, sender TEXT NOT NULL,
    subject TEXT NOT NULL, body_text TEXT NOT NULL, body_html TEXT NOT NULL, received_at TEXT NOT NULL,
    headers TEXT NOT NULL DEFAULT '{}'
  ) STRICT;
  CREATE TABLE IF NOT EXISTS identities (name TEXT PRIMARY KEY, created_at TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS templates (
    name TEXT PRIMARY KEY, subject TEXT NOT NULL, body_text TEXT NOT NULL, body_html TEXT NOT NULL
  ) STRICT;
`;

type Row = Record<string, unknown>;

function toMail(row: Row): ReceivedMail {
  return {
    id: String(row.id),
    to: String(row.recipients).split('\n'),
    from: String(row.sender),
    subject: String(row.subject),
    text: String(row.body_text),
    html: String(row.body_html),
    headers: z.record(z.string(), z.string()).parse(JSON.parse(String(row.headers))),
    receivedAt: String(row.received_at),
  };
}

function toTemplate(row: Row): MailTemplate {
  return {
    name: String(row.name),
    subject: String(row.subject),
    text: String(row.body_text),
    html: String(row.body_html),
  };
}

/** Every mail that the local cloud sent, with the identities and templates of SES, in one SQLite file. */
export class Mailbox {
  readonly #database: DatabaseSync;
  readonly #now: () => number;

  /** @param dir where `mail.db` lies; made when it is missing */
  constructor(dir: string, now: () => number) {
    mkdirSync(dir, { recursive: true });
    this.#database = new DatabaseSync(join(dir, 'mail.db'));
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    this.#database.exec(SCHEMA);
    this.#addHeaders();
    this.#now = now;
  }

  /** A file of before mails had headers of their own gets a place for them. */
  #addHeaders(): void {
    const columns = this.#database.prepare('PRAGMA table_info(messages)').all();
    if (columns.some(({ name }) => name === 'headers')) return;
    this.#database.exec("ALTER TABLE messages ADD COLUMN headers TEXT NOT NULL DEFAULT '{}'");
  }

  add(mail: OutgoingMail): ReceivedMail {
    const to = typeof mail.to === 'string' ? [mail.to] : mail.to;
    const received: ReceivedMail = {
      id: randomUUID(),
      to: to.map((address) => address.replace(/[\r\n]/g, ' ')),
      from: mail.from,
      subject: mail.subject,
      text: mail.text ?? '',
      html: mail.html ?? '',
      headers: mail.headers ?? {},
      receivedAt: new Date(this.#now()).toISOString(),
    };
    const inserted = this.#database
      .prepare(
        `INSERT INTO messages (id, recipients, sender, subject, body_text, body_html, received_at, headers)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        received.id,
        received.to.join('\n'),
        received.from,
        received.subject,
        received.text,
        received.html,
        received.receivedAt,
        JSON.stringify(received.headers),
      );
    this.#database
      .prepare('DELETE FROM messages WHERE seq <= ?')
      .run(Number(inserted.lastInsertRowid) - MESSAGES_KEPT_MAX);
    return received;
  }

  /** Newest first. */
  list({ to = '', limit = 100 }: MailQuery = {}): ReceivedMail[] {
    return this.#database
      .prepare('SELECT * FROM messages WHERE instr(lower(recipients), lower(?)) > 0 ORDER BY seq DESC LIMIT ?')
      .all(to, Math.min(Math.max(limit, 1), PAGE_SIZE_MAX))
      .map(toMail);
  }

  get(id: string): ReceivedMail | undefined {
    const row = this.#database.prepare('SELECT * FROM messages WHERE id = ?').get(id);
    return row === undefined ? undefined : toMail(row);
  }

  /** Registers an address or a domain; a second time changes nothing. */
  addIdentity(name: string): void {
    this.#database
      .prepare('INSERT OR IGNORE INTO identities (name, created_at) VALUES (?, ?)')
      .run(name.toLowerCase(), new Date(this.#now()).toISOString());
  }

  identity(name: string): Identity | undefined {
    const row = this.#database.prepare('SELECT * FROM identities WHERE name = ?').get(name.toLowerCase());
    return row === undefined ? undefined : { name: String(row.name), createdAt: String(row.created_at) };
  }

  identities(): Identity[] {
    return this.#database
      .prepare('SELECT * FROM identities ORDER BY name')
      .all()
      .map((row) => ({ name: String(row.name), createdAt: String(row.created_at) }));
  }

  /** @returns whether it was there */
  removeIdentity(name: string): boolean {
    return this.#database.prepare('DELETE FROM identities WHERE name = ?').run(name.toLowerCase()).changes > 0;
  }

  putTemplate(template: MailTemplate): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO templates (name, subject, body_text, body_html) VALUES (?, ?, ?, ?)')
      .run(template.name, template.subject, template.text, template.html);
  }

  template(name: string): MailTemplate | undefined {
    const row = this.#database.prepare('SELECT * FROM templates WHERE name = ?').get(name);
    return row === undefined ? undefined : toTemplate(row);
  }

  /** @returns whether it was there */
  removeTemplate(name: string): boolean {
    return this.#database.prepare('DELETE FROM templates WHERE name = ?').run(name).changes > 0;
  }

  close(): void {
    this.#database.close();
  }
}
