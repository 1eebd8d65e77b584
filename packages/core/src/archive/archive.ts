import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
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

/** All archived events of a tenant, in no particular order; an event that arrived twice may come twice. */
export async function* readArchive(archive: Archive, tenantId: TenantId): AsyncGenerator<BehaviourEvent> {
  let token: string | undefined;
  do {
    const page = await archive.client.send(
      new ListObjectsV2Command({ Bucket: archive.bucket, Prefix: archivePrefix(tenantId), ContinuationToken: token }),
    );
    const keys = (page.Contents ?? []).flatMap((object) => object.Key ?? []);
    for (let start = 0; start < keys.length; start += READ_AHEAD) {
      const bodies = await Promise.all(keys.slice(start, start + READ_AHEAD).map((key) => readObject(archive, key)));
      for (const body of bodies) {
        for (const line of body.split('\n')) if (line) yield JSON.parse(line) as BehaviourEvent;
      }
    }
    token = page.NextContinuationToken;
  } while (token);
}

async function readObject(archive: Archive, key: string): Promise<string> {
  const { Body } = await archive.client.send(new GetObjectCommand({ Bucket: archive.bucket, Key: key }));
  return Body ? Body.transformToString() : '';
}
