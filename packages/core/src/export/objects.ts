import { createHash } from 'node:crypto';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import type { TenantId } from '../ids/id.ts';

/** The bucket of exports with the client, and so the credentials, to reach it with. */
export interface ExportBucket {
  readonly client: S3Client;
  readonly bucket: string;
}

/** An export of one tenant, where its files lie. */
export interface ExportFolder extends ExportBucket {
  readonly tenantId: TenantId;
  readonly exportId: string;
}

/** Everything that a tenant ever exported and that still is there lies below. */
export const exportPrefix = (tenantId: TenantId): string => `exports/${tenantId}/`;

export const exportObjectKey = (tenantId: TenantId, exportId: string, file: string): string =>
  `${exportPrefix(tenantId)}${exportId}/${file}`;

const keyOf = ({ tenantId, exportId }: ExportFolder, file: string): string => exportObjectKey(tenantId, exportId, file);

/** What is known of a file beside what is in it. */
export interface FileFacts {
  readonly name: string;
  /** Lines below the header; null for what is no table. */
  readonly rows: number | null;
  readonly bytes: number;
  readonly sha256: string;
}

const contentTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  txt: 'text/plain; charset=utf-8',
};

/** As the browser keeps it, where all files of an export lie side by side: `events/part-0001.csv` → `events-part-0001.csv` */
const downloadName = (file: string): string => file.replaceAll('/', '-');

const metadataSchema = z.object({
  rows: z.string(),
  sha256: z.string(),
  /** Where the next slice goes on. */
  next: z.string(),
});

const isPreconditionFailure = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412;

/**
 * Writes a file that is not there yet, with where to go on after it. A file that is there stays as it is: whoever wrote it
 * first, and whoever comes again, goes on from the same place, so that no row is left out and none comes twice.
 * @returns where to go on after the file that is there now
 */
export async function writeOnce(
  folder: ExportFolder,
  file: string,
  content: { readonly body: string; readonly rows: number | null; readonly next: string },
): Promise<string> {
  const { client, bucket } = folder;
  const Key = keyOf(folder, file);
  const { body, rows, next } = content;
  try {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key,
        Body: body,
        IfNoneMatch: '*',
        ContentType: contentTypes[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
        ContentDisposition: `attachment; filename="${downloadName(file)}"`,
        Metadata: {
          rows: String(rows ?? ''),
          sha256: createHash('sha256').update(body).digest('hex'),
          next,
        } satisfies z.input<typeof metadataSchema>,
      }),
    );
    return next;
  } catch (error) {
    if (!isPreconditionFailure(error)) throw error;
    const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
    return metadataSchema.parse(Metadata).next;
  }
}

export async function readFile(folder: ExportFolder, file: string): Promise<string> {
  const { Body } = await folder.client.send(new GetObjectCommand({ Bucket: folder.bucket, Key: keyOf(folder, file) }));
  return Body ? Body.transformToString() : '';
}

const HEADS_AT_ONCE = 16;

/** The files of an export by their names, in the order of the bucket. */
export async function listFiles(folder: ExportFolder): Promise<readonly FileFacts[]> {
  const { client, bucket } = folder;
  const prefix = keyOf(folder, '');
  const files: FileFacts[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    );
    const objects = page.Contents ?? [];
    for (let start = 0; start < objects.length; start += HEADS_AT_ONCE) {
      const facts = objects.slice(start, start + HEADS_AT_ONCE).map(async ({ Key = '', Size = 0 }) => {
        const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
        const { rows, sha256 } = metadataSchema.parse(Metadata);
        return { name: Key.slice(prefix.length), rows: rows === '' ? null : Number(rows), bytes: Size, sha256 };
      });
      files.push(...(await Promise.all(facts)));
    }
    token = page.NextContinuationToken;
  } while (token);
  return files;
}

/** Deletes all files of an export; a repeat finds none. */
export async function deleteFiles(folder: ExportFolder): Promise<void> {
  const { client, bucket } = folder;
  for (;;) {
    const { Contents = [] } = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: keyOf(folder, '') }),
    );
    if (Contents.length === 0) return;
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: Contents.map(({ Key = '' }) => ({ Key })) } }),
    );
    if (Errors.length > 0) throw new Error(`${Errors.length} files could not be deleted: ${Errors[0]?.Code}.`);
  }
}
