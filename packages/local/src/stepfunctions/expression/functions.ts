import { createHash } from 'node:crypto';
import { parseJson } from '../json.ts';
import { compile } from './compile.ts';

/** What an evaluation takes from outside. */
export interface Sources {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

const RANGE_MAX = 1000;
const algorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/**
 * The functions that Step Functions adds to JSONata, and its clock. `$eval` is taken away as AWS does.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export function functionsOf({ now, random }: Sources): Readonly<Record<string, unknown>> {
  const millis = now();
  return {
    eval: undefined,
    millis: () => millis,
    now: (picture?: string, timezone?: string) =>
      compile('$fromMillis(millis, picture, timezone)').evaluate({ millis, picture, timezone }),
    partition,
    range,
    hash,
    random: (seed?: number) => (seed === undefined ? random() : seeded(seed)),
    uuid: () => uuid(random),
    parse: (text: string) => parseJson(text),
  };
}

function partition(list: readonly unknown[], size: number): readonly unknown[][] {
  if (!Array.isArray(list)) throw new TypeError('$partition takes an array and a size');
  if (!Number.isInteger(size) || size < 1) throw new RangeError('The size of $partition is a whole number from 1');
  const parts: unknown[][] = [];
  for (let start = 0; start < list.length; start += size) parts.push(list.slice(start, start + size));
  return parts;
}

function range(first: number, last: number, step: number): readonly number[] {
  if (![first, last, step].every(Number.isFinite)) throw new TypeError('$range takes three numbers');
  if (step === 0) throw new RangeError('The step of $range cannot be 0');
  const count = Math.max(0, Math.floor((last - first) / step) + 1);
  if (count > RANGE_MAX) throw new RangeError(`$range gives ${RANGE_MAX} numbers at most`);
  return Array.from({ length: count }, (_, index) => first + index * step);
}

function hash(data: unknown, algorithm: string): string {
  const name = Object.hasOwn(algorithms, algorithm) ? algorithms[algorithm] : undefined;
  if (name === undefined) throw new RangeError(`$hash knows ${Object.keys(algorithms).join(', ')}`);
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return createHash(name).update(text).digest('hex');
}

/** The same seed gives the same number, as `$random(seed)` promises. */
function seeded(seed: number): number {
  return createHash('sha256').update(String(seed)).digest().readUInt32BE() / 2 ** 32;
}

function uuid(random: () => number): string {
  const bytes = Buffer.from(Array.from({ length: 16 }, () => Math.floor(random() * 256)));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
