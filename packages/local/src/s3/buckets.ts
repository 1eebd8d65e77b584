/** Operations on buckets: list, locate, list objects, delete many objects. */

import { AwsError, type AwsRequest, type AwsResponse, type Operation } from '../aws/engine.ts';
import { allowOnly, bucketArn, notImplemented, objectArn } from './address.ts';
import { checksumFields, verifyBody } from './checksum.ts';
import type { S3Context } from './context.ts';
import { invalidArgument } from './errors.ts';
import { listingContext, listObjects, readMaxKeys } from './listing.ts';
import { readFields, readXml, writeXml, type XmlFields } from './xml.ts';

const DELETE_MAX = 1000;

const xml = (root: string, fields: XmlFields): AwsResponse => ({
  headers: { 'content-type': 'application/xml' },
  body: writeXml(root, fields),
});

export function listBuckets(context: S3Context, request: AwsRequest): Operation {
  allowOnly(request, [], []);
  return {
    name: 'ListBuckets',
    requires: [{ action: 's3:ListAllMyBuckets', resource: '*' }],
    run: async () =>
      xml('ListAllMyBucketsResult', {
        Buckets: {
          Bucket: context.index
            .buckets()
            .map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt).toISOString() })),
        },
        Owner: { ID: context.accountId },
      }),
  };
}

export function headBucket(context: S3Context, request: AwsRequest, bucket: string): Operation {
  allowOnly(request, [], []);
  return {
    name: 'HeadBucket',
    requires: [{ action: 's3:ListBucket', resource: bucketArn(bucket) }],
    async run() {
      context.index.requireBucket(bucket);
      return { headers: { 'x-amz-bucket-region': context.region } };
    },
  };
}

export function getBucketLocation(context: S3Context, request: AwsRequest, bucket: string): Operation {
  allowOnly(request, ['location'], []);
  return {
    name: 'GetBucketLocation',
    requires: [{ action: 's3:GetBucketLocation', resource: bucketArn(bucket) }],
    async run() {
      context.index.requireBucket(bucket);
      const location = context.region === 'us-east-1' ? '' : context.region;
      return {
        headers: { 'content-type': 'application/xml' },
        body: `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${location}</LocationConstraint>`,
      };
    },
  };
}

/** As `encoding-type=url`: everything but unreserved characters and the slash, in UTF-8. */
const urlEncoded = (text: string): string => encodeURIComponent(text).replaceAll('%2F', '/');

export function listObjectsV2(context: S3Context, request: AwsRequest, bucket: string): Operation {
  const parameters = [
    'list-type',
    'prefix',
    'delimiter',
    'max-keys',
    'start-after',
    'continuation-token',
    'encoding-type',
    'fetch-owner',
  ];
  allowOnly(request, parameters, []);
  const { query } = request;
  for (const name of parameters)
    if (query.getAll(name).length > 1) throw invalidArgument(name, '', 'A parameter may be given once');
  const encoding = query.get('encoding-type');
  if (encoding !== null && encoding !== 'url')
    throw invalidArgument('encoding-type', encoding, 'Invalid Encoding Method specified in Request');
  if (query.get('fetch-owner') === 'true') throw notImplemented('fetch-owner');
  const encode = encoding === 'url' ? urlEncoded : (text: string) => text;
  const maxKeys = readMaxKeys(query.get('max-keys'));
  const token = query.get('continuation-token') ?? undefined;
  const given = {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    startAfter: query.get('start-after') ?? '',
  };
  return {
    name: 'ListObjectsV2',
    requires: [{ action: 's3:ListBucket', resource: bucketArn(bucket), context: listingContext(query) }],
    async run() {
      context.index.requireBucket(bucket);
      const { objects, commonPrefixes, nextToken } = listObjects(context.index, { bucket, maxKeys, token, ...given });
      return xml('ListBucketResult', {
        Name: bucket,
        Prefix: encode(given.prefix),
        Delimiter: given.delimiter === '' ? undefined : encode(given.delimiter),
        StartAfter: given.startAfter === '' ? undefined : encode(given.startAfter),
        EncodingType: encoding ?? undefined,
        MaxKeys: maxKeys,
        KeyCount: objects.length + commonPrefixes.length,
        IsTruncated: nextToken !== undefined,
        ContinuationToken: token,
        NextContinuationToken: nextToken,
        Contents: objects.map(({ key, object }) => ({
          Key: encode(key),
          LastModified: new Date(object.modifiedAt).toISOString(),
          ETag: `"${object.etag}"`,
          ChecksumAlgorithm: object.checksum?.algorithm.toUpperCase(),
          ChecksumType: checksumFields(object.checksum).ChecksumType,
          Size: object.size,
          StorageClass: object.headers['x-amz-storage-class'] ?? 'STANDARD',
        })),
        CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
      });
    },
  };
}

/** The document of keys; every key becomes a requirement of its own, so it is read before authorisation. */
function readDeletion(body: Buffer): { keys: string[]; quiet: boolean } {
  const root = readXml(body);
  const keys: string[] = [];
  let quiet = false;
  if (root.name !== 'Delete')
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  for (const element of root.children) {
    if (element.name === 'Quiet') {
      quiet = element.text === 'true';
      continue;
    }
    if (element.name !== 'Object') throw new AwsError('MalformedXML', `Unexpected element ${element.name}`);
    if (element.children.some((child) => child.name !== 'Key'))
      throw notImplemented('deleting a version or on a condition');
    keys.push(readFields(element, ['Key']).get('Key') ?? '');
  }
  if (keys.length === 0 || keys.length > DELETE_MAX || keys.includes(''))
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  return { keys, quiet };
}

export function deleteObjects(context: S3Context, request: AwsRequest, bucket: string): Operation {
  allowOnly(request, ['delete'], ['x-amz-checksum-*']);
  verifyBody(request.headers, request.body);
  const { keys, quiet } = readDeletion(request.body);
  return {
    name: 'DeleteObjects',
    requires: keys.map((key) => ({ action: 's3:DeleteObject', resource: objectArn({ bucket, key }) })),
    async run() {
      context.index.requireBucket(bucket);
      for (const key of keys) await context.blobs.remove(context.index.delete(bucket, key));
      return xml('DeleteResult', { Deleted: quiet ? [] : keys.map((key) => ({ Key: key })) });
    },
  };
}
