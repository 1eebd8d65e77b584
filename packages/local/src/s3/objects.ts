/** Operations on one object: put, get, head, delete, copy. */

import { createHash } from 'node:crypto';
import { AwsError, type AwsRequest, type Operation } from '../aws/engine.ts';
import { type Address, allowOnly, objectArn, readCopySource } from './address.ts';
import { checksumFields, checksumHeaders, computeChecksum, readAlgorithm, verifyBody } from './checksum.ts';
import { readCondition, readRange, writeGuard } from './conditions.ts';
import { type S3Context, wholeSeconds } from './context.ts';
import { invalidArgument, noSuchKey } from './errors.ts';
import { keepHeaders, objectHeaders, readChecksumHeaders, writeHeaders } from './headers.ts';
import type { StoredObject } from './store.ts';
import { writeXml } from './xml.ts';

/** An object may lose its content to a concurrent overwrite between look-up and open; the new one is then read instead. */
const READ_ATTEMPTS = 5;

const overrides: Readonly<Record<string, string>> = {
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
  'response-content-language': 'content-language',
  'response-content-type': 'content-type',
  'response-expires': 'expires',
};

async function readContent(
  context: S3Context,
  { bucket, key }: Address,
  choose: (object: StoredObject) => { from: number; to: number } | undefined,
) {
  context.index.requireBucket(bucket);
  for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
    const object = context.index.get(bucket, key);
    if (!object) throw noSuchKey(key);
    const range = choose(object);
    if (!range) return { object, content: undefined };
    const content = await context.blobs.read(object.blob, range.from, range.to);
    if (content) return { object, content };
  }
  throw new AwsError('InternalError', 'We encountered an internal error. Please try again.', 500);
}

export function putObject(context: S3Context, request: AwsRequest, address: Address): Operation {
  allowOnly(request, [], writeHeaders);
  const headers = keepHeaders(request.headers);
  const guard = writeGuard(request.headers, address.key);
  return {
    name: 'PutObject',
    requires: [{ action: 's3:PutObject', resource: objectArn(address) }],
    async run() {
      const { bucket, key } = address;
      context.index.requireBucket(bucket);
      const checksum = verifyBody(request.headers, request.body);
      guard(context.index.get(bucket, key));
      const etag = createHash('md5').update(request.body).digest('hex');
      const blob = await context.blobs.write(request.body);
      const object: StoredObject = {
        blob,
        size: request.body.length,
        etag,
        modifiedAt: wholeSeconds(context.now()),
        headers,
        checksum,
      };
      await replace(context, blob, () => context.index.put(bucket, key, object, guard));
      return { headers: { etag: `"${etag}"`, 'x-amz-server-side-encryption': 'AES256', ...checksumHeaders(checksum) } };
    },
  };
}

/** Runs the index change that makes `blob` visible, and removes whichever content is then unreferenced. */
export async function replace(context: S3Context, blob: string, change: () => string[]): Promise<void> {
  let freed: string[];
  try {
    freed = change();
  } catch (error) {
    await context.blobs.remove([blob]);
    throw error;
  }
  await context.blobs.remove(freed);
}

export function getObject(context: S3Context, request: AwsRequest, address: Address): Operation {
  allowOnly(request, Object.keys(overrides), ['x-amz-checksum-mode']);
  return {
    name: 'GetObject',
    requires: [{ action: 's3:GetObject', resource: objectArn(address) }],
    async run() {
      let ranged = false;
      const { object, content } = await readContent(context, address, (candidate) => {
        if (readCondition(request.headers, candidate) === 'not-modified') return undefined;
        const range = readRange(request.headers.range, candidate.size);
        ranged = range !== undefined;
        return range ?? { from: 0, to: candidate.size };
      });
      const headers = objectHeaders(object);
      if (!content)
        return { status: 304, headers: { etag: headers.etag ?? '', 'last-modified': headers['last-modified'] ?? '' } };
      for (const [parameter, header] of Object.entries(overrides)) {
        const value = request.query.get(parameter);
        if (value !== null && /[\r\n]/.test(value))
          throw invalidArgument(parameter, value, 'Header value cannot be represented');
        if (value !== null) headers[header] = value;
      }
      headers['content-length'] = String(content.length);
      if (!ranged)
        return { status: 200, headers: { ...headers, ...readChecksumHeaders(request.headers, object) }, body: content };
      const { from } = readRange(request.headers.range, object.size) ?? { from: 0 };
      headers['content-range'] = `bytes ${from}-${from + content.length - 1}/${object.size}`;
      return { status: 206, headers, body: content };
    },
  };
}

export function headObject(context: S3Context, request: AwsRequest, address: Address): Operation {
  allowOnly(request, [], ['x-amz-checksum-mode']);
  return {
    name: 'HeadObject',
    requires: [{ action: 's3:GetObject', resource: objectArn(address) }],
    async run() {
      context.index.requireBucket(address.bucket);
      const object = context.index.get(address.bucket, address.key);
      if (!object) throw noSuchKey(address.key);
      const headers = objectHeaders(object);
      if (readCondition(request.headers, object) === 'not-modified') return { status: 304, headers };
      const range = readRange(request.headers.range, object.size);
      headers['content-length'] = String(range ? range.to - range.from : object.size);
      if (range)
        return {
          status: 206,
          headers: { ...headers, 'content-range': `bytes ${range.from}-${range.to - 1}/${object.size}` },
        };
      return { headers: { ...headers, ...readChecksumHeaders(request.headers, object) } };
    },
  };
}

export function deleteObject(context: S3Context, request: AwsRequest, address: Address): Operation {
  allowOnly(request, [], []);
  const guard = writeGuard(request.headers, address.key);
  return {
    name: 'DeleteObject',
    requires: [{ action: 's3:DeleteObject', resource: objectArn(address) }],
    async run() {
      context.index.requireBucket(address.bucket);
      await context.blobs.remove(context.index.delete(address.bucket, address.key, guard));
      return { status: 204 };
    },
  };
}

export function copyObject(context: S3Context, request: AwsRequest, address: Address): Operation {
  allowOnly(request, [], [...writeHeaders, 'x-amz-copy-source', 'x-amz-copy-source-if-*', 'x-amz-metadata-directive']);
  const source = readCopySource(request.headers['x-amz-copy-source'] ?? '');
  const directive = request.headers['x-amz-metadata-directive'] ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE')
    throw invalidArgument('x-amz-metadata-directive', directive, 'Unknown metadata directive.');
  if (directive === 'COPY' && source.bucket === address.bucket && source.key === address.key) {
    throw new AwsError(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const headers = keepHeaders(request.headers);
  const guard = writeGuard(request.headers, address.key);
  const algorithm = request.headers['x-amz-checksum-algorithm'];
  return {
    name: 'CopyObject',
    requires: [
      { action: 's3:GetObject', resource: objectArn(source) },
      { action: 's3:PutObject', resource: objectArn(address) },
    ],
    async run() {
      context.index.requireBucket(address.bucket);
      const { object: original, content } = await readContent(context, source, (candidate) => {
        if (readCondition(request.headers, candidate, 'x-amz-copy-source-') === 'not-modified') {
          throw new AwsError(
            'PreconditionFailed',
            'At least one of the pre-conditions you specified did not hold',
            412,
          );
        }
        return { from: 0, to: candidate.size };
      });
      const data = content ?? Buffer.alloc(0);
      const checksum = computeChecksum(
        algorithm === undefined ? (original.checksum?.algorithm ?? 'crc32') : readAlgorithm(algorithm),
        data,
      );
      const etag = createHash('md5').update(data).digest('hex');
      const blob = await context.blobs.write(data);
      const modifiedAt = wholeSeconds(context.now());
      const object = {
        blob,
        size: data.length,
        etag,
        modifiedAt,
        headers: directive === 'COPY' ? original.headers : headers,
        checksum,
      };
      await replace(context, blob, () => context.index.put(address.bucket, address.key, object, guard));
      return {
        headers: { 'content-type': 'application/xml' },
        body: writeXml('CopyObjectResult', {
          LastModified: new Date(modifiedAt).toISOString(),
          ETag: `"${etag}"`,
          ...checksumFields(checksum),
        }),
      };
    },
  };
}
