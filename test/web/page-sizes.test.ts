import { beforeAll, expect, it } from 'vitest';
import { type PageSizes, pageSizes } from './page-sizes.ts';

const INITIAL_BYTES_MAX = 150_000;
const PAGE_BYTES_MAX = 25_000;

let sizes: PageSizes;
beforeAll(async () => {
  sizes = await pageSizes();
}, 120_000);

it('the application costs its first visitor at most 150 kB, gzipped', () => {
  expect(sizes.initialBytes).toBeLessThan(INITIAL_BYTES_MAX);
});

it('no page adds more than 25 kB to that when it is opened', () => {
  expect(sizes.pages.length).toBeGreaterThan(5);
  expect(sizes.pages.filter(({ bytes }) => bytes > PAGE_BYTES_MAX)).toEqual([]);
});
