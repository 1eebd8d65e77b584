/** ListObjectsV2: pages of keys in UTF-8 byte order, rolled up at a delimiter. */

import { invalidArgument } from './errors.ts';
import type { ObjectIndex, StoredObject } from './store.ts';

const PAGE_MAX = 1000;

export interface ListRequest {
  readonly bucket: string;
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  readonly startAfter: string;
  readonly token: string | undefined;
  readonly maxKeys: number;
}

export interface Listing {
  readonly objects: readonly { readonly key: string; readonly object: StoredObject }[];
  readonly commonPrefixes: readonly string[];
  /** Present exactly when there is more. */
  readonly nextToken?: string;
}

/** The smallest byte string that is greater than every one that begins with this. UTF-8 has no byte 0xff to overflow. */
function after(prefix: Buffer): Buffer {
  const bound = Buffer.from(prefix);
  bound[bound.length - 1] = (bound.at(-1) ?? 0) + 1;
  return bound;
}

const justAfter = (key: Buffer): Buffer => Buffer.concat([key, Buffer.of(0)]);

/** A token is the position to go on from; it is opaque to callers and moves only inside the listing they may see. */
function readToken(token: string): Buffer {
  const position = Buffer.from(token, 'base64url');
  if (token === '' || position.toString('base64url') !== token || position.length > 2048) {
    throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
  }
  return position;
}

/** @throws {AwsError} `InvalidArgument` */
export function readMaxKeys(value: string | null): number {
  if (value === null) return PAGE_MAX;
  if (!/^\d{1,9}$/.test(value))
    throw invalidArgument('max-keys', value, 'Provided max-keys not an integer or within integer range');
  return Math.min(PAGE_MAX, Number(value));
}

/** The position to begin at and the bound to end before. */
function bounds({ prefix, startAfter, token }: ListRequest): { from: Buffer; to: Buffer | undefined } {
  const begin = Buffer.from(prefix);
  const resume =
    token !== undefined ? readToken(token) : startAfter === '' ? Buffer.alloc(0) : justAfter(Buffer.from(startAfter));
  return { from: Buffer.compare(begin, resume) > 0 ? begin : resume, to: begin.length > 0 ? after(begin) : undefined };
}

/** @throws {AwsError} `InvalidArgument` for a token that was not given out */
export function listObjects(index: ObjectIndex, request: ListRequest): Listing {
  const prefix = Buffer.from(request.prefix);
  const delimiter = Buffer.from(request.delimiter);
  const { from, to } = bounds(request);
  const objects: { key: string; object: StoredObject }[] = [];
  const commonPrefixes: string[] = [];
  if (request.maxKeys === 0) return { objects, commonPrefixes };

  let position: Buffer | undefined = from;
  while (position !== undefined) {
    const start: Buffer = position;
    position = undefined;
    for (const { key, object } of index.scan(request.bucket, start, to)) {
      if (objects.length + commonPrefixes.length === request.maxKeys) {
        return { objects, commonPrefixes, nextToken: key.toString('base64url') };
      }
      const cut = delimiter.length > 0 ? key.indexOf(delimiter, prefix.length) : -1;
      if (cut === -1) {
        objects.push({ key: key.toString(), object });
        continue;
      }
      const common = key.subarray(0, cut + delimiter.length);
      commonPrefixes.push(common.toString());
      position = after(common);
      break;
    }
  }
  return { objects, commonPrefixes };
}

/** The condition keys of a listing: present exactly when the parameter is. */
export function listingContext(query: URLSearchParams): Record<string, readonly string[]> {
  const context: Record<string, readonly string[]> = {};
  for (const name of ['prefix', 'delimiter', 'max-keys']) {
    const value = query.get(name);
    if (value !== null) context[`s3:${name}`] = [value];
  }
  return context;
}
