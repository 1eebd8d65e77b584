/** Headers that belong to an object rather than to a call: what is kept on a write and given back on a read. */

import { AwsError } from '../aws/engine.ts';
import { checksumHeaders } from './checksum.ts';
import { invalidArgument } from './errors.ts';
import type { StoredHeaders, StoredObject } from './store.ts';

const METADATA_BYTES_MAX = 2048;
const kept = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-amz-website-redirect-location',
  'x-amz-storage-class',
  'x-amz-server-side-encryption',
];

/** The `x-amz-` headers that a write may carry. */
export const writeHeaders = [
  'x-amz-meta-*',
  'x-amz-acl',
  'x-amz-storage-class',
  'x-amz-server-side-encryption',
  'x-amz-website-redirect-location',
  'x-amz-checksum-*',
];

/**
 * The part of a write's headers that the object keeps.
 * @throws {AwsError} `MetadataTooLarge`, `AccessControlListNotSupported`, `InvalidArgument`
 */
export function keepHeaders(headers: Readonly<Record<string, string>>): StoredHeaders {
  const acl = headers['x-amz-acl'];
  if (acl !== undefined && acl !== 'private' && acl !== 'bucket-owner-full-control') {
    throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
  const encryption = headers['x-amz-server-side-encryption'];
  if (encryption !== undefined && encryption !== 'AES256') {
    throw invalidArgument(
      'x-amz-server-side-encryption',
      encryption,
      'The encryption method specified is not supported',
    );
  }
  const result: Record<string, string> = {};
  let metadataBytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    const metadata = name.startsWith('x-amz-meta-');
    if (metadata) metadataBytes += Buffer.byteLength(name) - 'x-amz-meta-'.length + Buffer.byteLength(value);
    if (metadata || kept.includes(name)) result[name] = value;
  }
  if (metadataBytes > METADATA_BYTES_MAX)
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  const encoding = result['content-encoding']
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked')
    .join(',');
  if (encoding) result['content-encoding'] = encoding;
  else delete result['content-encoding'];
  result['content-type'] ??= 'binary/octet-stream';
  return result;
}

/** Every read of an object, whole or in part, and its `HEAD`, answers with these. */
export function objectHeaders(object: StoredObject): Record<string, string> {
  const { 'x-amz-storage-class': storageClass, ...rest } = object.headers;
  return {
    'x-amz-server-side-encryption': 'AES256',
    ...rest,
    ...(storageClass && storageClass !== 'STANDARD' ? { 'x-amz-storage-class': storageClass } : {}),
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
  };
}

/** A client asks for the checksum by mode; of a part of an object it would say nothing. */
export function readChecksumHeaders(
  headers: Readonly<Record<string, string>>,
  object: StoredObject,
): Record<string, string> {
  return headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' ? checksumHeaders(object.checksum) : {};
}
