/**
 * The file format of a model: `TNRM`, the length of a JSON header (uint32, little endian), the header, then sections of
 * typed arrays, each on an 8-byte boundary, so that loading is a view and not a copy.
 */

const MAGIC = 0x4d524e54;
const ALIGN = 8;
const HEADER_BYTES_MAX = 1 << 20;

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

/** @throws {Error} when the bytes are no model of a format that this version reads. */
export function decodeBlob(bytes: Uint8Array): BlobContent {
  // Views need the sections on their boundary, which a slice of a larger buffer does not promise.
  const blob = bytes.byteOffset % ALIGN === 0 ? bytes : bytes.slice();
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  if (blob.byteLength < 8 || view.getUint32(0, true) !== MAGIC) throw new Error('This is not a model file.');
  const headerBytes = view.getUint32(4, true);
  if (headerBytes > HEADER_BYTES_MAX || 8 + headerBytes > blob.byteLength)
    throw new Error('The model file is cut off.');
  const header = JSON.parse(new TextDecoder().decode(blob.subarray(8, 8 + headerBytes))) as {
    format: number;
    meta: Record<string, unknown>;
    sections: SectionHeader[];
  };
  if (header.format !== 1) throw new Error(`Model files of format ${header.format} are not known here.`);
  const start = align(8 + headerBytes);
  const sections = header.sections.map(({ name, type, offset, length }): [string, Section] => {
    const Type = sectionTypes[type];
    if (!Type || start + offset + length * Type.BYTES_PER_ELEMENT > blob.byteLength) {
      throw new Error(`The model file is cut off in its section ${name}.`);
    }
    return [name, new Type(blob.buffer as ArrayBuffer, blob.byteOffset + start + offset, length)];
  });
  return { meta: header.meta, sections: Object.fromEntries(sections) };
}
