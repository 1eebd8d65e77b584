import { type Item, itemSize } from './attribute-value.ts';
import { type KeySchema, keyOf } from './key.ts';
import { integer, optionalInteger, type Store, text } from './store.ts';
import type { StreamViewType, Table, TableStream } from './table.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** One stream: its single shard lasts as long as it is on. Times are milliseconds since the epoch. */
export interface Stream {
  readonly id: number;
  readonly arn: string;
  readonly tableName: string;
  readonly label: string;
  readonly viewType: StreamViewType;
  readonly keys: KeySchema;
  readonly createdAt: number;
  readonly startSequence: number;
  readonly endSequence?: number;
}

/** One change of one item, before or after which it may not have existed. */
export interface ItemChange {
  readonly before?: Item | undefined;
  readonly after?: Item | undefined;
  /** Expiry is recorded as the service's own deletion. */
  readonly byService: boolean;
}

export interface StreamLogOptions {
  readonly store: Store;
  readonly region: string;
  readonly now: () => number;
  /** Called after the transaction that wrote records has been committed, once per record. */
  readonly onRecords: (streamArn: string, tableName: string) => void;
}

/** DynamoDB's sequence numbers have 21 digits and more, so that their order as text is their order as numbers. */
export const sequenceText = (sequence: number) => `1${String(sequence).padStart(20, '0')}`;

/** The streams of all tables, with their records of the last 24 hours. */
export class StreamLog {
  readonly #store: Store;
  readonly #region: string;
  readonly #now: () => number;
  readonly #onRecords: StreamLogOptions['onRecords'];
  readonly #ids = new Map<string, number>();

  constructor(options: StreamLogOptions) {
    this.#store = options.store;
    this.#region = options.region;
    this.#now = options.now;
    this.#onRecords = options.onRecords;
    for (const row of this.#store.all('SELECT id, arn FROM streams'))
      this.#ids.set(text(row, 'arn'), integer(row, 'id'));
  }

  /** Begins a stream. One that ended under the same ARN, with a label fixed by its owner, gives way with its records. */
  open(table: Table, stream: TableStream): void {
    this.#store.run('DELETE FROM stream_records WHERE stream_id IN (SELECT id FROM streams WHERE arn = ?)', stream.arn);
    this.#store.run('DELETE FROM streams WHERE arn = ? AND ended IS NOT NULL', stream.arn);
    const { id } = this.#store.run(
      `INSERT INTO streams (arn, table_name, label, view_type, keys, created, start_sequence) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      stream.arn,
      table.name,
      stream.label,
      stream.viewType,
      JSON.stringify(table.keys),
      this.#now(),
      this.lastSequence() + 1,
    );
    this.#ids.set(stream.arn, id);
  }

  end(stream: TableStream): void {
    this.#store.run(
      'UPDATE streams SET end_sequence = ?, ended = ? WHERE arn = ?',
      this.lastSequence(),
      this.#now(),
      stream.arn,
    );
  }

  /** The last sequence number given out, over all streams. */
  lastSequence(): number {
    const row = this.#store.get(`SELECT seq FROM sqlite_sequence WHERE name = 'stream_records'`);
    return row ? integer(row, 'seq') : 0;
  }

  find(arn: string): Stream | undefined {
    const row = this.#store.get('SELECT * FROM streams WHERE arn = ?', arn);
    return row && toStream(row);
  }

  /** By ARN. */
  all(): readonly Stream[] {
    return this.#store.all('SELECT * FROM streams ORDER BY arn').map(toStream);
  }

  /** Appends the record of a change, in the transaction that makes the change. */
  append(table: Table, stream: TableStream, change: ItemChange): void {
    const id = this.#ids.get(stream.arn);
    const item = change.after ?? change.before;
    if (id === undefined || !item) throw new Error(`no stream ${stream.arn}`);
    const now = this.#now();
    const sequence = this.lastSequence() + 1;
    const keys = keyOf(table.keys, item);
    const images = {
      ...(change.after && ['NEW_IMAGE', 'NEW_AND_OLD_IMAGES'].includes(stream.viewType)
        ? { NewImage: change.after }
        : {}),
      ...(change.before && ['OLD_IMAGE', 'NEW_AND_OLD_IMAGES'].includes(stream.viewType)
        ? { OldImage: change.before }
        : {}),
    };
    const record = {
      eventID: `${id.toString(16).padStart(12, '0')}${sequence.toString(16).padStart(20, '0')}`,
      eventName: !change.before ? 'INSERT' : change.after ? 'MODIFY' : 'REMOVE',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: this.#region,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(now / 1_000),
        Keys: keys,
        ...images,
        SequenceNumber: sequenceText(sequence),
        SizeBytes: itemSize(keys) + Object.values(images).reduce((size, image) => size + itemSize(image), 0),
        StreamViewType: stream.viewType,
      },
      ...(change.byService ? { userIdentity: { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' } } : {}),
    };
    this.#store.run(
      'INSERT INTO stream_records (sequence, stream_id, created, record) VALUES (?, ?, ?, ?)',
      sequence,
      id,
      now,
      JSON.stringify(record),
    );
    this.#store.afterCommit(() => this.#onRecords(stream.arn, table.name));
  }

  /** Records of a stream from a sequence number on, in order, none older than a day. */
  *read(stream: Stream, from: number): Iterable<{ readonly sequence: number; readonly record: string }> {
    const rows = this.#store.iterate(
      'SELECT sequence, record FROM stream_records WHERE stream_id = ? AND sequence >= ? AND created > ? ORDER BY sequence',
      stream.id,
      from,
      this.#now() - DAY_MS,
    );
    for (const row of rows) yield { sequence: integer(row, 'sequence'), record: text(row, 'record') };
  }

  /** Whether a record that the stream once held is no longer kept. */
  isTrimmed(stream: Stream, sequence: number): boolean {
    const oldest = this.#store.get(
      'SELECT MIN(sequence) AS oldest FROM stream_records WHERE stream_id = ? AND created > ?',
      stream.id,
      this.#now() - DAY_MS,
    );
    const first = oldest && optionalInteger(oldest, 'oldest');
    return sequence < (first ?? this.lastSequence() + 1) && !this.#has(stream, sequence);
  }

  #has(stream: Stream, sequence: number): boolean {
    const row = this.#store.get(
      'SELECT created FROM stream_records WHERE stream_id = ? AND sequence = ?',
      stream.id,
      sequence,
    );
    return row !== undefined && integer(row, 'created') > this.#now() - DAY_MS;
  }

  /** Forgets records, and streams that ended, a day old. */
  trim(): void {
    const horizon = this.#now() - DAY_MS;
    this.#store.transaction(() => {
      this.#store.run('DELETE FROM stream_records WHERE created <= ?', horizon);
      this.#store.run('DELETE FROM streams WHERE ended <= ?', horizon);
    });
  }
}

function toStream(row: Parameters<typeof text>[0]): Stream {
  const endSequence = optionalInteger(row, 'end_sequence');
  return {
    id: integer(row, 'id'),
    arn: text(row, 'arn'),
    tableName: text(row, 'table_name'),
    label: text(row, 'label'),
    viewType: text(row, 'view_type') as StreamViewType,
    keys: JSON.parse(text(row, 'keys')) as KeySchema,
    createdAt: integer(row, 'created'),
    startSequence: integer(row, 'start_sequence'),
    ...(endSequence === undefined ? {} : { endSequence }),
  };
}
