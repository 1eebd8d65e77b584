/** More than this a chart cannot show anyway, and drawing them would hold up the page. */
export const shownPointsMax = 400;

/**
 * At most `max` of the points, in their order: the first and the last, and of each stretch between them the one that changes the line most, so
 * that peaks and dips stay (largest triangle three buckets; Steinarsson, 2013).
 * @param heightOf the height of a point; null where there is none, which counts as zero here
 */
export function downsample<Point>(
  points: readonly Point[],
  heightOf: (point: Point) => number | null,
  max = shownPointsMax,
): readonly Point[] {
  if (points.length <= max || max < 3) return points;
  const height = (index: number): number => {
    const point = points[index];
    return point === undefined ? 0 : (heightOf(point) ?? 0);
  };
  const width = (points.length - 2) / (max - 2);
  const start = (bucket: number): number => Math.floor(bucket * width) + 1;
  const kept = [0];
  for (let bucket = 0; bucket < max - 2; bucket += 1) {
    const from = start(bucket);
    const to = start(bucket + 1);
    const nextFrom = to;
    const nextTo = Math.min(start(bucket + 2), points.length);
    let sum = 0;
    for (let index = nextFrom; index < nextTo; index += 1) sum += height(index);
    const next = { at: (nextFrom + nextTo - 1) / 2, height: sum / Math.max(1, nextTo - nextFrom) };
    const last = kept.at(-1) ?? 0;
    let best = from;
    let bestArea = -1;
    for (let index = from; index < to; index += 1) {
      const area = Math.abs(
        (last - next.at) * (height(index) - height(last)) - (last - index) * (next.height - height(last)),
      );
      if (area > bestArea) [best, bestArea] = [index, area];
    }
    kept.push(best);
  }
  kept.push(points.length - 1);
  return kept.flatMap((index) => points[index] ?? []);
}
