import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inUse } from './errors.ts';

/** Gives the pods of one service account the credentials of a role. */
export interface Association {
  readonly clusterName: string;
  readonly associationId: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  /** Leaves out the six session tags that say which pod asks. */
  readonly disableSessionTags: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface AssociationStore {
  find(clusterName: string, associationId: string): Association | undefined;
  findByAccount(clusterName: string, namespace: string, serviceAccount: string): Association | undefined;
  /** Oldest first. */
  list(clusterName: string): readonly Association[];
  /** What an earlier request with this token made. */
  findByToken(token: string): Association | undefined;
  /** @throws {AwsError} `ResourceInUseException` when the service account has one already */
  insert(association: Association, token: string | undefined): void;
  update(association: Association): void;
  delete(clusterName: string, associationId: string): void;
  close(): void;
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS associations (
    cluster TEXT NOT NULL, id TEXT NOT NULL, namespace TEXT NOT NULL, account TEXT NOT NULL,
    token TEXT UNIQUE, body TEXT NOT NULL,
    PRIMARY KEY (cluster, id), UNIQUE (cluster, namespace, account)
  );
`;

export function openAssociationStore(dir: string): AssociationStore {
  mkdirSync(dir, { recursive: true });
  const database = new DatabaseSync(join(dir, 'eks.db'));
  database.exec(schema);
  const one = database.prepare('SELECT body FROM associations WHERE cluster = ? AND id = ?');
  const byAccount = database.prepare(
    'SELECT body FROM associations WHERE cluster = ? AND namespace = ? AND account = ?',
  );
  const byToken = database.prepare('SELECT body FROM associations WHERE token = ?');
  const all = database.prepare('SELECT body FROM associations WHERE cluster = ? ORDER BY rowid');
  const insert = database.prepare(
    'INSERT INTO associations (cluster, id, namespace, account, token, body) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const update = database.prepare('UPDATE associations SET body = ? WHERE cluster = ? AND id = ?');
  const remove = database.prepare('DELETE FROM associations WHERE cluster = ? AND id = ?');
  const parse = (row: Record<string, unknown> | undefined): Association | undefined =>
    row && (JSON.parse(String(row.body)) as Association);

  const findByAccount: AssociationStore['findByAccount'] = (cluster, namespace, account) =>
    parse(byAccount.get(cluster, namespace, account));
  return {
    find: (cluster, id) => parse(one.get(cluster, id)),
    findByAccount,
    list: (cluster) => all.all(cluster).flatMap((row) => parse(row) ?? []),
    findByToken: (token) => parse(byToken.get(token)),
    insert(association, token) {
      const { clusterName, associationId, namespace, serviceAccount } = association;
      const present = findByAccount(clusterName, namespace, serviceAccount);
      if (present) throw inUse(`Association already exists: ${present.associationId}`);
      const body = JSON.stringify(association);
      insert.run(clusterName, associationId, namespace, serviceAccount, token ?? null, body);
    },
    update: (association) =>
      void update.run(JSON.stringify(association), association.clusterName, association.associationId),
    delete: (cluster, id) => void remove.run(cluster, id),
    close: () => database.close(),
  };
}
