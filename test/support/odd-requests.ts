import type { Route } from '@tenantry/core/contract/route';
import fc from 'fast-check';

/** Requests as no well-meaning caller sends them, made from the contract's own examples. */
export interface OddRequest {
  readonly path: string;
  readonly method: string;
  readonly body?: Uint8Array;
}

/** What JSON cannot say or says oddly; each stands in the text as it is here. */
const raw = ['NaN', 'Infinity', '1e999', '-1e999', '-0', '01', '0x10', '1e-400', '123456789012345678901234567890'];
const RAW = '@raw:';

const names = fc.constantFrom('__proto__', 'constructor', 'toString', 'id', 'itemId', 'shopperId', 'type', 'time', '');
const texts = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\ud800',
    'a\udc00b',
    '\u0000',
    'x'.repeat(129),
    'x'.repeat(30_000),
    '../../etc/passwd',
    '"; DROP TABLE items; --',
    '{tenant}',
    '__proto__',
    'price < 10 and (',
    '9999-12-31T23:59:59.999Z',
    '1900-01-01T00:00:00.000Z',
    '2026-02-30T00:00:00Z',
    `evt_${'7'.padEnd(26, 'z')}`,
    `rec_${'0'.repeat(26)}`,
    'unknown-scenario',
    'nobody-has-this',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const numbers = fc.constantFrom(-1, 0, 0.5, 101, 10_001, 2 ** 31, 2 ** 53, 1e300, -1e300);
const many = fc.constantFrom<unknown>(
  Array(10_000).fill('sku-42'),
  Array.from({ length: 300 }, () => ({ itemId: 'sku-42' })),
  Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`a${n}`, n])),
);
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: texts },
  { weight: 2, arbitrary: numbers },
  { weight: 2, arbitrary: fc.constantFrom(...raw).map((token) => RAW + token) },
  { weight: 2, arbitrary: fc.dictionary(names, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: many },
  { weight: 1, arbitrary: fc.constant(nested(200)) },
);

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

type Container = Record<string, unknown> | unknown[];
const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** All that holds something, from the outside in. */
function containers(value: unknown): Container[] {
  if (!isContainer(value)) return [];
  return [value, ...Object.values(value).flatMap(containers)];
}

type Change = readonly [where: number, which: number, how: 'replace' | 'add' | 'remove', name: string, value: unknown];
const change: fc.Arbitrary<Change> = fc.tuple(
  fc.nat(),
  fc.nat(),
  fc.constantFrom('replace', 'replace', 'add', 'remove'),
  names,
  oddValue,
);

function changed(example: unknown, changes: readonly Change[]): unknown {
  const copy: unknown = structuredClone(example);
  for (const [where, which, how, name, given] of changes) {
    // Another change may be to what this one puts in.
    const value: unknown = structuredClone(given);
    const all = containers(copy);
    const container = all[where % Math.max(1, all.length)];
    if (!container) return value;
    const keys = Object.keys(container);
    const key = how === 'add' || keys.length === 0 ? name : (keys[which % keys.length] ?? name);
    if (how === 'remove') Reflect.deleteProperty(container, key);
    else if (Array.isArray(container) && how === 'add') container.push(value);
    else Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

const asText = (value: unknown): string =>
  (JSON.stringify(value) ?? '').replaceAll(new RegExp(`"${RAW}([^"]+)"`, 'g'), '$1');
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The example with places of it changed; with bytes of it changed, cut or put in; or something else altogether. */
function oddBody(example: unknown): fc.Arbitrary<Uint8Array> {
  const text = asText(example);
  const structure = fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => bytesOf(asText(changed(example, changes))));
  const flipped = fc
    .tuple(fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 }), fc.option(fc.nat()))
    .map(([changes, cut]) => {
      const bytes = bytesOf(text);
      for (const [at, value] of changes) bytes[at % Math.max(1, bytes.length)] = value;
      return cut === null ? bytes : bytes.subarray(0, cut % (bytes.length + 1));
    });
  const other = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc
      .constantFrom(
        '',
        'null',
        '[]',
        '""',
        '[[[[',
        `${'['.repeat(5000)}${']'.repeat(5000)}`,
        `{"a":${'{"a":'.repeat(5000)}`,
      )
      .map(bytesOf),
    oddValue.map((value) => bytesOf(asText(value))),
  );
  return fc.oneof(
    { weight: 6, arbitrary: structure },
    { weight: 3, arbitrary: flipped },
    { weight: 2, arbitrary: other },
  );
}

const queryValues = fc.oneof(
  texts.map((text) => encodeURIComponent(text.toWellFormed().slice(0, 2000))),
  fc.constantFrom('NaN', '-1', '0', '1e9', '101', '%00', '%FF%FE', '%ED%A0%80', '2026-13-01', 'eyJhIjoxfQ', '[]'),
);
const queryNames = fc.constantFrom('limit', 'cursor', 'search', 'from', 'to', '__proto__', 'limit[]', 'tenantId');
const oddQuery = fc
  .array(fc.tuple(queryNames, queryValues), { minLength: 1, maxLength: 4 })
  .map((pairs) => `?${pairs.map((pair) => pair.join('=')).join('&')}`);

/** Odd requests to a route. */
export function oddRequests({ method, path, example, body }: Route): fc.Arbitrary<OddRequest> {
  const shopper = texts.map((text) => encodeURIComponent(text.toWellFormed().slice(0, 500)) || 'x');
  const withPath = fc.tuple(shopper, oddQuery).map(([id, query]) => path.replaceAll(/\{\w+\}/g, id) + query);
  if (!body) return withPath.map((asked) => ({ method, path: asked }));
  const given: unknown = (example as { request?: unknown } | undefined)?.request ?? {};
  return oddBody(given).map((bytes) => ({ method, path, body: bytes }));
}
