import { expect, test } from 'vitest';
import { catalogueMessages } from '../catalogue/messages.ts';
import { plural } from './plural.ts';

test('one thing is named as one, and any other number of them as several', () => {
  expect([0, 1, 2, 1000].map((count) => plural(count.toLocaleString('en-GB'), 'line', 'lines'))).toEqual([
    '0 lines',
    '1 line',
    '2 lines',
    '1,000 lines',
  ]);
  expect(catalogueMessages.en.bad('1')).toBe('1 line has something wrong and is left out');
  expect(catalogueMessages.en.bad('2')).toBe('2 lines have something wrong and are left out');
});
