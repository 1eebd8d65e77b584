import { createHash } from 'node:crypto';

/** So many bytes that no two things that are different ever look the same. */
export const FINGERPRINT_BYTES = 16;

/** The fingerprints of ids, one after the other. They say nothing of what the ids stood for. */
export function fingerprintsOf(ids: readonly string[]): Uint8Array {
  const all = new Uint8Array(ids.length * FINGERPRINT_BYTES);
  ids.forEach((id, index) => {
    all.set(createHash('sha256').update(id).digest().subarray(0, FINGERPRINT_BYTES), index * FINGERPRINT_BYTES);
  });
  return all;
}

const SLOTS_FIRST = 1024;
const WORDS = FINGERPRINT_BYTES / 4;

/** A set of fingerprints in one typed array: 32 bytes at most for each, where a `Set` of strings takes a hundred. */
export class DistinctFingerprints {
  #slots = new Uint32Array(SLOTS_FIRST * WORDS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param only takes it only when it falls into this share of all fingerprints */
  add(bytes: Uint8Array, at: number, only?: { readonly share: number; readonly of: number }): void {
    const words = wordsAt(bytes, at);
    // Other bits than those that choose the slot.
    if (only && words[3] % only.of !== only.share) return;
    if (put(this.#slots, words)) this.#size += 1;
    if (this.#size * WORDS * 2 > this.#slots.length) this.#grow();
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#slots.length; at += WORDS) {
      const [a = 0, b = 0, c = 0, d = 0] = this.#slots.subarray(at, at + WORDS);
      if ((a | b | c | d) !== 0) put(larger, [a, b, c, d]);
    }
    this.#slots = larger;
  }
}

type Words = readonly [number, number, number, number];

function wordsAt(bytes: Uint8Array, at: number): Words {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, FINGERPRINT_BYTES);
  return [view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)];
}

/** @returns false when it is there. An empty slot is all zeros, which no digest is. */
function put(slots: Uint32Array, [a, b, c, d]: Words): boolean {
  const count = slots.length / WORDS;
  for (let slot = a % count; ; slot = (slot + 1) % count) {
    const at = slot * WORDS;
    const [heldA = 0, heldB = 0, heldC = 0, heldD = 0] = [slots[at], slots[at + 1], slots[at + 2], slots[at + 3]];
    if (heldA === a && heldB === b && heldC === c && heldD === d) return false;
    if ((heldA | heldB | heldC | heldD) === 0) {
      slots[at] = a;
      slots[at + 1] = b;
      slots[at + 2] = c;
      slots[at + 3] = d;
      return true;
    }
  }
}
