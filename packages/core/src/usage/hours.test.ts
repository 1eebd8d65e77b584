import { expect, it } from 'vitest';
import { daysBetween, endOfHour, hourOf, hoursBetween, idsByHour, startOfHour } from './hours.ts';

const at = (text: string) => new Date(`2026-11-20T${text}Z`);

it('puts a moment into the hour that it lies in, up to its last millisecond', () => {
  expect(hourOf(at('10:59:59.999'))).toBe('2026-11-20T10');
  expect(hourOf(at('11:00:00.000'))).toBe('2026-11-20T11');
  expect(endOfHour('2026-11-20T10')).toEqual(startOfHour('2026-11-20T11'));
});

it('names every hour and day that begins in a range, the end left out', () => {
  expect(hoursBetween(at('09:30:00.000'), at('12:00:00.000'))).toEqual(['2026-11-20T10', '2026-11-20T11']);
  expect(hoursBetween(at('10:00:00.000'), at('10:00:00.001'))).toEqual(['2026-11-20T10']);
  expect(hoursBetween(at('10:00:00.000'), at('09:00:00.000'))).toEqual([]);
  expect(daysBetween(at('00:00:00.000'), new Date('2026-11-22T00:00:00.000Z'))).toEqual(['2026-11-20', '2026-11-21']);
});

it('keeps every id, by the hour in which it came', () => {
  const arrivals = ['09:59:59.000', '10:00:00.000', '10:30:00.000'].map((text, index) => ({
    id: `${index}`,
    at: at(text),
  }));
  expect([...idsByHour(arrivals)]).toEqual([
    ['2026-11-20T09', ['0']],
    ['2026-11-20T10', ['1', '2']],
  ]);
});
