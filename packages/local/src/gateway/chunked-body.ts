import { AwsError } from '../aws/engine.ts';
import { computeChecksum, readAlgorithm } from '../s3/checksum.ts';
import { AuthenticationError } from './authentication-error.ts';
import type { Authorization } from './authorization.ts';
import { sameSignature, sha256, sign } from './signature.ts';

/** The forms of `x-amz-content-sha256` that announce a body in `aws-chunked` framing. */
export const streamingPayloads = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { signed: true, trailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { signed: true, trailer: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { signed: false, trailer: true },
} as const;

export type StreamingPayload = (typeof streamingPayloads)[keyof typeof streamingPayloads];

const LINE_MAX = 4096;
const EMPTY_HASH = sha256('');
const CHECKSUM_TRAILER = 'x-amz-checksum-';

/**
 * Takes the framing off. Where chunks are signed, each signature covers its chunk and the signature before, from that of
 * the call on, so that nothing can be left out, repeated or moved.
 * @throws {AuthenticationError} for a chunk or trailer whose signature is not good.
 * @throws {AwsError} for malformed framing and for a trailing checksum that the body does not have.
 */
export function decodeChunks(
  body: Buffer,
  payload: StreamingPayload,
  headers: Readonly<Record<string, string>>,
  authorization: Authorization,
  key: Buffer,
): Buffer {
  const reader = createReader(body);
  const chunks: Buffer[] = [];
  let previous = authorization.signature;
  for (;;) {
    const { size, signature } = readChunkHeader(reader.line(), payload.signed);
    const chunk = reader.take(size);
    if (payload.signed) {
      const expected = sign(key, 'AWS4-HMAC-SHA256-PAYLOAD', authorization, previous, EMPTY_HASH, sha256(chunk));
      if (!sameSignature(signature, expected)) throw new AuthenticationError('signature');
      previous = expected;
    }
    if (size === 0) break;
    chunks.push(chunk);
    if (reader.line() !== '') throw malformed();
  }
  const decoded = Buffer.concat(chunks);
  if (headers['x-amz-decoded-content-length'] !== String(decoded.length)) {
    throw new AwsError(
      'IncompleteBody',
      'The request body does not have the length that x-amz-decoded-content-length says.',
    );
  }
  const trailers = readTrailers(reader);
  if (!reader.atEnd()) throw malformed();
  if (payload.signed && payload.trailer) checkTrailerSignature(trailers, previous, authorization, key);
  checkTrailers(trailers, headers, decoded);
  return decoded;
}

interface Reader {
  /** Up to the next line break, which is skipped. */
  line(): string;
  take(size: number): Buffer;
  atEnd(): boolean;
}

function createReader(body: Buffer): Reader {
  let at = 0;
  return {
    line() {
      const end = body.indexOf('\r\n', at, 'latin1');
      if (end === -1 || end - at > LINE_MAX) throw malformed();
      const line = body.toString('latin1', at, end);
      at = end + 2;
      return line;
    },
    take(size) {
      if (at + size > body.length) throw malformed();
      at += size;
      return body.subarray(at - size, at);
    },
    atEnd: () => at === body.length,
  };
}

function readChunkHeader(line: string, signed: boolean): { size: number; signature: string } {
  const match = (signed ? /^([0-9a-fA-F]{1,8});chunk-signature=([0-9a-f]{64})$/ : /^([0-9a-fA-F]{1,8})$/).exec(line);
  if (!match) throw malformed();
  return { size: Number.parseInt(match[1] ?? '', 16), signature: match[2] ?? '' };
}

/** Lines up to an empty one. Without any, some clients leave the empty one out too. */
function readTrailers(reader: Reader): Map<string, string> {
  const trailers = new Map<string, string>();
  while (!reader.atEnd()) {
    const line = reader.line();
    if (line === '') break;
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (name === '' || trailers.has(name)) throw malformedTrailer();
    trailers.set(name, line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, ''));
  }
  return trailers;
}

function checkTrailerSignature(
  trailers: Map<string, string>,
  previous: string,
  authorization: Authorization,
  key: Buffer,
): void {
  const given = trailers.get('x-amz-trailer-signature') ?? '';
  trailers.delete('x-amz-trailer-signature');
  const canonical = [...trailers].map(([name, value]) => `${name}:${value}\n`).join('');
  const expected = sign(key, 'AWS4-HMAC-SHA256-TRAILER', authorization, previous, sha256(canonical));
  if (!sameSignature(given, expected)) throw new AuthenticationError('signature');
}

/** The trailers must be those that the signed `x-amz-trailer` header names, and true. */
function checkTrailers(
  trailers: ReadonlyMap<string, string>,
  headers: Readonly<Record<string, string>>,
  decoded: Buffer,
): void {
  const announced = (headers['x-amz-trailer'] ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (announced.length !== trailers.size || announced.some((name) => !trailers.has(name))) throw malformedTrailer();
  for (const [name, value] of trailers) {
    if (!name.startsWith(CHECKSUM_TRAILER)) throw malformedTrailer();
    const algorithm = readAlgorithm(name.slice(CHECKSUM_TRAILER.length));
    if (computeChecksum(algorithm, decoded).value !== value) {
      throw new AwsError(
        'BadDigest',
        `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
      );
    }
  }
}

function malformed(): AwsError {
  return new AwsError('IncompleteBody', 'The aws-chunked framing of the request body is malformed.');
}

function malformedTrailer(): AwsError {
  return new AwsError('MalformedTrailerError', 'The trailers of the request do not match those it announced.');
}
