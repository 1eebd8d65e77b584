/** Message attributes: their shape, their size and the digest that clients verify. */

import { createHash } from 'node:crypto';
import * as z from 'zod';
import { invalid } from './queue.ts';

export const attributeSchema = z.strictObject({
  DataType: z.string().min(1).max(256),
  StringValue: z.string().optional(),
  /** Base64. */
  BinaryValue: z.base64().optional(),
});

export type MessageAttribute = z.infer<typeof attributeSchema>;
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const ATTRIBUTES_MAX = 10;
const attributeName = /^(?!aws\.|amazon\.|\.)[\w.-]{1,256}(?<!\.)$/i;

/** @throws {AwsError} `InvalidParameterValue` */
export function checkAttributes(attributes: MessageAttributes): void {
  if (Object.keys(attributes).length > ATTRIBUTES_MAX)
    throw invalid(`Number of message attributes exceeds the allowed maximum [${ATTRIBUTES_MAX}].`);
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    if (!attributeName.test(name) || name.includes('..'))
      throw invalid(`Message attribute name ${name} is not allowed.`);
    const [kind] = DataType.split('.');
    const given = kind === 'Binary' ? BinaryValue : StringValue;
    const other = kind === 'Binary' ? StringValue : BinaryValue;
    if (kind !== 'String' && kind !== 'Number' && kind !== 'Binary')
      throw invalid(`The type of message attribute '${name}' is invalid.`);
    if (!given || other !== undefined)
      throw invalid(`The message attribute '${name}' must contain a non-empty value of its type.`);
    if (kind === 'Number' && !Number.isFinite(Number(given)))
      throw invalid(`Can't cast the value of message attribute '${name}' to a number.`);
  }
}

function valueBytes({ StringValue, BinaryValue }: MessageAttribute): Buffer {
  return BinaryValue === undefined ? Buffer.from(StringValue ?? '') : Buffer.from(BinaryValue, 'base64');
}

/** What attributes count towards the size of a message. */
export function attributeBytes(attributes: MessageAttributes): number {
  let bytes = 0;
  for (const [name, attribute] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + valueBytes(attribute).length;
  }
  return bytes;
}

/** MD5 over name, type, kind of transport and value of each, in order of names, each with its length; hex. */
export function attributeDigest(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const md5 = createHash('md5');
  const withLength = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    md5.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (!attribute) continue;
    withLength(Buffer.from(name));
    withLength(Buffer.from(attribute.DataType));
    md5.update(Buffer.of(attribute.BinaryValue === undefined ? 1 : 2));
    withLength(valueBytes(attribute));
  }
  return md5.digest('hex');
}

/** The attributes that a receive asks for: `All`, `.*`, a prefix with `.*`, or names. */
export function selectAttributes(attributes: MessageAttributes, wanted: readonly string[]): MessageAttributes {
  const chosen = (name: string) =>
    wanted.some(
      (want) =>
        want === 'All' ||
        want === name ||
        (want.endsWith('.*') && (want === '.*' || name.startsWith(want.slice(0, -1)))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => chosen(name)));
}
