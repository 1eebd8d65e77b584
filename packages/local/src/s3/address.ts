/** What a request is about: the bucket and key of its path, its sub-resource, and the headers and parameters it may carry. */

import { AwsError, type AwsRequest } from '../aws/engine.ts';

const KEY_BYTES_MAX = 1024;

export interface Address {
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
}

const bucketName = /^(?!xn--|sthree-)[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]$/;

/** Whether S3 would take this name; also what keeps a bucket name from meaning anything to a file system. */
export function isBucketName(name: string): boolean {
  return bucketName.test(name) && !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
}

/**
 * Splits a path-style path. The key is everything after the first slash, decoded once, and may be any text: it is
 * data, never a path of the file system.
 * @throws {AwsError} `InvalidURI`, `InvalidBucketName`, `KeyTooLongError`
 */
export function readAddress(path: string): Address {
  const cut = path.indexOf('/', 1);
  const bucket = decode(path.slice(1, cut === -1 ? undefined : cut));
  const key = cut === -1 ? '' : decode(path.slice(cut + 1));
  if (bucket !== '' && !isBucketName(bucket))
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
  if (Buffer.byteLength(key) > KEY_BYTES_MAX) throw new AwsError('KeyTooLongError', 'Your key is too long');
  return { bucket, key };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

export const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;
export const objectArn = ({ bucket, key }: Address): string => `arn:aws:s3:::${bucket}/${key}`;

/** `x-amz-copy-source`: `/bucket/key` or `bucket/key`, percent-encoded. */
export function readCopySource(header: string): Address {
  const [path = '', query] = header.split('?');
  if (query !== undefined) throw notImplemented('copying a version');
  const source = readAddress(path.startsWith('/') ? path : `/${path}`);
  if (source.bucket === '' || source.key === '')
    throw new AwsError('InvalidArgument', 'Invalid copy source object key');
  return source;
}

/** S3's answer to what it knows but does not do. */
export function notImplemented(what: string): AwsError {
  return new AwsError(
    'NotImplemented',
    `A header or query you provided implies functionality that is not implemented: ${what}`,
    501,
  );
}

/** Sent by clients on any call and settled before the engine sees it. */
const commonHeaders = [
  'x-amz-date',
  'x-amz-content-sha256',
  'x-amz-security-token',
  'x-amz-user-agent',
  'x-amz-decoded-content-length',
  'x-amz-trailer',
  'x-amz-te',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-expected-bucket-owner',
  'x-amz-request-payer',
  'x-amzn-trace-id',
];

/** Parameters of the signature in the query, and the SDK's hint of the operation's name. */
const isCommonParameter = (name: string): boolean =>
  name === 'x-id' ||
  /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256|user-agent|checksum-mode|sdk-checksum-algorithm|checksum-crc32)$/i.test(
    name,
  );

/** @throws {AwsError} `NotImplemented` for a parameter or `x-amz-` header outside the operation's own. */
export function allowOnly(request: AwsRequest, parameters: readonly string[], headers: readonly string[]): void {
  for (const name of request.query.keys()) {
    if (!parameters.includes(name) && !isCommonParameter(name)) throw notImplemented(name);
  }
  for (const name of Object.keys(request.headers)) {
    if (!name.startsWith('x-amz-') || commonHeaders.includes(name) || headers.includes(name)) continue;
    if (!headers.some((allowed) => allowed.endsWith('*') && name.startsWith(allowed.slice(0, -1))))
      throw notImplemented(name);
  }
}
