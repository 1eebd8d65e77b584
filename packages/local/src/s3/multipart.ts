/** Multipart uploads: parts are kept apart until the upload is completed in one step. */

import { createHash, randomBytes } from 'node:crypto';
import { AwsError, type AwsRequest, type AwsResponse, type Operation } from '../aws/engine.ts';
import { type Address, allowOnly, objectArn } from './address.ts';
import {
  type Checksum,
  checksumFields,
  checksumHeaders,
  compositeChecksum,
  computeChecksum,
  readAlgorithm,
  verifyBody,
} from './checksum.ts';
import { writeGuard } from './conditions.ts';
import { type S3Context, wholeSeconds } from './context.ts';
import { invalidArgument } from './errors.ts';
import { keepHeaders, writeHeaders } from './headers.ts';
import { replace } from './objects.ts';
import type { StoredPart, StoredUpload } from './store.ts';
import { readFields, readXml, writeXml, type XmlFields } from './xml.ts';

const PART_BYTES_MIN = 5 * 1024 * 1024;
const PART_NUMBER_MAX = 10_000;
const PAGE_MAX = 1000;

const xml = (root: string, fields: XmlFields): AwsResponse => ({
  headers: { 'content-type': 'application/xml' },
  body: writeXml(root, fields),
});

function readNumber(request: AwsRequest, name: string, max: number, absent: number | undefined): number {
  const value = request.query.get(name);
  if (value === null && absent !== undefined) return absent;
  const number = /^\d{1,9}$/.test(value ?? '') ? Number(value) : -1;
  if (number < (absent === undefined ? 1 : 0) || number > max)
    throw invalidArgument(name, value ?? '', `${name} must be an integer between 1 and ${max}, inclusive`);
  return number;
}

const uploadId = (request: AwsRequest): string => request.query.get('uploadId') ?? '';

export function createUpload(context: S3Context, request: AwsRequest, address: Address): Operation {
  allowOnly(request, ['uploads'], writeHeaders);
  const headers = keepHeaders(request.headers);
  const named = request.headers['x-amz-checksum-algorithm'];
  const algorithm = named === undefined ? undefined : readAlgorithm(named);
  const checksumType = request.headers['x-amz-checksum-type'] ?? 'COMPOSITE';
  if (checksumType !== 'COMPOSITE' && checksumType !== 'FULL_OBJECT')
    throw invalidArgument('x-amz-checksum-type', checksumType, 'Value for x-amz-checksum-type header is invalid.');
  return {
    name: 'CreateMultipartUpload',
    requires: [{ action: 's3:PutObject', resource: objectArn(address) }],
    async run() {
      context.index.requireBucket(address.bucket);
      const id = randomBytes(24).toString('base64url');
      context.index.addUpload({ ...address, id, headers, startedAt: context.now(), algorithm, checksumType });
      const answer = xml('InitiateMultipartUploadResult', { Bucket: address.bucket, Key: address.key, UploadId: id });
      return algorithm
        ? {
            ...answer,
            headers: {
              ...answer.headers,
              'x-amz-checksum-algorithm': algorithm.toUpperCase(),
              'x-amz-checksum-type': checksumType,
            },
          }
        : answer;
    },
  };
}

export function uploadPart(context: S3Context, request: AwsRequest, address: Address): Operation {
  allowOnly(request, ['uploadId', 'partNumber'], ['x-amz-checksum-*']);
  const number = readNumber(request, 'partNumber', PART_NUMBER_MAX, undefined);
  return {
    name: 'UploadPart',
    requires: [{ action: 's3:PutObject', resource: objectArn(address) }],
    async run() {
      const upload = context.index.requireUpload(address.bucket, address.key, uploadId(request));
      const sent = verifyBody(request.headers, request.body);
      const checksum =
        upload.algorithm && sent?.algorithm !== upload.algorithm
          ? computeChecksum(upload.algorithm, request.body)
          : sent;
      const etag = createHash('md5').update(request.body).digest('hex');
      const blob = await context.blobs.write(request.body);
      const part: StoredPart = {
        number,
        blob,
        size: request.body.length,
        etag,
        modifiedAt: wholeSeconds(context.now()),
        checksum,
      };
      await replace(context, blob, () => {
        context.index.requireUpload(address.bucket, address.key, upload.id);
        return context.index.putPart(upload.id, part);
      });
      return { headers: { etag: `"${etag}"`, ...checksumHeaders(checksum) } };
    },
  };
}

/** The parts that the client names, in its order, which must be ascending and each as it was uploaded. */
function readChosenParts(request: AwsRequest, stored: readonly StoredPart[]): StoredPart[] {
  const root = readXml(request.body);
  if (root.name !== 'CompleteMultipartUpload' || root.children.length === 0)
    throw new AwsError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
    );
  const chosen = root.children.map((element) => {
    const fields = readFields(element, [
      'PartNumber',
      'ETag',
      'ChecksumCRC32',
      'ChecksumCRC32C',
      'ChecksumSHA1',
      'ChecksumSHA256',
    ]);
    const part = stored.find((candidate) => String(candidate.number) === fields.get('PartNumber'));
    const checksum = part?.checksum && fields.get(`Checksum${part.checksum.algorithm.toUpperCase()}`);
    if (
      !part ||
      fields.get('ETag')?.replaceAll('"', '') !== part.etag ||
      (checksum !== undefined && checksum !== part.checksum?.value)
    ) {
      throw new AwsError(
        'InvalidPart',
        "One or more of the specified parts could not be found. The part might not have been uploaded, or the specified entity tag might not have matched the part's entity tag.",
      );
    }
    return part;
  });
  chosen.forEach((part, position) => {
    const previous = chosen[position - 1];
    if (previous && previous.number >= part.number)
      throw new AwsError(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
      );
  });
  chosen.forEach((part, position) => {
    if (position < chosen.length - 1 && part.size < PART_BYTES_MIN) {
      throw new AwsError(
        'EntityTooSmall',
        'Your proposed upload is smaller than the minimum allowed object size',
        400,
        { PartNumber: part.number, ProposedSize: part.size, MinSizeAllowed: PART_BYTES_MIN },
      );
    }
  });
  return chosen;
}

async function wholeChecksum(
  context: S3Context,
  upload: StoredUpload,
  parts: readonly StoredPart[],
  blob: string,
  size: number,
): Promise<Checksum | undefined> {
  if (!upload.algorithm) return undefined;
  if (upload.checksumType === 'COMPOSITE')
    return compositeChecksum(
      upload.algorithm,
      parts.map((part) => part.checksum?.value ?? ''),
    );
  return computeChecksum(upload.algorithm, (await context.blobs.read(blob, 0, size)) ?? Buffer.alloc(0));
}

export function completeUpload(context: S3Context, request: AwsRequest, address: Address): Operation {
  allowOnly(request, ['uploadId'], ['x-amz-checksum-*', 'x-amz-mp-object-size']);
  const guard = writeGuard(request.headers, address.key);
  return {
    name: 'CompleteMultipartUpload',
    requires: [{ action: 's3:PutObject', resource: objectArn(address) }],
    async run() {
      const { bucket, key } = address;
      const upload = context.index.requireUpload(bucket, key, uploadId(request));
      const parts = readChosenParts(request, context.index.parts(upload.id));
      guard(context.index.get(bucket, key));
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      const md5 = createHash('md5');
      for (const part of parts) md5.update(part.etag, 'hex');
      const etag = `${md5.digest('hex')}-${parts.length}`;
      const blob = await context.blobs.concat(parts.map((part) => part.blob));
      const checksum = await wholeChecksum(context, upload, parts, blob, size);
      const object = { blob, size, etag, modifiedAt: wholeSeconds(context.now()), headers: upload.headers, checksum };
      await replace(context, blob, () => {
        context.index.requireUpload(bucket, key, upload.id);
        return context.index.endUpload(upload, object, guard);
      });
      return xml('CompleteMultipartUploadResult', {
        Location: `/${bucket}/${key}`,
        Bucket: bucket,
        Key: key,
        ETag: `"${etag}"`,
        ...checksumFields(checksum),
      });
    },
  };
}

export function abortUpload(context: S3Context, request: AwsRequest, address: Address): Operation {
  allowOnly(request, ['uploadId'], []);
  return {
    name: 'AbortMultipartUpload',
    requires: [{ action: 's3:AbortMultipartUpload', resource: objectArn(address) }],
    async run() {
      const upload = context.index.requireUpload(address.bucket, address.key, uploadId(request));
      await context.blobs.remove(context.index.endUpload(upload));
      return { status: 204 };
    },
  };
}

export function listParts(context: S3Context, request: AwsRequest, address: Address): Operation {
  allowOnly(request, ['uploadId', 'max-parts', 'part-number-marker'], []);
  const limit = Math.min(PAGE_MAX, readNumber(request, 'max-parts', 999_999_999, PAGE_MAX));
  const marker = readNumber(request, 'part-number-marker', PART_NUMBER_MAX, 0);
  return {
    name: 'ListParts',
    requires: [{ action: 's3:ListMultipartUploadParts', resource: objectArn(address) }],
    async run() {
      const upload = context.index.requireUpload(address.bucket, address.key, uploadId(request));
      const rest = context.index.parts(upload.id).filter((part) => part.number > marker);
      const page = rest.slice(0, limit);
      return xml('ListPartsResult', {
        Bucket: address.bucket,
        Key: address.key,
        UploadId: upload.id,
        StorageClass: upload.headers['x-amz-storage-class'] ?? 'STANDARD',
        PartNumberMarker: marker,
        NextPartNumberMarker: page.at(-1)?.number ?? 0,
        MaxParts: limit,
        IsTruncated: rest.length > page.length,
        Part: page.map((part) => ({
          PartNumber: part.number,
          LastModified: new Date(part.modifiedAt).toISOString(),
          ETag: `"${part.etag}"`,
          Size: part.size,
          ...(part.checksum ? { [`Checksum${part.checksum.algorithm.toUpperCase()}`]: part.checksum.value } : {}),
        })),
      });
    },
  };
}
