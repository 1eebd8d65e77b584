/**
 * S3 on a file system: contents as files with random names, everything else as rows of SQLite. Path-style addresses.
 * Versioning, ACLs, tagging and the like are refused with `NotImplemented`, never ignored.
 */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError, type AwsRequest, type Engine, type Operation } from '../aws/engine.ts';
import { isBucketName, notImplemented, readAddress } from './address.ts';
import { openBlobs } from './blobs.ts';
import { deleteObjects, getBucketLocation, headBucket, listBuckets, listObjectsV2 } from './buckets.ts';
import type { S3Context } from './context.ts';
import { listObjects } from './listing.ts';
import { abortUpload, completeUpload, createUpload, listParts, uploadPart } from './multipart.ts';
import { copyObject, deleteObject, getObject, headObject, putObject } from './objects.ts';
import { openIndex } from './store.ts';
import { bucketSubresource, objectSubresource } from './subresources.ts';

export interface S3Options {
  /** Where `s3.db` and the contents live. */
  readonly dir: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly accountId: string;
  readonly region: string;
}

/** One level of a bucket, for a page that shows it. */
export interface BucketView {
  readonly prefixes: readonly string[];
  readonly objects: readonly {
    readonly key: string;
    readonly size: number;
    readonly etag: string;
    readonly modifiedAt: Date;
  }[];
  /** Only the first 1,000 entries are given. */
  readonly truncated: boolean;
}

export interface S3Engine extends Engine {
  /** Makes the bucket unless it is there. */
  ensureBucket(name: string): void;
  buckets(): readonly string[];
  /** What lies directly under `prefix`, split at slashes. @throws {AwsError} `NoSuchBucket` */
  browse(bucket: string, prefix: string): BucketView;
}

export async function createS3Engine({ dir, now = Date.now, accountId, region }: S3Options): Promise<S3Engine> {
  await mkdir(dir, { recursive: true });
  const index = openIndex(join(dir, 's3.db'));
  const context: S3Context = {
    index,
    blobs: await openBlobs(join(dir, 's3'), index.liveBlobs()),
    region,
    accountId,
    now,
  };
  return {
    services: ['s3'],
    protocol: 'rest-xml',
    prepare: (request) => route(context, request),
    async close() {
      index.close();
    },
    ensureBucket(name) {
      if (!isBucketName(name)) throw new AwsError('InvalidBucketName', `The specified bucket is not valid: ${name}`);
      index.ensureBucket(name, now());
    },
    buckets: () => index.buckets().map(({ name }) => name),
    browse(bucket, prefix) {
      index.requireBucket(bucket);
      const page = listObjects(index, {
        bucket,
        prefix,
        delimiter: '/',
        startAfter: '',
        token: undefined,
        maxKeys: 1000,
      });
      return {
        prefixes: page.commonPrefixes,
        objects: page.objects.map(({ key, object }) => ({
          key,
          size: object.size,
          etag: object.etag,
          modifiedAt: new Date(object.modifiedAt),
        })),
        truncated: page.nextToken !== undefined,
      };
    },
  };
}

function route(context: S3Context, request: AwsRequest): Operation {
  const owner = request.headers['x-amz-expected-bucket-owner'];
  if (owner !== undefined && owner !== context.accountId) throw new AwsError('AccessDenied', 'Access Denied', 403);
  const address = readAddress(request.path);
  if (address.bucket === '') {
    if (request.method === 'GET') return listBuckets(context, request);
    throw methodNotAllowed(request.method);
  }
  return address.key === '' ? routeBucket(context, request, address.bucket) : routeObject(context, request, address);
}

function routeBucket(context: S3Context, request: AwsRequest, bucket: string): Operation {
  const { method, query } = request;
  if (method === 'HEAD') return headBucket(context, request, bucket);
  if (method === 'GET' && query.has('location')) return getBucketLocation(context, request, bucket);
  if (method === 'GET' && query.get('list-type') === '2') return listObjectsV2(context, request, bucket);
  if (method === 'POST' && query.has('delete')) return deleteObjects(context, request, bucket);
  const part = bucketSubresource(request, bucket);
  if (part) return part;
  throw notImplemented(`${method} on a bucket`);
}

function routeObject(context: S3Context, request: AwsRequest, address: { bucket: string; key: string }): Operation {
  const { method, query, headers } = request;
  const part = objectSubresource(request, address);
  if (part) return part;
  const upload = query.has('uploadId');
  switch (method) {
    case 'PUT':
      if (headers['x-amz-copy-source'] !== undefined) return copyObject(context, request, address);
      return upload ? uploadPart(context, request, address) : putObject(context, request, address);
    case 'GET':
      return upload ? listParts(context, request, address) : getObject(context, request, address);
    case 'HEAD':
      return headObject(context, request, address);
    case 'DELETE':
      return upload ? abortUpload(context, request, address) : deleteObject(context, request, address);
    case 'POST':
      if (query.has('uploads')) return createUpload(context, request, address);
      if (upload) return completeUpload(context, request, address);
      throw notImplemented('POST on an object');
    default:
      throw methodNotAllowed(method);
  }
}

function methodNotAllowed(method: string): AwsError {
  return new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
    Method: method,
  });
}
