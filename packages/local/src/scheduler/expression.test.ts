import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExpression, parseRuleExpression } from './expression.ts';

const time = (text: string): number => Date.parse(text);

describe('rates', () => {
  test('the next time is a whole number of periods after the anchor, and later than now', () => {
    const period = fc.integer({ min: 2, max: 500 });
    fc.assert(
      fc.property(period, fc.nat(1e12), fc.nat(1e10), (minutes, anchor, passed) => {
        const next = parseExpression(`rate(${minutes} minutes)`).next(anchor + passed, anchor) ?? Number.NaN;
        expect(next).toBeGreaterThan(anchor + passed);
        expect(next - (anchor + passed)).toBeLessThanOrEqual(minutes * 60_000);
        expect((next - anchor) % (minutes * 60_000)).toBe(0);
      }),
    );
  });

  test.each([
    'rate(1 minutes)',
    'rate(2 minute)',
    'rate(0 minutes)',
    'rate(5 weeks)',
    'rate(-1 hours)',
    'rate(1.5 hours)',
  ])('%s is refused', (text) => expect(() => parseExpression(text)).toThrow(RangeError));
});

test('at() runs once, in its time zone', () => {
  const timing = parseExpression('at(2027-06-01T08:00:00)', 'Europe/Berlin');
  expect(timing.next(time('2027-01-01T00:00:00Z'), 0)).toBe(time('2027-06-01T06:00:00Z'));
  expect(timing.next(time('2027-06-01T06:00:00Z'), 0)).toBeUndefined();
});

test('cron() runs by the wall clock of its time zone', () => {
  const timing = parseExpression('cron(0 8 * * ? *)', 'Europe/Berlin');
  expect(timing.next(time('2027-01-15T00:00:00Z'), 0)).toBe(time('2027-01-15T07:00:00Z'));
  expect(timing.next(time('2027-07-15T00:00:00Z'), 0)).toBe(time('2027-07-15T06:00:00Z'));
});

test('a rule cannot run at a single time', () => {
  expect(() => parseRuleExpression('at(2027-06-01T08:00:00)')).toThrow(RangeError);
});

test.each(['', 'cron()', '5 * * * *', 'at(tomorrow)', 'cron(0 8 * * ? *) '])('%j is refused', (text) =>
  expect(() => parseExpression(text)).toThrow(RangeError),
);
