import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Authorization } from './authorization.ts';
import type { HttpRequest } from './http-request.ts';

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The key that signs for one day, region and service. */
export function signingKey(secretAccessKey: string, { day, region, service }: Authorization): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, day), region), service), 'aws4_request');
}

export function sign(
  key: Buffer,
  algorithm: string,
  authorization: Authorization,
  ...lines: readonly string[]
): string {
  const text = [algorithm, authorization.timestamp, authorization.scope, ...lines].join('\n');
  return hmac(key, text).toString('hex');
}

/** In constant time. Both are hexadecimal. */
export function sameSignature(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

/** The signature that the call must have for this body hash. */
export function expectedSignature(
  request: HttpRequest,
  authorization: Authorization,
  key: Buffer,
  payloadHash: string,
): string {
  const canonical = [
    request.method,
    canonicalPath(request.path, authorization.service),
    canonicalQuery(request, authorization.presigned),
    ...authorization.signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').replace(/\s+/g, ' ')}`),
    '',
    authorization.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
  return sign(key, 'AWS4-HMAC-SHA256', authorization, sha256(canonical));
}

/** S3 takes the path as it is; other services normalise it and encode it once more. */
function canonicalPath(path: string, service: string): string {
  if (service === 's3') return path.split('/').map(reencode).join('/');
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(segment);
  }
  const trailing = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.map(encode).join('/')}${trailing}`;
}

function canonicalQuery(request: HttpRequest, presigned: boolean): string {
  return request.query
    .filter(([name]) => !(presigned && name === 'X-Amz-Signature'))
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Everything but RFC 3986's unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Clients differ in what they leave bare, such as brackets; what they mean is the same. */
function reencode(segment: string): string {
  try {
    return encode(decodeURIComponent(segment));
  } catch {
    return segment;
  }
}
