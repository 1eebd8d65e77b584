import { DeleteObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import { experimentKey, parseExperimentRow } from '../experiment/store.ts';
import type { TenantId } from '../ids/id.ts';
import { noRules, parseRulesRow, type RuleSet, rulesKey } from '../rules/store.ts';
import { readObject } from '../s3/read-object.ts';
import { catalogueItemsMax } from './item.ts';
import {
  decodeSnapshot,
  emptySnapshot,
  encodeSnapshot,
  type ListedItem,
  type Snapshot,
  snapshotKey,
} from './snapshot.ts';
import { type CatalogueKey, isItemKey, parseItemRow, readRows } from './store.ts';

const TRIES_MAX = 8;

interface PublishStores {
  readonly catalogue: Table;
  readonly models: { readonly client: S3Client; readonly bucket: string };
}

/**
 * Brings what the rows of these keys say now into the snapshot that recommenders read. The rows are read after the snapshot, which is
 * replaced only while nobody else has done so; so whatever runs at the same time, comes late or comes twice, the last word is
 * what the table says. An empty snapshot is removed.
 * @param keys rows that have changed; those that are no part of a catalogue are left alone
 * @throws {DomainError} `unavailable` when others were faster again and again
 */
export async function publishCatalogue(
  { catalogue, models }: PublishStores,
  tenantId: TenantId,
  keys: readonly CatalogueKey[],
): Promise<void> {
  const rulesName = nameOf(rulesKey(tenantId));
  const experimentName = nameOf(experimentKey(tenantId));
  const changed = keys.filter((key) => [rulesName, experimentName].includes(nameOf(key)) || isItemKey(tenantId, key));
  if (changed.length === 0) return;
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const stored = await readObject(models.client, models.bucket, snapshotKey(tenantId));
    const before = typeof stored === 'string' ? undefined : { ...stored, ...decode(stored.body) };
    const rows = new Map((await readRows(catalogue, changed)).map((row) => [nameOf(row), row]));
    const items = new Map<string, ListedItem>(before?.items);
    let { rules, experiment } = before ?? emptySnapshot;
    for (const key of changed) {
      const row = rows.get(nameOf(key));
      if (nameOf(key) === rulesName) rules = row ? inUse(parseRulesRow(row)) : noRules;
      else if (nameOf(key) === experimentName) experiment = row ? parseExperimentRow(row) : null;
      else if (!row) items.delete(key.sk);
      else if (items.has(key.sk) || items.size < catalogueItemsMax) items.set(key.sk, parseItemRow(row));
    }
    if (await replace(models, tenantId, before?.etag, { items, rules, experiment })) return;
  }
  throw new DomainError('unavailable', 'The catalogue is being published by others; try again.', {
    retryAfterSeconds: 1,
  });
}

/** What is switched off is nobody's business but the company's; silos of an older version would not know the word for it. */
const inUse = ({ version, rules }: RuleSet): RuleSet => ({
  version,
  rules: rules.filter(({ enabled }) => enabled !== false).map(({ enabled: _, ...rule }) => rule),
});

const decode = (body: Uint8Array): Snapshot => decodeSnapshot(new TextDecoder().decode(body));

const nameOf = ({ pk, sk }: { readonly pk?: unknown; readonly sk?: unknown }): string => `${pk} ${sk}`;

/** @param etag of the snapshot that this one takes the place of; undefined for none @returns false when another is there by now */
async function replace(
  { client, bucket }: PublishStores['models'],
  tenantId: TenantId,
  etag: string | undefined,
  snapshot: Snapshot,
): Promise<boolean> {
  const object = { Bucket: bucket, Key: snapshotKey(tenantId) };
  const { items, rules, experiment } = snapshot;
  const isEmpty = items.size === 0 && rules.rules.length === 0 && !experiment;
  if (isEmpty && etag === undefined) return true;
  try {
    if (isEmpty) await client.send(new DeleteObjectCommand({ ...object, IfMatch: etag }));
    else {
      await client.send(
        new PutObjectCommand({
          ...object,
          Body: encodeSnapshot(snapshot),
          ContentType: 'application/json',
          Metadata: { items: String(items.size) },
          ...(etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag }),
        }),
      );
    }
    return true;
  } catch (error) {
    // 409: somebody writes it at this moment; 404: it was removed.
    if (error instanceof S3ServiceException && [404, 409, 412].includes(error.$metadata.httpStatusCode ?? 0))
      return false;
    throw error;
  }
}
