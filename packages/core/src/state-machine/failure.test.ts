import { expect, it } from 'vitest';
import { reasonOf } from './failure.ts';

it('gives the message of a function’s error and nothing of its stack', () => {
  const Cause = JSON.stringify({ errorType: 'Error', errorMessage: 'No events yet.', trace: ['at /srv/train.ts:1'] });
  expect(reasonOf({ Error: 'Error', Cause })).toBe('No events yet.');
});

it('names no resource of the provider, and stays one short line', () => {
  const Cause = `User: arn:aws:sts::1:assumed-role/f/s is not authorized on arn:aws:s3:::bucket/key\nat secret.ts ${'x'.repeat(999)}`;
  expect(reasonOf({ Cause })).toBe('User: … is not authorized on …');
  expect(reasonOf({ Cause: 'x'.repeat(999) })).toHaveLength(300);
});

it('falls back to the error’s name', () => {
  expect(reasonOf({ Error: 'States.Timeout' })).toBe('States.Timeout');
  expect(reasonOf({})).toBe('unknown');
});
