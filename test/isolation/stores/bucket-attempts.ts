import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** A call on one object, with the permission that it takes. */
export const objectAttempts: Readonly<
  Record<
    string,
    { readonly action: string; readonly run: (s3: S3Client, Bucket: string, Key: string) => Promise<unknown> }
  >
> = {
  GetObject: { action: 'GetObject', run: (s3, Bucket, Key) => s3.send(new GetObjectCommand({ Bucket, Key })) },
  'GetObject of a range': {
    action: 'GetObject',
    run: (s3, Bucket, Key) => s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-0' })),
  },
  'GetObject of a version': {
    action: 'GetObjectVersion',
    run: (s3, Bucket, Key) => s3.send(new GetObjectCommand({ Bucket, Key, VersionId: 'null' })),
  },
  HeadObject: { action: 'GetObject', run: (s3, Bucket, Key) => s3.send(new HeadObjectCommand({ Bucket, Key })) },
  PutObject: {
    action: 'PutObject',
    run: (s3, Bucket, Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'attempt' })),
  },
  'multipart upload': {
    action: 'PutObject',
    run: (s3, Bucket, Key) => s3.send(new CreateMultipartUploadCommand({ Bucket, Key })),
  },
  DeleteObject: { action: 'DeleteObject', run: (s3, Bucket, Key) => s3.send(new DeleteObjectCommand({ Bucket, Key })) },
  DeleteObjects: {
    action: 'DeleteObject',
    run: (s3, Bucket, Key) => s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } })),
  },
  'access list of an object': {
    action: 'PutObjectAcl',
    run: (s3, Bucket, Key) => s3.send(new PutObjectAclCommand({ Bucket, Key, ACL: 'public-read' })),
  },
};

/** Copies need to read the one and to write the other. */
export const copyAttempt = (s3: S3Client, Bucket: string, from: string, to: string): Promise<unknown> =>
  s3.send(new CopyObjectCommand({ Bucket, Key: to, CopySource: `${Bucket}/${encodeURIComponent(from)}` }));

export const listAttempt = (s3: S3Client, Bucket: string, Prefix: string | undefined, Delimiter?: string) =>
  s3.send(
    new ListObjectsV2Command({
      Bucket,
      ...(Prefix === undefined ? {} : { Prefix }),
      ...(Delimiter ? { Delimiter } : {}),
    }),
  );

/** Calls on a bucket as a whole, which are never allowed. */
export const bucketAttempts: Readonly<Record<string, (s3: S3Client, Bucket: string) => Promise<unknown>>> = {
  'list of versions': (s3, Bucket) => s3.send(new ListObjectVersionsCommand({ Bucket })),
  'reading the policy': (s3, Bucket) => s3.send(new GetBucketPolicyCommand({ Bucket })),
  'writing the policy': (s3, Bucket) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: '{}' })),
  'writing the lifecycle': (s3, Bucket) =>
    s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [] } })),
};

/** Keys that lead to the other tenant if anything normalises them, and prefixes that are too short. */
export const trickObjects = (own: string, foreign: string, ownId: string, foreignId: string): readonly string[] => [
  own.replace(ownId, `${ownId}/../${foreignId}`),
  own.replace(ownId, `./${foreignId}`),
  own.replace(`${ownId}/`, `/${foreignId}/`),
  own.replace(ownId, `${ownId}x`),
  own.replace(ownId, ownId.toUpperCase()),
  own.replace(`/${ownId}/`, `/${foreignId}%2f${ownId}/`),
  own.replace(`${ownId}/`, ''),
  foreign.replace('/', '//'),
];
