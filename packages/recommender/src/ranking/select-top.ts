const BINS = 1024;

/**
 * Picks the positions of about the `most` greatest of the first `count` values, none of them below zero, without sorting: by their bin
 * between zero and the greatest. Within the last bin earlier positions are preferred, so the choice is the same every time.
 * @returns a function that writes positions, in their order, and says how many
 */
export function createTopSelection(): (
  values: Float32Array,
  count: number,
  most: number,
  positions: Uint32Array,
) => number {
  const bins = new Uint32Array(BINS);
  return (values, count, most, positions) => {
    if (count <= most) {
      for (let at = 0; at < count; at++) positions[at] = at;
      return count;
    }
    let greatest = 0;
    for (let at = 0; at < count; at++) {
      const value = values[at] ?? 0;
      if (value > greatest) greatest = value;
    }
    const scale = greatest > 0 ? (BINS - 1) / greatest : 0;
    bins.fill(0);
    for (let at = 0; at < count; at++) {
      const bin = ((values[at] ?? 0) * scale) | 0;
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    let above = 0;
    let threshold = BINS - 1;
    while (threshold > 0 && above + (bins[threshold] ?? 0) <= most) {
      above += bins[threshold] ?? 0;
      threshold -= 1;
    }
    let room = most - above;
    let taken = 0;
    for (let at = 0; at < count; at++) {
      const bin = ((values[at] ?? 0) * scale) | 0;
      if (bin < threshold) continue;
      if (bin === threshold) {
        if (room === 0) continue;
        room -= 1;
      }
      positions[taken] = at;
      taken += 1;
    }
    return taken;
  };
}
