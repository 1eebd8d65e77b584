import { expect, test } from 'vitest';
import { createEventFilter, eventFilterSchema } from './event-filter.ts';

const record = {
  eventName: 'INSERT',
  dynamodb: { NewImage: { type: { S: 'order' }, tags: ['a', 'b'] } },
  count: 3,
};

test.each<[object, boolean]>([
  [{ eventName: ['INSERT', 'MODIFY'] }, true],
  [{ eventName: ['REMOVE'] }, false],
  [{ dynamodb: { NewImage: { type: { S: ['order'] } } } }, true],
  [{ dynamodb: { NewImage: { type: { S: [{ prefix: 'or' }] } } } }, true],
  [{ dynamodb: { NewImage: { type: { S: [{ suffix: 'or' }] } } } }, false],
  [{ dynamodb: { NewImage: { tags: ['b'] } } }, true],
  [{ userIdentity: { principalId: [{ exists: false }] } }, true],
  [{ eventName: [{ exists: true }], count: [3] }, true],
  [{ eventName: ['INSERT'], count: [4] }, false],
  [{ eventName: [{ 'anything-but': ['REMOVE'] }] }, true],
  [{ eventName: [{ 'anything-but': 'INSERT' }] }, false],
  [{ missing: [{ 'anything-but': 'INSERT' }] }, false],
  [{ missing: { deep: ['x'] } }, false],
])('%j on the record: %s', (pattern, expected) => {
  expect(createEventFilter([JSON.stringify(pattern)])(record)).toBe(expected);
});

test('one pattern of several is enough, and without any every record is taken', () => {
  expect(createEventFilter(['{"eventName":["REMOVE"]}', '{"count":[3]}'])(record)).toBe(true);
  expect(createEventFilter([])(record)).toBe(true);
});

test.each([
  '',
  'x',
  '[]',
  '{}',
  '{"a":"b"}',
  '{"a":[]}',
  '{"a":[{"wildcard":"*"}]}',
  '{"a":[{"prefix":"x","suffix":"y"}]}',
])('the pattern %s is refused and never ignored', (text) => {
  expect(eventFilterSchema.safeParse(text).success).toBe(false);
});
