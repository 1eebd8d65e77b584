import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../../aws/engine.ts';
import { type EventSourceMapping, type MappingSettings, mappingSettingsSchema } from './mapping.ts';

export interface MappingStore {
  list(): EventSourceMapping[];
  /** @throws {AwsError} `ResourceNotFoundException` */
  get(uuid: string): EventSourceMapping;
  /** @throws {AwsError} `ResourceConflictException` when the function already reads that source. */
  create(input: {
    functionName: string;
    eventSourceArn: string;
    settings: MappingSettings;
    declared: boolean;
  }): EventSourceMapping;
  update(uuid: string, change: { functionName: string; settings: MappingSettings }): EventSourceMapping;
  remove(uuid: string): void;
  /** The ids of the mappings that the program declares, as against those made by calls. */
  declared(): string[];
  setResult(uuid: string, result: string): void;
  /** False until the mapping's source was looked at for the first time. */
  hasCheckpoints(uuid: string): boolean;
  checkpoint(uuid: string, shardId: string): Checkpoint | undefined;
  setCheckpoint(uuid: string, shardId: string, checkpoint: Checkpoint): void;
}

export interface Checkpoint {
  /** Empty as long as no record was handled. */
  readonly sequenceNumber: string;
  /** Epoch milliseconds; records from before it are not for this mapping. */
  readonly since: number;
  /** The shard was closed and is read to its end. */
  readonly finished: boolean;
}

/** Event source mappings and how far they have read, on disk. */
export function createMappingStore(db: DatabaseSync, now: () => number): MappingStore {
  db.exec(`CREATE TABLE IF NOT EXISTS mapping (uuid TEXT PRIMARY KEY, function TEXT NOT NULL, source TEXT NOT NULL,
      settings TEXT NOT NULL, declared INTEGER NOT NULL, modified INTEGER NOT NULL, result TEXT NOT NULL,
      UNIQUE (function, source)) STRICT;
    CREATE TABLE IF NOT EXISTS checkpoint (uuid TEXT NOT NULL REFERENCES mapping ON DELETE CASCADE, shard TEXT NOT NULL,
      sequence TEXT NOT NULL, since INTEGER NOT NULL, finished INTEGER NOT NULL, PRIMARY KEY (uuid, shard)) STRICT;`);
  const selectAll = db.prepare('SELECT * FROM mapping ORDER BY rowid');
  const selectOne = db.prepare('SELECT * FROM mapping WHERE uuid = ?');
  const selectSame = db.prepare('SELECT uuid FROM mapping WHERE function = ? AND source = ?');
  const insert = db.prepare('INSERT INTO mapping VALUES (?, ?, ?, ?, ?, ?, ?)');
  const change = db.prepare('UPDATE mapping SET function = ?, settings = ?, modified = ? WHERE uuid = ?');
  const setResult = db.prepare('UPDATE mapping SET result = ? WHERE uuid = ? AND result <> ?');
  const remove = db.prepare('DELETE FROM mapping WHERE uuid = ?');
  const selectCheckpoint = db.prepare('SELECT * FROM checkpoint WHERE uuid = ? AND shard = ?');
  const anyCheckpoint = db.prepare('SELECT 1 FROM checkpoint WHERE uuid = ? LIMIT 1');
  const upsertCheckpoint = db.prepare(`INSERT INTO checkpoint VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET sequence = excluded.sequence, finished = excluded.finished`);

  const read = (row: Record<string, unknown>): EventSourceMapping => ({
    uuid: String(row.uuid),
    functionName: String(row.function),
    eventSourceArn: String(row.source),
    settings: mappingSettingsSchema.parse(JSON.parse(String(row.settings))),
    lastModified: Number(row.modified),
    lastProcessingResult: String(row.result),
  });
  const get = (uuid: string): EventSourceMapping => {
    const row = selectOne.get(uuid);
    if (row !== undefined) return read(row);
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404, {
      Type: 'User',
    });
  };

  const refuseDuplicate = (functionName: string, eventSourceArn: string, own?: string): void => {
    const same = selectSame.get(functionName, eventSourceArn)?.uuid;
    if (same === undefined || same === own) return;
    const message =
      `The event source arn (" ${eventSourceArn} ") and function (" ${functionName} ") provided mapping already ` +
      `exists. Please update or delete the existing mapping with UUID ${same}`;
    throw new AwsError('ResourceConflictException', message, 409, { Type: 'User' });
  };

  return {
    get,
    list: () => selectAll.all().map(read),
    create({ functionName, eventSourceArn, settings, declared }) {
      refuseDuplicate(functionName, eventSourceArn);
      const uuid = randomUUID();
      insert.run(
        uuid,
        functionName,
        eventSourceArn,
        JSON.stringify(settings),
        declared ? 1 : 0,
        now(),
        'No records processed',
      );
      return get(uuid);
    },
    update(uuid, { functionName, settings }) {
      refuseDuplicate(functionName, get(uuid).eventSourceArn, uuid);
      change.run(functionName, JSON.stringify(settings), now(), uuid);
      return get(uuid);
    },
    remove(uuid) {
      get(uuid);
      remove.run(uuid);
    },
    declared: () =>
      db
        .prepare('SELECT uuid FROM mapping WHERE declared = 1')
        .all()
        .map((row) => String(row.uuid)),
    setResult: (uuid, result) => void setResult.run(result, uuid, result),
    hasCheckpoints: (uuid) => anyCheckpoint.get(uuid) !== undefined,
    checkpoint(uuid, shardId) {
      const row = selectCheckpoint.get(uuid, shardId);
      if (row === undefined) return undefined;
      const { sequence, since, finished } = row;
      return { sequenceNumber: String(sequence), since: Number(since), finished: finished === 1 };
    },
    setCheckpoint(uuid, shardId, { sequenceNumber, since, finished }) {
      upsertCheckpoint.run(uuid, shardId, sequenceNumber, since, finished ? 1 : 0);
    },
  };
}
