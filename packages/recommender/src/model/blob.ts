/**
 * The file format of a model: `TNRM`, the length of a JSON header (uint32, little endian), the header, then sections of
 * typed arrays, each on an 8-byte boundary, so that loading is a view and not a copy.
 */

import { ModelFileError } from './model-file-error.ts';

const MAGIC = 0x4d524e54;
const ALIGN = 8;
const HEADER_BYTES_MAX = 1 << 20;
const SHOWN_MAX = 40;

const sectionTypes = { u8: Uint8Array, u32: Uint32Array, f32: Float32Array } as const;
type SectionType = keyof typeof sectionTypes;
type Section = Uint8Array | Uint32Array | Float32Array;

export interface BlobContent {
  /** What describes the model; must survive JSON. */
  readonly meta: Readonly<Record<string, unknown>>;
  readonly sections: Readonly<Record<string, Section>>;
}

interface SectionHeader {
  readonly name: string;
  readonly type: SectionType;
  /** From the start of the sections. */
  readonly offset: number;
  /** In elements. */
  readonly length: number;
}

const align = (offset: number): number => Math.ceil(offset / ALIGN) * ALIGN;

function typeOf(section: Section): SectionType {
  if (section instanceof Uint8Array) return 'u8';
  return section instanceof Uint32Array ? 'u32' : 'f32';
}

export function encodeBlob({ meta, sections }: BlobContent): Uint8Array {
  let offset = 0;
  const headers = Object.entries(sections).map(([name, section]): SectionHeader => {
    const header = { name, type: typeOf(section), offset, length: section.length };
    offset = align(offset + section.byteLength);
    return header;
  });
  const header = new TextEncoder().encode(JSON.stringify({ format: 1, meta, sections: headers }));
  const start = align(8 + header.byteLength);
  const blob = new Uint8Array(start + offset);
  const view = new DataView(blob.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, header.byteLength, true);
  blob.set(header, 8);
  for (const { name, offset: at } of headers) {
    const section = sections[name];
    if (section) blob.set(new Uint8Array(section.buffer, section.byteOffset, section.byteLength), start + at);
  }
  return blob;
}

/**
 * Views on the bytes, so that what a header says costs no memory.
 * @throws {ModelFileError} when the bytes are no model of a format that this version reads
 */
export function decodeBlob(bytes: Uint8Array): BlobContent {
  // Views need the sections on their boundary, which a slice of a larger buffer does not promise.
  const blob = bytes.byteOffset % ALIGN === 0 ? bytes : bytes.slice();
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  if (blob.byteLength < 8 || view.getUint32(0, true) !== MAGIC) throw new ModelFileError('This is not a model file.');
  const headerBytes = view.getUint32(4, true);
  if (headerBytes > HEADER_BYTES_MAX || 8 + headerBytes > blob.byteLength)
    throw new ModelFileError('The model file is cut off.');
  const { meta, sections } = readHeader(blob.subarray(8, 8 + headerBytes));
  const content = blob.subarray(Math.min(align(8 + headerBytes), blob.byteLength));
  return { meta, sections: Object.fromEntries(sections.map((section) => [section.name, viewOf(content, section)])) };
}

/** What a file says, for an error: not more of it than tells. */
export const shown = (value: unknown): string => String(JSON.stringify(value)).slice(0, SHOWN_MAX);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readHeader(bytes: Uint8Array): Pick<BlobContent, 'meta'> & { readonly sections: readonly SectionHeader[] } {
  const header = parseHeader(bytes);
  if (!isRecord(header)) throw new ModelFileError('The model file has no header.');
  const { format, meta, sections } = header;
  if (format !== 1) throw new ModelFileError(`Model files of format ${shown(format)} are not known here.`);
  if (!isRecord(meta) || !Array.isArray(sections))
    throw new ModelFileError('The header of the model file is not whole.');
  return { meta, sections: sections.map(sectionHeaderOf) };
}

function parseHeader(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new ModelFileError('The header of the model file is not JSON.', { cause });
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isSectionType = (value: unknown): value is SectionType =>
  typeof value === 'string' && Object.hasOwn(sectionTypes, value);

function sectionHeaderOf(header: unknown): SectionHeader {
  const { name, type, offset, length } = isRecord(header) ? header : {};
  if (
    typeof name !== 'string' ||
    !isSectionType(type) ||
    !isCount(offset) ||
    !isCount(length) ||
    offset % ALIGN !== 0
  ) {
    throw new ModelFileError('The header of the model file names a section that cannot be.');
  }
  return { name, type, offset, length };
}

function viewOf(content: Uint8Array, { name, type, offset, length }: SectionHeader): Section {
  const Type = sectionTypes[type];
  if (offset + length * Type.BYTES_PER_ELEMENT > content.byteLength) {
    throw new ModelFileError(`The model file is cut off in its section ${shown(name)}.`);
  }
  return new Type(content.buffer as ArrayBuffer, content.byteOffset + offset, length);
}
