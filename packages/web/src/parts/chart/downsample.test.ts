import fc from 'fast-check';
import { expect, it } from 'vitest';
import { downsample } from './downsample.ts';

const identity = (value: number): number => value;

it('keeps what fits as it is', () => {
  expect(downsample([1, 2, 3], identity, 3)).toEqual([1, 2, 3]);
});

it('keeps a single peak among ten thousand flat points, and both ends', () => {
  const points = Array.from({ length: 10_000 }, (_, index) => (index === 7_003 ? 50 : index / 1e6));
  const kept = downsample(points, identity);
  expect(kept).toHaveLength(400);
  expect(kept).toContain(50);
  expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)]);
});

it('gives exactly as many points as asked for, each of the given ones, in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 500 }), fc.integer({ min: 3, max: 60 }), (values, max) => {
      const points = values.map((value, at) => ({ at, value }));
      const kept = downsample(points, ({ value }) => value, max);
      expect(kept).toHaveLength(Math.min(max, points.length));
      const places = kept.map(({ at }) => at);
      expect(places).toEqual([...new Set(places)].sort((one, other) => one - other));
    }),
  );
});
