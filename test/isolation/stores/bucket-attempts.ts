import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketAclCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { Caller } from './caller.ts';

/** A call on one object, with the permission that it takes. */
export interface ObjectAttempt {
  readonly action: string;
  readonly run: (caller: Caller, Bucket: string, Key: string) => Promise<unknown>;
}

const attempt = (
  action: string,
  run: (s3: S3Client, Bucket: string, Key: string) => Promise<unknown>,
): ObjectAttempt => ({
  action,
  run: ({ s3 }, Bucket, Key) => run(s3, Bucket, Key),
});

const read = async (s3: S3Client, command: GetObjectCommand) => (await s3.send(command)).Body?.transformToString();
const UploadId = 'attempt';
const path = (Bucket: string, Key: string): string => `/${Bucket}/${Key.split('/').map(encodeURIComponent).join('/')}`;
const encoded = (Bucket: string, Key: string): string => `/${Bucket}/${encodeURIComponent(Key)}`;

/** Reads, which may as well be tried on what is there. */
export const objectReads: Readonly<Record<string, ObjectAttempt>> = {
  GetObject: attempt('GetObject', (s3, Bucket, Key) => read(s3, new GetObjectCommand({ Bucket, Key }))),
  'GetObject of a range': attempt('GetObject', (s3, Bucket, Key) =>
    read(s3, new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-0' })),
  ),
  HeadObject: attempt('GetObject', (s3, Bucket, Key) => s3.send(new HeadObjectCommand({ Bucket, Key }))),
  'GetObject of a version': attempt('GetObjectVersion', (s3, Bucket, Key) =>
    read(s3, new GetObjectCommand({ Bucket, Key, VersionId: 'null' })),
  ),
  GetObjectAttributes: attempt('GetObjectAttributes', (s3, Bucket, Key) =>
    s3.send(new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ['ETag'] })),
  ),
  GetObjectTagging: attempt('GetObjectTagging', (s3, Bucket, Key) =>
    s3.send(new GetObjectTaggingCommand({ Bucket, Key })),
  ),
};

export const objectWrites: Readonly<Record<string, ObjectAttempt>> = {
  PutObject: attempt('PutObject', (s3, Bucket, Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'attempt' }))),
  CreateMultipartUpload: attempt('PutObject', (s3, Bucket, Key) =>
    s3.send(new CreateMultipartUploadCommand({ Bucket, Key })),
  ),
  UploadPart: attempt('PutObject', (s3, Bucket, Key) =>
    s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: 'attempt' })),
  ),
  CompleteMultipartUpload: attempt('PutObject', (s3, Bucket, Key) =>
    s3.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key,
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag: 'x' }] },
      }),
    ),
  ),
  AbortMultipartUpload: attempt('AbortMultipartUpload', (s3, Bucket, Key) =>
    s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })),
  ),
  ListParts: attempt('ListMultipartUploadParts', (s3, Bucket, Key) =>
    s3.send(new ListPartsCommand({ Bucket, Key, UploadId })),
  ),
  DeleteObject: attempt('DeleteObject', (s3, Bucket, Key) => s3.send(new DeleteObjectCommand({ Bucket, Key }))),
  DeleteObjects: attempt('DeleteObject', (s3, Bucket, Key) =>
    s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } })),
  ),
  PutObjectAcl: attempt('PutObjectAcl', (s3, Bucket, Key) =>
    s3.send(new PutObjectAclCommand({ Bucket, Key, ACL: 'public-read' })),
  ),
  PutObjectTagging: attempt('PutObjectTagging', (s3, Bucket, Key) =>
    s3.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet: [] } })),
  ),
};

/** By URLs that no client makes. */
export const objectUrls: Readonly<Record<string, ObjectAttempt>> = {
  'GET of a path whose slashes are encoded': {
    action: 'GetObject',
    run: (caller, Bucket, Key) => caller.raw({ service: 's3', method: 'GET', path: encoded(Bucket, Key) }),
  },
  'PUT to a path whose slashes are encoded': {
    action: 'PutObject',
    run: (caller, Bucket, Key) =>
      caller.raw({ service: 's3', method: 'PUT', path: encoded(Bucket, Key), body: 'attempt' }),
  },
  'GET of a presigned URL': {
    action: 'GetObject',
    run: (caller, Bucket, Key) => caller.presigned({ service: 's3', method: 'GET', path: path(Bucket, Key) }),
  },
  'PUT to a presigned URL': {
    action: 'PutObject',
    run: (caller, Bucket, Key) =>
      caller.presigned({ service: 's3', method: 'PUT', path: path(Bucket, Key), body: 'attempt' }),
  },
};

/** Copies, which need to read the one and to write the other. */
export const copies: Readonly<
  Record<string, (caller: Caller, Bucket: string, from: string, to: string) => Promise<unknown>>
> = {
  CopyObject: ({ s3 }, Bucket, from, Key) =>
    s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${encodeURIComponent(from)}` })),
};

/** The same, of what is not done on this machine: where both are allowed it says so, which proves nothing. */
export const foreignCopies: typeof copies = {
  ...copies,
  UploadPartCopy: ({ s3 }, Bucket, from, Key) =>
    s3.send(
      new UploadPartCopyCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber: 1,
        CopySource: `${Bucket}/${encodeURIComponent(from)}`,
      }),
    ),
  'CopyObject of a version': ({ s3 }, Bucket, from, Key) =>
    s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${encodeURIComponent(from)}?versionId=null` })),
};

/** @returns the keys that were shown */
export const list = async ({ s3 }: Caller, Bucket: string, Prefix: string | undefined, Delimiter?: string) => {
  const { Contents = [], CommonPrefixes = [] } = await s3.send(
    new ListObjectsV2Command({
      Bucket,
      ...(Prefix === undefined ? {} : { Prefix }),
      ...(Delimiter === undefined ? {} : { Delimiter }),
    }),
  );
  return [...Contents.map(({ Key }) => Key), ...CommonPrefixes.map((common) => common.Prefix)];
};

type BucketAttempt = (caller: Caller, Bucket: string, foreignPrefix: string) => Promise<unknown>;
const onBucket =
  (run: (s3: S3Client, Bucket: string, foreignPrefix: string) => Promise<unknown>): BucketAttempt =>
  ({ s3 }, Bucket, foreignPrefix) =>
    run(s3, Bucket, foreignPrefix);

/** Calls on a bucket as a whole: never allowed. */
export const bucketAttempts: Readonly<Record<string, BucketAttempt>> = {
  HeadBucket: onBucket((s3, Bucket) => s3.send(new HeadBucketCommand({ Bucket }))),
  ListBuckets: onBucket((s3) => s3.send(new ListBucketsCommand())),
  'ListObjects in its old form': onBucket((s3, Bucket) => s3.send(new ListObjectsCommand({ Bucket }))),
  'ListObjects in its old form of a foreign prefix': onBucket((s3, Bucket, Prefix) =>
    s3.send(new ListObjectsCommand({ Bucket, Prefix })),
  ),
  ListObjectVersions: onBucket((s3, Bucket, Prefix) => s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }))),
  ListMultipartUploads: onBucket((s3, Bucket) => s3.send(new ListMultipartUploadsCommand({ Bucket }))),
  GetBucketPolicy: onBucket((s3, Bucket) => s3.send(new GetBucketPolicyCommand({ Bucket }))),
  PutBucketPolicy: onBucket((s3, Bucket) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: '{}' }))),
  DeleteBucketPolicy: onBucket((s3, Bucket) => s3.send(new DeleteBucketPolicyCommand({ Bucket }))),
  PutBucketAcl: onBucket((s3, Bucket) => s3.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }))),
  PutBucketLifecycleConfiguration: onBucket((s3, Bucket) =>
    s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [] } })),
  ),
  GetBucketVersioning: onBucket((s3, Bucket) => s3.send(new GetBucketVersioningCommand({ Bucket }))),
  PutBucketVersioning: onBucket((s3, Bucket) =>
    s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } })),
  ),
  CreateBucket: onBucket((s3, Bucket) => s3.send(new CreateBucketCommand({ Bucket: `${Bucket}-2` }))),
  DeleteBucket: onBucket((s3, Bucket) => s3.send(new DeleteBucketCommand({ Bucket }))),
};

/** Keys that lead to the other tenant if anything normalises them, and prefixes that are too short. */
export const trickObjects = (own: string, foreign: string, ownId: string, foreignId: string): readonly string[] => [
  own.replace(ownId, `${ownId}/../${foreignId}`),
  own.replace(ownId, `./${foreignId}`),
  own.replace(`${ownId}/`, `/${foreignId}/`),
  own.replace(ownId, `${ownId}x`),
  own.replace(ownId, ownId.slice(0, -1)),
  own.replace(ownId, ownId.toUpperCase()),
  own.replace(ownId, 'ten_*'),
  own.replace(`/${ownId}/`, `/${foreignId}%2f${ownId}/`),
  own.replace(`${ownId}/`, ''),
  own.slice(0, own.indexOf(ownId) + ownId.length),
  foreign.replace('/', '//'),
  foreign.toUpperCase(),
  `/${own}`,
];

/** Prefixes to list: too short, none, foreign, or the own one with something behind it. */
export const prefixesOf = (root: string, ownId: string, foreignId: string): readonly (string | undefined)[] => [
  undefined,
  '',
  root.slice(0, -1),
  root,
  `${root}ten_`,
  `${root}${ownId.slice(0, -1)}`,
  `${root}${ownId}`,
  `${root}${ownId}/`,
  `${root}${ownId}/../${foreignId}/`,
  `${root}${foreignId}/`,
  `${root}/${foreignId}/`,
];
