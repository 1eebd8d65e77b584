/** Item numbers must fit beside the 31 bits of a positive float32 into the 53 bits that a double holds exactly. */
export const ITEMS_MAX = 2 ** 22;

/**
 * Orders by weight, best first, and of equal weights the smaller item first. Weight and item become one number each, which
 * the engine sorts without calling back.
 * @returns a function that writes the best `most` of the `count` touched items with a weight above zero, and says how many these are
 */
export function createRowOrder(itemCount: number) {
  if (itemCount > ITEMS_MAX) throw new Error(`A model holds at most ${ITEMS_MAX} items; there are ${itemCount}.`);
  let keys = new Float64Array(1024);
  const asFloat = new Float32Array(1);
  const asBits = new Uint32Array(asFloat.buffer);
  return (
    touched: Uint32Array,
    count: number,
    sums: Float64Array,
    most: number,
    items: Uint32Array,
    weights: Float32Array,
    offset: number,
  ): number => {
    if (count > keys.length) keys = new Float64Array(count * 2);
    let length = 0;
    for (let at = 0; at < count; at++) {
      const item = touched[at] ?? 0;
      const sum = sums[item] ?? 0;
      if (sum <= 0) continue;
      asFloat[0] = sum;
      keys[length] = (asBits[0] ?? 0) * ITEMS_MAX + (ITEMS_MAX - 1 - item);
      length += 1;
    }
    keys.subarray(0, length).sort();
    const taken = Math.min(most, length);
    for (let rank = 0; rank < taken; rank++) {
      const key = keys[length - 1 - rank] ?? 0;
      const bits = Math.floor(key / ITEMS_MAX);
      items[offset + rank] = ITEMS_MAX - 1 - (key - bits * ITEMS_MAX);
      asBits[0] = bits;
      weights[offset + rank] = asFloat[0] ?? 0;
    }
    return taken;
  };
}
