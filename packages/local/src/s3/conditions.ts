/** Conditional requests and byte ranges, by RFC 9110 as S3 applies it. */

import { AwsError } from '../aws/engine.ts';
import { noSuchKey } from './errors.ts';
import type { StoredObject } from './store.ts';

type Headers = Readonly<Record<string, string>>;

function matches(list: string, etag: string): boolean {
  return list
    .split(',')
    .some((entry) => entry.trim() === '*' || entry.trim().replace(/^W\//, '').replaceAll('"', '') === etag);
}

const failed = (condition: string) =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition: condition,
  });

function seconds(date: string): number | undefined {
  const at = Date.parse(date);
  return Number.isNaN(at) ? undefined : at;
}

/**
 * Whether the object is to be sent, for a read with the four conditional headers (with a prefix, for a copy's source).
 * @throws {AwsError} `PreconditionFailed`
 */
export function readCondition(headers: Headers, object: StoredObject, prefix = ''): 'send' | 'not-modified' {
  const header = (name: string) => headers[prefix + name];
  const ifMatch = header('if-match');
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object.etag)) throw failed('If-Match');
  } else {
    const since = seconds(header('if-unmodified-since') ?? '');
    if (since !== undefined && object.modifiedAt > since) throw failed('If-Unmodified-Since');
  }
  const ifNoneMatch = header('if-none-match');
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, object.etag) ? 'not-modified' : 'send';
  const since = seconds(header('if-modified-since') ?? '');
  return since !== undefined && object.modifiedAt <= since ? 'not-modified' : 'send';
}

/**
 * The check that a write makes in its transaction: `If-None-Match: *` (create only) and `If-Match` (replace this one only).
 * @throws {AwsError} at once `NotImplemented` for an `If-None-Match` with a tag, as S3; in the check `PreconditionFailed`, `NoSuchKey`
 */
export function writeGuard(headers: Headers, key: string): (current: StoredObject | undefined) => void {
  const ifNoneMatch = headers['if-none-match'];
  const ifMatch = headers['if-match'];
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') {
    throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', 501, {
      Header: 'If-None-Match',
    });
  }
  return (current) => {
    if (ifNoneMatch !== undefined && current) throw failed('If-None-Match');
    if (ifMatch === undefined) return;
    if (!current) throw noSuchKey(key);
    if (!matches(ifMatch, current.etag)) throw failed('If-Match');
  };
}

/** Bytes `from` up to but not including `to`. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * A single `bytes` range; anything else that a server may ignore (several ranges, other units) gives `undefined`.
 * @throws {AwsError} `InvalidRange` when it begins past the end
 */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = header?.match(/^bytes=(\d{0,15})-(\d{0,15})$/);
  if (!match) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (from >= to)
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, {
      RangeRequested: header,
      ActualObjectSize: size,
    });
  return { from, to };
}
