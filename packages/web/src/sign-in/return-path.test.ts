import { expect, it } from 'vitest';
import { returnPath } from './return-path.ts';

const origin = 'https://shop.example.com';
const from = (to: string) => returnPath({ origin, search: `?${new URLSearchParams({ to })}` });

it('leads back to a page of this site, with its query and what is behind the #', () => {
  expect(from('/users?page=2#top')).toBe('/users?page=2#top');
  expect(returnPath({ origin, search: '' })).toBe('/console');
});

it('leads to no other site, however it is written', () => {
  for (const to of ['https://evil.test/', '//evil.test', '/\\evil.test', 'javascript:alert(1)', 'evil.test']) {
    expect(from(to), to).toBe('/console');
  }
});
