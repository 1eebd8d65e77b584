/**
 * Item ids as one run of UTF-8 with a hash table over it, so that a hundred thousand of them are three arrays and loading makes no string.
 */
export interface ItemIds {
  readonly bytes: Uint8Array;
  /** Item i is `bytes[offsets[i] … offsets[i + 1]]`. */
  readonly offsets: Uint32Array;
  /** Open addressing: an item's number + 1 in the first free place from its hash; 0 is free. The length is a power of two. */
  readonly slots: Uint32Array;
}

/** Reads ids by number, and numbers by id. */
export interface ItemLookup {
  readonly count: number;
  /** The item's number, or -1. */
  numberOf(id: string): number;
  idOf(item: number): string;
}

/** FNV-1a, 32 bits. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = 0x811c9dc5;
  for (let at = from; at < to; at++) value = Math.imul(value ^ (bytes[at] ?? 0), 0x01000193);
  return value >>> 0;
}

export function encodeItemIds(ids: readonly string[]): ItemIds {
  const encoder = new TextEncoder();
  const offsets = new Uint32Array(ids.length + 1);
  let bytes = new Uint8Array(Math.max(64, ids.length * 16));
  let total = 0;
  ids.forEach((id, item) => {
    if (total + id.length * 3 > bytes.length) {
      const longer = new Uint8Array(2 * bytes.length + id.length * 3);
      longer.set(bytes);
      bytes = longer;
    }
    total += encoder.encodeInto(id, bytes.subarray(total)).written;
    offsets[item + 1] = total;
  });
  bytes = bytes.slice(0, total);
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(2, ids.length * 2))));
  for (let item = 0; item < ids.length; item++) {
    let slot = hash(bytes, offsets[item] ?? 0, offsets[item + 1] ?? 0) & (slots.length - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = item + 1;
  }
  return { bytes, offsets, slots };
}

export function createItemLookup({ bytes, offsets, slots }: ItemIds): ItemLookup {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const decoded = new Map<number, string>();
  let asked = new Uint8Array(512);
  const count = offsets.length - 1;
  const isAsked = (item: number, length: number): boolean => {
    const from = offsets[item] ?? 0;
    if ((offsets[item + 1] ?? 0) - from !== length) return false;
    for (let at = 0; at < length; at++) if (bytes[from + at] !== asked[at]) return false;
    return true;
  };
  return {
    count,
    numberOf(id) {
      if (id.length * 3 > asked.length) asked = new Uint8Array(id.length * 3);
      const { written } = encoder.encodeInto(id, asked);
      let slot = hash(asked, 0, written) & (slots.length - 1);
      for (let taken = slots[slot] ?? 0; taken !== 0; taken = slots[slot] ?? 0) {
        if (isAsked(taken - 1, written)) return taken - 1;
        slot = (slot + 1) & (slots.length - 1);
      }
      return -1;
    },
    idOf(item) {
      const known = decoded.get(item);
      if (known !== undefined) return known;
      const id = decoder.decode(bytes.subarray(offsets[item], offsets[item + 1]));
      decoded.set(item, id);
      return id;
    },
  };
}

export const decodeItemIds = (ids: ItemIds): string[] => {
  const { count, idOf } = createItemLookup(ids);
  return Array.from({ length: count }, (_, item) => idOf(item));
};
