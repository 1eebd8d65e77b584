import { type AttributeValue, attributeOf, type Item, type ScalarKeyType, typeOf } from './attribute-value.ts';
import { parseDecimal, sortableDecimal } from './decimal.ts';
import { validationError } from './errors.ts';

export interface KeyAttribute {
  readonly name: string;
  readonly type: ScalarKeyType;
}

export interface KeySchema {
  readonly partition: KeyAttribute;
  readonly sort?: KeyAttribute;
}

/** Where an item or index entry lies: bytes whose order is DynamoDB's. `sort` is empty where the schema has none. */
export interface Position {
  readonly partition: Buffer;
  readonly sort: Buffer;
}

const PARTITION_BYTES_MAX = 2_048;
const SORT_BYTES_MAX = 1_024;
/** Partitions are spread over this many slots, which is also the order of a scan. */
export const SLOTS = 0x10000;

export const keyAttributes = (schema: KeySchema): readonly KeyAttribute[] =>
  schema.sort ? [schema.partition, schema.sort] : [schema.partition];

function encode(value: AttributeValue): Buffer {
  if ('S' in value) return Buffer.from(value.S);
  if ('B' in value) return Buffer.from(value.B, 'base64');
  if ('N' in value) return sortableDecimal(parseDecimal(value.N));
  throw new Error(`a key of type ${typeOf(value)}`);
}

/** FNV-1a, folded to 16 bits. */
function slotOf(bytes: Buffer): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return ((hash >>> 16) ^ hash) & 0xffff;
}

export function slotPrefix(slot: number): Buffer {
  const prefix = Buffer.alloc(2);
  prefix.writeUInt16BE(slot);
  return prefix;
}

export function encodePartition(value: AttributeValue): Buffer {
  const bytes = encode(value);
  return Buffer.concat([slotPrefix(slotOf(bytes)), bytes]);
}

export const encodeSort = encode;

const wrongKey = () => validationError('The provided key element does not match the schema');
const notValid = (reason: string) => validationError(`One or more parameter values are not valid. ${reason}`);
const invalid = (reason: string) => validationError(`One or more parameter values were invalid: ${reason}`);

function checkContent(attribute: KeyAttribute, bytes: number, isPartition: boolean): void {
  if (attribute.type !== 'N' && bytes === 0) {
    throw notValid(
      `The AttributeValue for a key attribute cannot contain an empty ${attribute.type === 'S' ? 'string' : 'binary'} value. Key: ${attribute.name}`,
    );
  }
  if (isPartition && bytes > PARTITION_BYTES_MAX) {
    throw invalid(`Size of hashkey has exceeded the maximum size limit of${PARTITION_BYTES_MAX} bytes`);
  }
  if (!isPartition && bytes > SORT_BYTES_MAX) {
    throw invalid(`Aggregated size of all range keys has exceeded the size limit of ${SORT_BYTES_MAX} bytes`);
  }
}

/** @throws {AwsError} `ValidationException` unless the value fits the key attribute. */
export function checkKeyValue(attribute: KeyAttribute, value: AttributeValue | undefined, isPartition: boolean): void {
  if (!value || typeOf(value) !== attribute.type) throw wrongKey();
  checkContent(attribute, encode(value).length, isPartition);
}

/** The position that a `Key` parameter names. @throws {AwsError} `ValidationException` unless it is exactly the key. */
export function positionOfKey(schema: KeySchema, key: Item): Position {
  const attributes = keyAttributes(schema);
  if (Object.keys(key).length !== attributes.length) throw wrongKey();
  for (const attribute of attributes) {
    checkKeyValue(attribute, attributeOf(key, attribute.name), attribute === schema.partition);
  }
  return positionOf(schema, key);
}

/** @throws {AwsError} `ValidationException` when an item to be stored has no valid primary key. */
export function checkItemKey(schema: KeySchema, item: Item): void {
  for (const attribute of keyAttributes(schema)) {
    const value = attributeOf(item, attribute.name);
    if (!value) throw invalid(`Missing the key ${attribute.name} in the item`);
    if (typeOf(value) !== attribute.type) {
      throw invalid(`Type mismatch for key ${attribute.name} expected: ${attribute.type} actual: ${typeOf(value)}`);
    }
    checkContent(attribute, encode(value).length, attribute === schema.partition);
  }
}

/** The position of an item that has this key. */
export function positionOf(schema: KeySchema, item: Item): Position {
  const position = optionalPositionOf(schema, item);
  if (!position) throw new Error('an item without its key');
  return position;
}

/** The position in an index; undefined where the item lacks one of the index's keys and so is not in it. */
export function optionalPositionOf(schema: KeySchema, item: Item): Position | undefined {
  const partition = attributeOf(item, schema.partition.name);
  const sort = schema.sort && attributeOf(item, schema.sort.name);
  if (!partition || (schema.sort && !sort)) return undefined;
  return { partition: encodePartition(partition), sort: sort ? encodeSort(sort) : Buffer.alloc(0) };
}

/** The key attributes of an item alone. */
export function keyOf(schema: KeySchema, item: Item): Item {
  return Object.fromEntries(
    keyAttributes(schema).flatMap(({ name }) => {
      const value = attributeOf(item, name);
      return value ? [[name, value]] : [];
    }),
  );
}

/** How IAM sees a partition key in `dynamodb:LeadingKeys`: numbers in plain notation, binary as base64. */
export function leadingKeyText(value: AttributeValue): string | undefined {
  if ('S' in value) return value.S;
  if ('N' in value) return value.N;
  return 'B' in value ? value.B : undefined;
}
