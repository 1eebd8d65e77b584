import { expect, it } from 'vitest';
import { pageSizes } from './page-sizes.ts';

const GZIPPED_BYTES_MAX = 150_000;

it('no page costs its first visitor more than 150 kB, gzipped', async () => {
  const sizes = await pageSizes();
  expect(sizes.length).toBeGreaterThan(5);
  expect(sizes.filter(({ bytes }) => bytes > GZIPPED_BYTES_MAX)).toEqual([]);
}, 120_000);
