/** Item ids as one run of UTF-8, so that a hundred thousand of them are two arrays and not as many strings. */
export interface ItemTable {
  readonly bytes: Uint8Array;
  /** Item i is `bytes[offsets[i] … offsets[i + 1]]`. */
  readonly offsets: Uint32Array;
}

export function encodeItems(ids: readonly string[]): ItemTable {
  const encoder = new TextEncoder();
  const parts = ids.map((id) => encoder.encode(id));
  const offsets = new Uint32Array(ids.length + 1);
  let total = 0;
  parts.forEach((part, index) => {
    total += part.byteLength;
    offsets[index + 1] = total;
  });
  const bytes = new Uint8Array(total);
  parts.forEach((part, index) => {
    bytes.set(part, offsets[index]);
  });
  return { bytes, offsets };
}

export function decodeItems({ bytes, offsets }: ItemTable): readonly string[] {
  const decoder = new TextDecoder();
  return Array.from({ length: Math.max(0, offsets.length - 1) }, (_, index) =>
    decoder.decode(bytes.subarray(offsets[index], offsets[index + 1])),
  );
}
