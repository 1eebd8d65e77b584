import fc from 'fast-check';
import { expect, it } from 'vitest';
import { periodAt } from './billing-period.ts';

const at = (text: string) => new Date(`${text}:00.000Z`);
const texts = ({ from, to }: { from: Date; to: Date }) => [from, to].map((date) => date.toISOString().slice(0, 16));

it('counts calendar months where no subscription says otherwise', () => {
  expect(texts(periodAt(at('2026-11-21T10:00'), undefined))).toEqual(['2026-11-01T00:00', '2026-12-01T00:00']);
});

it('follows the end of the subscription’s period, whether that is ahead or long past', () => {
  const period = ['2026-11-17T08:30', '2026-12-17T08:30'];
  for (const anchor of ['2026-12-17T08:30', '2026-05-17T08:30', '2027-11-17T08:30']) {
    expect(texts(periodAt(at('2026-11-21T10:00'), at(anchor)))).toEqual(period);
  }
});

it('begins a new period at the very moment that the old one ends', () => {
  expect(texts(periodAt(at('2026-12-17T08:30'), at('2026-12-17T08:30')))[0]).toBe('2026-12-17T08:30');
  expect(texts(periodAt(at('2026-12-17T08:29'), at('2026-12-17T08:30')))[1]).toBe('2026-12-17T08:30');
});

it('ends on the last day of a month that is too short', () => {
  expect(texts(periodAt(at('2027-02-10T00:00'), at('2026-12-31T12:00')))).toEqual([
    '2027-01-31T12:00',
    '2027-02-28T12:00',
  ]);
});

it('is as long as the subscription pays for at once', () => {
  expect(texts(periodAt(at('2026-11-21T10:00'), at('2027-03-17T08:30'), 12))).toEqual([
    '2026-03-17T08:30',
    '2027-03-17T08:30',
  ]);
});

it('always holds the present', () => {
  const times = fc.date({ min: at('2020-01-01T00:00'), max: at('2040-01-01T00:00'), noInvalidDate: true });
  fc.assert(
    fc.property(times, times, fc.constantFrom(1, 3, 12), (now, anchor, length) => {
      const { from, to } = periodAt(now, anchor, length);
      expect(from <= now && now < to).toBe(true);
    }),
  );
});
