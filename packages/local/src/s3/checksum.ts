/** The checksums that S3 clients send with a body, verified on the way in and echoed on the way out. */

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../aws/engine.ts';

const crc32cTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

function crc32c(data: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of data) value = (value >>> 8) ^ (crc32cTable[(value ^ byte) & 0xff] ?? 0);
  return (value ^ 0xffffffff) >>> 0;
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

const digests = {
  crc32: (data: Uint8Array) => bigEndian(crc32(data)),
  crc32c: (data: Uint8Array) => bigEndian(crc32c(data)),
  sha1: (data: Uint8Array) => createHash('sha1').update(data).digest(),
  sha256: (data: Uint8Array) => createHash('sha256').update(data).digest(),
} satisfies Record<string, (data: Uint8Array) => Buffer>;

export type ChecksumAlgorithm = keyof typeof digests;

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; a composite of a multipart upload ends in `-<parts>`. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

const headerPrefix = 'x-amz-checksum-';
/** Headers of the family that are not values. */
const notValues = ['x-amz-checksum-algorithm', 'x-amz-checksum-mode', 'x-amz-checksum-type'];

/** @throws {AwsError} for an algorithm that this engine does not compute. */
export function readAlgorithm(name: string): ChecksumAlgorithm {
  const lower = name.toLowerCase();
  for (const known of Object.keys(digests) as ChecksumAlgorithm[]) if (known === lower) return known;
  throw new AwsError(
    'InvalidRequest',
    `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${Object.keys(digests).join(', ').toUpperCase()}]`,
  );
}

export function computeChecksum(algorithm: ChecksumAlgorithm, data: Uint8Array): Checksum {
  return { algorithm, value: digests[algorithm](data).toString('base64'), type: 'FULL_OBJECT' };
}

/** The checksum of a multipart object: over its parts' raw checksums, with the number of parts. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): Checksum {
  const joined = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')));
  return { algorithm, value: `${digests[algorithm](joined).toString('base64')}-${parts.length}`, type: 'COMPOSITE' };
}

/**
 * Verifies every checksum that the request carries in its headers and gives the one to remember. A checksum that came
 * as a trailer was verified with the framing; here it is recomputed so that it can be echoed.
 * @throws {AwsError} `BadDigest`, `InvalidDigest`, `InvalidRequest`
 */
export function verifyBody(headers: Readonly<Record<string, string>>, body: Buffer): Checksum | undefined {
  const md5 = headers['content-md5'];
  if (md5 !== undefined) {
    if (Buffer.from(md5, 'base64').length !== 16)
      throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
    if (createHash('md5').update(body).digest('base64') !== md5)
      throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  const given = Object.keys(headers).filter((name) => name.startsWith(headerPrefix) && !notValues.includes(name));
  if (given.length > 1)
    throw new AwsError(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  const [name] = given;
  if (name !== undefined) {
    const checksum = computeChecksum(readAlgorithm(name.slice(headerPrefix.length)), body);
    if (checksum.value !== headers[name])
      throw new AwsError(
        'BadDigest',
        `The ${checksum.algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
      );
    return checksum;
  }
  const trailer = headers['x-amz-trailer']?.toLowerCase();
  const announced = trailer?.startsWith(headerPrefix)
    ? trailer.slice(headerPrefix.length)
    : headers['x-amz-sdk-checksum-algorithm'];
  return announced === undefined ? undefined : computeChecksum(readAlgorithm(announced), body);
}

export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [headerPrefix + checksum.algorithm]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** The members of a result document, such as `ChecksumCRC32`. */
export function checksumFields(checksum: Checksum | undefined): Record<string, string> {
  return checksum
    ? { [`Checksum${checksum.algorithm.toUpperCase()}`]: checksum.value, ChecksumType: checksum.type }
    : {};
}
