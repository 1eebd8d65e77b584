import { expect, test } from 'vitest';
import { stepOf } from './step.ts';

const startedAt = '2026-03-10T12:00:00.000Z';
const found = { entries: 1, events: 2, recommendations: 0, feedback: 0, archivedEvents: 2 };

test('an erasure goes from waiting over counting and erasing to its end, and one that failed stays where it was', () => {
  expect(stepOf({ status: 'requested', startedAt: null, found: null })).toBe('requested');
  expect(stepOf({ status: 'running', startedAt, found: null })).toBe('settling');
  expect(stepOf({ status: 'running', startedAt, found })).toBe('erasing');
  expect(stepOf({ status: 'done', startedAt: null, found })).toBe('done');
  expect(stepOf({ status: 'failed', startedAt, found })).toBe('erasing');
  // Asked for again after a failure: it waits for the next run, which counts what is left.
  expect(stepOf({ status: 'requested', startedAt, found: null })).toBe('requested');
});
