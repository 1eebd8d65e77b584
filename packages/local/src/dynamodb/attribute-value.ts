import { compareDecimals, formatDecimal, parseDecimal } from './decimal.ts';
import { serializationError, validationError } from './errors.ts';

export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };

/**
 * Attributes by name. A name is the caller's to choose (`constructor`, `__proto__`), so read one by `attributeOf` and
 * build one from `emptyItem`.
 */
export type Item = Readonly<Record<string, AttributeValue>>;

export type AttributeType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'BS' | 'L' | 'M';
export type ScalarKeyType = 'S' | 'N' | 'B';

const TYPES: readonly string[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'] satisfies AttributeType[];
const DEPTH_MAX = 32;

export const isAttributeType = (text: string): text is AttributeType => TYPES.includes(text);

export function emptyItem(): Record<string, AttributeValue> {
  return Object.create(null) as Record<string, AttributeValue>;
}

export function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

export function typeOf(value: AttributeValue): AttributeType {
  const type = Object.keys(value)[0] ?? '';
  if (!isAttributeType(type)) throw new Error(`unknown attribute type ${type}`);
  return type;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function expectString(value: unknown): string {
  if (typeof value !== 'string') throw serializationError(`${typeof value} cannot be converted to String`);
  return value;
}

function expectBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw serializationError(`${typeof value} cannot be converted to Boolean`);
  return value;
}

function expectBinary(value: unknown): string {
  const text = expectString(value);
  if (Buffer.from(text, 'base64').toString('base64') !== text)
    throw serializationError('Invalid base64 in a binary value');
  return text;
}

const canonicalNumber = (value: unknown) => formatDecimal(parseDecimal(expectString(value)));

function parseSet(raw: unknown, kind: string, member: (value: unknown) => string): readonly string[] {
  if (!Array.isArray(raw)) throw serializationError('Unexpected field type');
  const members = raw.map(member);
  if (members.length === 0) {
    throw validationError(`One or more parameter values were invalid: An ${kind} set  may not be empty`);
  }
  if (new Set(members).size !== members.length) {
    throw validationError(
      `One or more parameter values were invalid: Input collection [${members.join(', ')}] contains duplicates.`,
    );
  }
  return members;
}

/**
 * Checks one value as it came over the wire and brings its numbers to their canonical form.
 * @throws {AwsError} `ValidationException` or `SerializationException`.
 */
export function parseAttributeValue(raw: unknown, depth = 0): AttributeValue {
  if (!isObject(raw)) throw serializationError('Unexpected value type in payload');
  if (depth > DEPTH_MAX) throw validationError('Nesting Levels have exceeded supported limits');
  const members = Object.keys(raw).filter((key) => raw[key] != null);
  const type = members[0];
  if (type === undefined || !isAttributeType(type)) {
    throw validationError('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (members.length > 1) {
    throw validationError(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  const content = raw[type];
  switch (type) {
    case 'S':
      return { S: expectString(content) };
    case 'N':
      return { N: canonicalNumber(content) };
    case 'B':
      return { B: expectBinary(content) };
    case 'BOOL':
      return { BOOL: expectBoolean(content) };
    case 'NULL':
      if (!expectBoolean(content)) {
        throw validationError(
          'One or more parameter values were invalid: Null attribute value types must have the value of true',
        );
      }
      return { NULL: true };
    case 'SS':
      return { SS: parseSet(content, 'string', expectString) };
    case 'NS':
      return { NS: parseSet(content, 'number', canonicalNumber) };
    case 'BS':
      return { BS: parseSet(content, 'binary', expectBinary) };
    case 'L':
      if (!Array.isArray(content)) throw serializationError('Unexpected field type');
      return { L: content.map((element) => parseAttributeValue(element, depth + 1)) };
    case 'M':
      return { M: parseItem(content, depth + 1) };
  }
}

/** @throws {AwsError} `ValidationException` or `SerializationException`. */
export function parseItem(raw: unknown, depth = 0): Item {
  if (!isObject(raw)) throw serializationError('Unexpected field type');
  const item = emptyItem();
  for (const [name, value] of Object.entries(raw)) item[name] = parseAttributeValue(value, depth);
  return item;
}

const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
const numberSize = (text: string) => Math.ceil(text.replace(/[-.]|^0+|0+$/g, '').length / 2) + 1;
const binarySize = (text: string) => Buffer.byteLength(text, 'base64');

function valueSize(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return binarySize(value.B);
  if ('SS' in value) return sum(value.SS.map((text) => Buffer.byteLength(text)));
  if ('NS' in value) return sum(value.NS.map(numberSize));
  if ('BS' in value) return sum(value.BS.map(binarySize));
  if ('L' in value) return 3 + sum(value.L.map((element) => 1 + valueSize(element)));
  if ('M' in value) return 3 + Object.keys(value.M).length + itemSize(value.M);
  return 1;
}

/** Bytes that DynamoDB counts for an item: UTF-8 names and values, with its overhead for lists and maps. */
export function itemSize(item: Item): number {
  let size = 0;
  for (const [name, value] of Object.entries(item)) size += Buffer.byteLength(name) + valueSize(value);
  return size;
}

function sameMembers(left: readonly string[], right: readonly string[]): boolean {
  const members = new Set(left);
  return left.length === right.length && right.every((member) => members.has(member));
}

/** Deep equality; sets are equal in any order. */
export function valuesEqual(left: AttributeValue, right: AttributeValue): boolean {
  if ('S' in left) return 'S' in right && left.S === right.S;
  if ('N' in left) return 'N' in right && left.N === right.N;
  if ('B' in left) return 'B' in right && left.B === right.B;
  if ('BOOL' in left) return 'BOOL' in right && left.BOOL === right.BOOL;
  if ('NULL' in left) return 'NULL' in right;
  if ('SS' in left) return 'SS' in right && sameMembers(left.SS, right.SS);
  if ('NS' in left) return 'NS' in right && sameMembers(left.NS, right.NS);
  if ('BS' in left) return 'BS' in right && sameMembers(left.BS, right.BS);
  if ('M' in left) return 'M' in right && itemsEqual(left.M, right.M);
  if (!('L' in right) || left.L.length !== right.L.length) return false;
  return left.L.every((element, index) => {
    const other = right.L[index];
    return other !== undefined && valuesEqual(element, other);
  });
}

export function itemsEqual(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => {
      const [a, b] = [attributeOf(left, name), attributeOf(right, name)];
      return a !== undefined && b !== undefined && valuesEqual(a, b);
    })
  );
}

/** Order of two values of one ordered type (string by UTF-8 bytes, number, binary); undefined for any others. */
export function compareValues(left: AttributeValue, right: AttributeValue): number | undefined {
  if ('S' in left && 'S' in right) return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  if ('N' in left && 'N' in right) return compareDecimals(parseDecimal(left.N), parseDecimal(right.N));
  if ('B' in left && 'B' in right) {
    return Buffer.compare(Buffer.from(left.B, 'base64'), Buffer.from(right.B, 'base64'));
  }
  return undefined;
}
