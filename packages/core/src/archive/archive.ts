import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { BehaviourEvent } from '../events/event.ts';
import type { TenantId } from '../ids/id.ts';

/** The archive bucket with the client, and so the credentials, to reach it with. */
export interface Archive {
  readonly client: S3Client;
  readonly bucket: string;
}

const READ_AHEAD = 8;

/** All that is archived of a tenant lies below. */
export const archivePrefix = (tenantId: TenantId): string => `archive/${tenantId}/`;

/** Writes a batch as lines of JSON. A batch of the same name is the same object, so a repeat changes nothing. */
export async function archiveEvents(
  archive: Archive,
  tenantId: TenantId,
  batch: { readonly name: string; readonly arrivedAt: Date; readonly events: readonly BehaviourEvent[] },
): Promise<void> {
  const day = batch.arrivedAt.toISOString().slice(0, 10);
  await archive.client.send(
    new PutObjectCommand({
      Bucket: archive.bucket,
      Key: `${archivePrefix(tenantId)}dt=${day}/${batch.name}.ndjson`,
      Body: batch.events.map((event) => `${JSON.stringify(event)}\n`).join(''),
      ContentType: 'application/x-ndjson',
    }),
  );
}

/**
 * The names of the archive's files, `dt=<day>/<name>.ndjson`, oldest day first.
 * @param from the first day, `2026-11-30`; all of them unless given
 */
export async function listFiles(archive: Archive, tenantId: TenantId, from?: string): Promise<readonly string[]> {
  const prefix = archivePrefix(tenantId);
  const files: string[] = [];
  let token: string | undefined;
  do {
    const page = await archive.client.send(
      new ListObjectsV2Command({
        Bucket: archive.bucket,
        Prefix: prefix,
        ContinuationToken: token,
        ...(from ? { StartAfter: `${prefix}dt=${from}` } : {}),
      }),
    );
    for (const { Key } of page.Contents ?? []) if (Key) files.push(Key.slice(prefix.length));
    token = page.NextContinuationToken;
  } while (token);
  return files;
}

/** The events of some of its files, in no particular order; an event that arrived twice may come twice. */
export async function* readFiles(
  archive: Archive,
  tenantId: TenantId,
  files: readonly string[],
): AsyncGenerator<BehaviourEvent> {
  for (let start = 0; start < files.length; start += READ_AHEAD) {
    const ahead = files.slice(start, start + READ_AHEAD);
    const bodies = await Promise.all(ahead.map((file) => readObject(archive, archivePrefix(tenantId) + file)));
    for (const body of bodies) {
      for (const line of body.split('\n')) if (line) yield JSON.parse(line) as BehaviourEvent;
    }
  }
}

/** What has been deleted since it was listed, by a lifecycle or an erasure, holds nothing. */
async function readObject(archive: Archive, key: string): Promise<string> {
  try {
    const { Body } = await archive.client.send(new GetObjectCommand({ Bucket: archive.bucket, Key: key }));
    return Body ? await Body.transformToString() : '';
  } catch (error) {
    if (error instanceof NoSuchKey) return '';
    throw error;
  }
}
