/** The index of buckets, objects and uploads: SQLite, one row each, changed only in short transactions. */

import { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../aws/engine.ts';
import type { Checksum, ChecksumAlgorithm } from './checksum.ts';

/** Headers that a writer chose and a reader gets back: content type, cache control, `x-amz-meta-…` and the like. */
export type StoredHeaders = Readonly<Record<string, string>>;

export interface StoredObject {
  readonly blob: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Milliseconds since the epoch, whole seconds: HTTP dates carry no more. */
  readonly modifiedAt: number;
  readonly headers: StoredHeaders;
  readonly checksum?: Checksum | undefined;
}

export interface StoredUpload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly headers: StoredHeaders;
  readonly startedAt: number;
  readonly algorithm?: ChecksumAlgorithm | undefined;
  readonly checksumType: Checksum['type'];
}

export interface StoredPart {
  readonly number: number;
  readonly blob: string;
  readonly size: number;
  readonly etag: string;
  readonly modifiedAt: number;
  readonly checksum?: Checksum | undefined;
}

export interface ObjectIndex {
  ensureBucket(name: string, now: number): void;
  buckets(): { name: string; createdAt: number }[];
  /** @throws {AwsError} `NoSuchBucket` */
  requireBucket(name: string): void;
  get(bucket: string, key: string): StoredObject | undefined;
  /**
   * Replaces the object if `guard` accepts what is there now; check and change are one transaction.
   * @returns blobs that nothing refers to any more
   */
  put(bucket: string, key: string, object: StoredObject, guard: (current: StoredObject | undefined) => void): string[];
  delete(bucket: string, key: string, guard?: (current: StoredObject | undefined) => void): string[];
  /** Keys in UTF-8 byte order from `from` on, up to but not including `to`. */
  scan(
    bucket: string,
    from: Uint8Array,
    to: Uint8Array | undefined,
  ): IterableIterator<{ key: Buffer; object: StoredObject }>;
  addUpload(upload: StoredUpload): void;
  /** @throws {AwsError} `NoSuchUpload` */
  requireUpload(bucket: string, key: string, id: string): StoredUpload;
  putPart(upload: string, part: StoredPart): string[];
  parts(upload: string): StoredPart[];
  /** Ends the upload; with an object, that object appears in the same transaction. */
  endUpload(upload: StoredUpload, object?: StoredObject, guard?: (current: StoredObject | undefined) => void): string[];
  liveBlobs(): Set<string>;
  close(): void;
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, createdAt INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS objects (bucket TEXT, key BLOB, doc TEXT NOT NULL, PRIMARY KEY (bucket, key)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS uploads (id TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS parts (upload TEXT, number INTEGER, doc TEXT NOT NULL, PRIMARY KEY (upload, number)) WITHOUT ROWID;
`;

function readObject(doc: unknown): StoredObject {
  return JSON.parse(String(doc));
}

function readPart(doc: unknown): StoredPart {
  return JSON.parse(String(doc));
}

function readUpload(doc: unknown): StoredUpload {
  return JSON.parse(String(doc));
}

export function openIndex(file: string): ObjectIndex {
  const db = new DatabaseSync(file);
  db.exec(schema);
  const select = db.prepare('SELECT doc FROM objects WHERE bucket = ? AND key = ?');
  const upsert = db.prepare('INSERT INTO objects VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET doc = excluded.doc');
  const remove = db.prepare('DELETE FROM objects WHERE bucket = ? AND key = ?');
  const selectParts = db.prepare('SELECT doc FROM parts WHERE upload = ? ORDER BY number');

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

  function requireBucket(name: string): void {
    if (!db.prepare('SELECT 1 FROM buckets WHERE name = ?').get(name)) {
      throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
    }
  }

  function get(bucket: string, key: string): StoredObject | undefined {
    const row = select.get(bucket, Buffer.from(key));
    return row && readObject(row.doc);
  }

  const parts = (upload: string): StoredPart[] => selectParts.all(upload).map((row) => readPart(row.doc));

  function replace(
    bucket: string,
    key: string,
    object: StoredObject,
    guard: (current: StoredObject | undefined) => void,
  ): string[] {
    requireBucket(bucket);
    const current = get(bucket, key);
    guard(current);
    upsert.run(bucket, Buffer.from(key), JSON.stringify(object));
    return current ? [current.blob] : [];
  }

  return {
    ensureBucket: (name, now) => void db.prepare('INSERT OR IGNORE INTO buckets VALUES (?, ?)').run(name, now),
    buckets: () =>
      db
        .prepare('SELECT name, createdAt FROM buckets ORDER BY name')
        .all()
        .map((row) => ({ name: String(row.name), createdAt: Number(row.createdAt) })),
    requireBucket,
    get,
    put: (bucket, key, object, guard) => transaction(() => replace(bucket, key, object, guard)),
    delete: (bucket, key, guard) =>
      transaction(() => {
        const current = get(bucket, key);
        guard?.(current);
        remove.run(bucket, Buffer.from(key));
        return current ? [current.blob] : [];
      }),
    *scan(bucket, from, to) {
      const rows = to
        ? db
            .prepare('SELECT key, doc FROM objects WHERE bucket = ? AND key >= ? AND key < ? ORDER BY key')
            .iterate(bucket, from, to)
        : db.prepare('SELECT key, doc FROM objects WHERE bucket = ? AND key >= ? ORDER BY key').iterate(bucket, from);
      for (const { key, doc } of rows) {
        if (key instanceof Uint8Array) yield { key: Buffer.from(key), object: readObject(doc) };
      }
    },
    addUpload: (upload) => void db.prepare('INSERT INTO uploads VALUES (?, ?)').run(upload.id, JSON.stringify(upload)),
    requireUpload(bucket, key, id) {
      const row = db.prepare('SELECT doc FROM uploads WHERE id = ?').get(id);
      const upload = row && readUpload(row.doc);
      if (upload?.bucket !== bucket || upload.key !== key) {
        throw new AwsError(
          'NoSuchUpload',
          'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
          404,
          { UploadId: id },
        );
      }
      return upload;
    },
    putPart: (upload, part) =>
      transaction(() => {
        const replaced = parts(upload).filter((other) => other.number === part.number);
        db.prepare('INSERT INTO parts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET doc = excluded.doc').run(
          upload,
          part.number,
          JSON.stringify(part),
        );
        return replaced.map((other) => other.blob);
      }),
    parts,
    endUpload: (upload, object, guard) =>
      transaction(() => {
        const freed = parts(upload.id).map((part) => part.blob);
        if (object) freed.push(...replace(upload.bucket, upload.key, object, guard ?? (() => undefined)));
        db.prepare('DELETE FROM parts WHERE upload = ?').run(upload.id);
        db.prepare('DELETE FROM uploads WHERE id = ?').run(upload.id);
        return freed;
      }),
    liveBlobs() {
      const rows = db
        .prepare("SELECT doc ->> 'blob' AS blob FROM objects UNION ALL SELECT doc ->> 'blob' FROM parts")
        .all();
      return new Set(rows.map((row) => String(row.blob)));
    },
    close: () => db.close(),
  };
}
