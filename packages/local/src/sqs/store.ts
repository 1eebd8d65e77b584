/** Messages at rest. Every change is one short transaction, so what was acknowledged survives the process. */

import { randomBytes } from 'node:crypto';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import type { MessageAttributes } from './attribute.ts';
import { limits, type Queue } from './queue.ts';

export interface NewMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly sender: string;
  readonly traceHeader?: string | undefined;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly delayMs: number;
}

export interface Message {
  /** Position in the order of arrival, over all queues. */
  readonly sequence: number;
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly sender: string;
  readonly traceHeader: string | undefined;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly sentAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt: number | undefined;
  /** The queue that gave the message up, on a dead-letter queue. */
  readonly source: string | undefined;
  /** Names this delivery; a later one replaces it. */
  readonly receipt: string;
}

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** What a receipt is good for now. */
export type ReceiptState = 'current' | 'stale' | 'expired' | 'gone';

export interface MessageStore {
  /** Adds a message, or gives the one that it repeats. */
  send(queue: Queue, message: NewMessage, now: number): { id: string; sequence: number };
  /** Takes up to `max` messages out of sight for `visibilityMs`. */
  receive(
    queue: Queue,
    max: number,
    visibilityMs: number,
    now: number,
    deadLetters: Queue | undefined,
  ): { messages: Message[]; moved: number };
  /** Deletes the message if the receipt is its last one. */
  delete(queue: Queue, receipt: string, now: number): ReceiptState;
  changeVisibility(queue: Queue, receipt: string, visibilityMs: number, now: number): ReceiptState;
  purge(queue: Queue): void;
  counts(queue: Queue, now: number): QueueCounts;
  /** When the next message that is out of sight comes back. */
  nextVisibleAt(queue: Queue, now: number): number | undefined;
  close(): void;
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS messages (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id TEXT NOT NULL, content TEXT NOT NULL, groupId TEXT,
    sentAt INTEGER NOT NULL, visibleAt INTEGER NOT NULL, receiveCount INTEGER NOT NULL DEFAULT 0, firstReceivedAt INTEGER,
    receipt TEXT, source TEXT
  );
  CREATE INDEX IF NOT EXISTS byVisibility ON messages (queue, visibleAt);
  CREATE INDEX IF NOT EXISTS byGroup ON messages (queue, groupId, visibleAt);
  CREATE TABLE IF NOT EXISTS duplicates (
    queue TEXT, deduplicationId TEXT, id TEXT NOT NULL, sequence INTEGER NOT NULL, expiresAt INTEGER NOT NULL,
    PRIMARY KEY (queue, deduplicationId)
  ) WITHOUT ROWID;
`;

/** A group gives out nothing while one of its messages is in flight, or one that came before is still delayed. */
const nextOfGroups = `
  SELECT * FROM messages AS m WHERE queue = ?1 AND visibleAt <= ?2 AND NOT EXISTS (
    SELECT 1 FROM messages AS o WHERE o.queue = ?1 AND o.groupId = m.groupId AND o.visibleAt > ?2
      AND (o.receiveCount > 0 OR o.sequence < m.sequence)
  ) ORDER BY sequence LIMIT ?3`;
const next = 'SELECT * FROM messages WHERE queue = ?1 AND visibleAt <= ?2 ORDER BY visibleAt, sequence LIMIT ?3';

const text = (value: SQLOutputValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: SQLOutputValue | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;

function readRow(row: Record<string, SQLOutputValue>): Message {
  const content: Pick<Message, 'body' | 'attributes' | 'sender' | 'traceHeader' | 'deduplicationId'> = JSON.parse(
    String(row.content),
  );
  return {
    sequence: Number(row.sequence),
    id: String(row.id),
    ...content,
    groupId: text(row.groupId),
    sentAt: Number(row.sentAt),
    receiveCount: Number(row.receiveCount),
    firstReceivedAt: number(row.firstReceivedAt),
    source: text(row.source),
    receipt: String(row.receipt),
  };
}

export function openStore(file: string): MessageStore {
  const db = new DatabaseSync(file);
  db.exec(schema);
  const insert = db.prepare(
    'INSERT INTO messages (queue, id, content, groupId, sentAt, visibleAt) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const take = db.prepare(
    'UPDATE messages SET visibleAt = ?, receiveCount = receiveCount + 1, firstReceivedAt = coalesce(firstReceivedAt, ?), receipt = ? WHERE sequence = ? RETURNING *',
  );
  const giveUp = db.prepare(
    'UPDATE messages SET queue = ?, source = ?, visibleAt = ?, receipt = NULL WHERE sequence = ?',
  );
  const select = { fifo: db.prepare(nextOfGroups), standard: db.prepare(next) };
  const expire = db.prepare('DELETE FROM messages WHERE queue = ? AND sentAt <= ?');

  function transaction<T>(work: () => T): T {
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  }

  /** A receipt is `<sequence>.<nonce>`: a message's last receipt is current, others of it are stale. */
  function stateOf(queue: Queue, receipt: string, now: number): { state: ReceiptState; sequence: number } {
    const sequence = Number(receipt.split('.')[0]);
    const row = db
      .prepare('SELECT receipt, visibleAt FROM messages WHERE sequence = ? AND queue = ?')
      .get(sequence, queue.name);
    if (!row) return { state: 'gone', sequence };
    if (row.receipt !== receipt) return { state: 'stale', sequence };
    return { state: Number(row.visibleAt) <= now ? 'expired' : 'current', sequence };
  }

  return {
    send: (queue, message, now) =>
      transaction(() => {
        const { deduplicationId } = message;
        if (queue.fifo && deduplicationId !== undefined) {
          db.prepare('DELETE FROM duplicates WHERE expiresAt <= ?').run(now);
          const earlier = db
            .prepare('SELECT id, sequence FROM duplicates WHERE queue = ? AND deduplicationId = ?')
            .get(queue.name, deduplicationId);
          if (earlier) return { id: String(earlier.id), sequence: Number(earlier.sequence) };
        }
        const { body, attributes, sender, traceHeader } = message;
        const content = JSON.stringify({ body, attributes, sender, traceHeader, deduplicationId });
        const { lastInsertRowid } = insert.run(
          queue.name,
          message.id,
          content,
          message.groupId ?? null,
          now,
          now + message.delayMs,
        );
        const sequence = Number(lastInsertRowid);
        if (queue.fifo && deduplicationId !== undefined) {
          db.prepare('INSERT INTO duplicates VALUES (?, ?, ?, ?, ?)').run(
            queue.name,
            deduplicationId,
            message.id,
            sequence,
            now + limits.deduplicationMs,
          );
        }
        return { id: message.id, sequence };
      }),
    receive: (queue, max, visibilityMs, now, deadLetters) =>
      transaction(() => {
        expire.run(queue.name, now - queue.retentionMs);
        const messages: Message[] = [];
        let moved = 0;
        const candidates = (limit: number) => (queue.fifo ? select.fifo : select.standard).all(queue.name, now, limit);
        for (let rows = candidates(max); rows.length > 0; rows = candidates(max)) {
          const spent =
            deadLetters && queue.redrive
              ? rows.filter((row) => Number(row.receiveCount) >= (queue.redrive?.maxReceiveCount ?? 0))
              : [];
          for (const row of spent) giveUp.run(deadLetters?.name ?? '', queue.arn, now, Number(row.sequence));
          moved += spent.length;
          // What was given up makes room; the choice is made anew, since a group's next message may follow.
          if (spent.length > 0) continue;
          for (const row of rows) {
            const receipt = `${row.sequence}.${randomBytes(16).toString('base64url')}`;
            const taken = take.get(now + visibilityMs, now, receipt, Number(row.sequence));
            if (taken) messages.push(readRow(taken));
          }
          break;
        }
        return { messages, moved };
      }),
    delete: (queue, receipt, now) =>
      transaction(() => {
        const { state, sequence } = stateOf(queue, receipt, now);
        const allowed = state === 'current' || (state === 'expired' && !queue.fifo);
        if (allowed) db.prepare('DELETE FROM messages WHERE sequence = ?').run(sequence);
        return state;
      }),
    changeVisibility: (queue, receipt, visibilityMs, now) =>
      transaction(() => {
        const { state, sequence } = stateOf(queue, receipt, now);
        if (state === 'current')
          db.prepare('UPDATE messages SET visibleAt = ? WHERE sequence = ?').run(now + visibilityMs, sequence);
        return state;
      }),
    purge: (queue) => void db.prepare('DELETE FROM messages WHERE queue = ?').run(queue.name),
    counts(queue, now) {
      const row = db
        .prepare(
          `SELECT count(*) FILTER (WHERE visibleAt <= ?2) AS visible, count(*) FILTER (WHERE visibleAt > ?2 AND receiveCount > 0) AS inFlight,
             count(*) FILTER (WHERE visibleAt > ?2 AND receiveCount = 0) AS delayed FROM messages WHERE queue = ?1 AND sentAt > ?3`,
        )
        .get(queue.name, now, now - queue.retentionMs);
      return { visible: Number(row?.visible), inFlight: Number(row?.inFlight), delayed: Number(row?.delayed) };
    },
    nextVisibleAt(queue, now) {
      const row = db
        .prepare('SELECT min(visibleAt) AS at FROM messages WHERE queue = ? AND visibleAt > ?')
        .get(queue.name, now);
      return number(row?.at);
    },
    close: () => db.close(),
  };
}
