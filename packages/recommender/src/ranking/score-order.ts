/**
 * Puts the first `count` of at most `most` scores into order.
 * @param scores of `most` floats, in a buffer of their own
 * @returns a function that writes their positions, the greatest score first, and of equal ones the first position first
 */
export function createScoreOrder(
  scores: Float32Array<ArrayBuffer>,
  most: number,
): (count: number, positions: Uint32Array) => void {
  // Numbers sort without a comparison of ours. The bits of a float, read as a number, are in its order, below zero in the opposite one.
  const bits = new Int32Array(scores.buffer);
  const keys = new Float64Array(most);
  return (count, positions) => {
    for (let at = 0; at < count; at++) {
      const pattern = bits[at] ?? 0;
      keys[at] = (pattern < 0 ? pattern & 0x7fffffff : -pattern) * most + at;
    }
    keys.subarray(0, count).sort();
    for (let place = 0; place < count; place++) {
      const key = keys[place] ?? 0;
      positions[place] = key - Math.floor(key / most) * most;
    }
  };
}
