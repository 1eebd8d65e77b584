import { AuthenticationError } from './authentication-error.ts';
import type { HttpRequest } from './http-request.ts';

/** What a call says about its own signature; nothing of it is checked yet. */
export interface Authorization {
  readonly presigned: boolean;
  readonly accessKeyId: string;
  /** `<date>/<region>/<service>/aws4_request` */
  readonly scope: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
  /** `20260131T120000Z` */
  readonly timestamp: string;
  /** Of a presigned call: how long it is good, in seconds. */
  readonly expiresSeconds?: number;
  readonly sessionToken: string | undefined;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const PRESIGNED_SECONDS_MAX = 604_800;

/** The query parameters of a presigned call that are about its signature. Their names' case counts. */
export const signatureParameters: ReadonlySet<string> = new Set([
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
  'X-Amz-Security-Token',
  'X-Amz-Content-Sha256',
]);

/** Undefined when the call carries no signature at all. @throws {AuthenticationError} */
export function readAuthorization(request: HttpRequest): Authorization | undefined {
  const header = request.headers.authorization;
  const presigned = request.query.some(([name]) => name === 'X-Amz-Algorithm' || name === 'X-Amz-Signature');
  if (header !== undefined && presigned) throw incomplete('Only one auth mechanism allowed.');
  if (header !== undefined) return readHeader(request, header);
  return presigned ? readPresigned(request) : undefined;
}

function readHeader(request: HttpRequest, header: string): Authorization {
  const [algorithm, rest] = split(header, ' ');
  if (algorithm !== ALGORITHM) throw incomplete(`The authorization must start with ${ALGORITHM}.`);
  const parts = new Map<string, string>();
  for (const part of rest.split(',')) {
    const [name, value] = split(part.trim(), '=');
    if (parts.has(name)) throw incomplete(`The authorization has ${name} twice.`);
    parts.set(name, value);
  }
  return {
    presigned: false,
    ...readCredential(need(parts, 'Credential')),
    signedHeaders: readSignedHeaders(need(parts, 'SignedHeaders')),
    signature: readSignature(need(parts, 'Signature')),
    timestamp: readTimestamp(request.headers['x-amz-date']),
    sessionToken: request.headers['x-amz-security-token'],
  };
}

function readPresigned(request: HttpRequest): Authorization {
  const parts = new Map<string, string>();
  for (const [name, value] of request.query) {
    if (!signatureParameters.has(name)) continue;
    if (parts.has(name)) throw incomplete(`The URL has ${name} twice.`);
    parts.set(name, value);
  }
  if (parts.get('X-Amz-Algorithm') !== ALGORITHM) throw incomplete(`X-Amz-Algorithm must be ${ALGORITHM}.`);
  const expires = need(parts, 'X-Amz-Expires');
  const expiresSeconds = /^\d{1,6}$/.test(expires) ? Number(expires) : 0;
  if (expiresSeconds < 1 || expiresSeconds > PRESIGNED_SECONDS_MAX) {
    throw incomplete('X-Amz-Expires must be between 1 and 604800 seconds.');
  }
  return {
    presigned: true,
    ...readCredential(need(parts, 'X-Amz-Credential')),
    signedHeaders: readSignedHeaders(need(parts, 'X-Amz-SignedHeaders')),
    signature: readSignature(need(parts, 'X-Amz-Signature')),
    timestamp: readTimestamp(parts.get('X-Amz-Date')),
    expiresSeconds,
    sessionToken: parts.get('X-Amz-Security-Token'),
  };
}

function readCredential(credential: string) {
  const match = /^([A-Z0-9]{16,128})\/((\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request)$/.exec(credential);
  const [, accessKeyId, scope, day, region, service] = match ?? [];
  if (!accessKeyId || !scope || !day || !region || !service) throw incomplete('The credential is malformed.');
  return { accessKeyId, scope, day, region, service };
}

function readSignedHeaders(list: string): readonly string[] {
  const names = list.split(';');
  if (!names.includes('host')) throw incomplete("'Host' must be a signed header.");
  if (names.some((name) => !/^[!-~]+$/.test(name) || name !== name.toLowerCase()) || !isSorted(names)) {
    throw incomplete('The signed headers must be lower-case names in order.');
  }
  return names;
}

function readSignature(signature: string): string {
  if (!/^[0-9a-f]{64}$/.test(signature)) throw incomplete('The signature must be 64 hexadecimal digits.');
  return signature;
}

function readTimestamp(text: string | undefined): string {
  if (text === undefined || !/^\d{8}T\d{6}Z$/.test(text)) throw incomplete('The date of the request is malformed.');
  return text;
}

const isSorted = (names: readonly string[]): boolean =>
  names.every((name, index) => index === 0 || (names[index - 1] ?? '') < name);

function split(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function need(parts: ReadonlyMap<string, string>, name: string): string {
  const value = parts.get(name);
  if (value === undefined || value === '') throw incomplete(`Authorization requires '${name}'.`);
  return value;
}

function incomplete(detail: string): AuthenticationError {
  return new AuthenticationError('incomplete', detail);
}
