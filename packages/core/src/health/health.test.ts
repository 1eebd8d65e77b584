import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorShare, gradeOf, type Health } from './health.ts';

const now = new Date('2026-11-30T12:00:00.000Z');
const well: Health = {
  seenAt: now.toISOString(),
  lastEventAt: '2026-11-30T11:00:00.000Z',
  served: 1000,
  faults: 0,
  training: null,
};
const grade = (over: Partial<Health>) => gradeOf({ ...well, ...over }, now);

describe('the health of a company', () => {
  it('is unknown until somebody has looked, and well when nothing is wrong', () => {
    expect(gradeOf(undefined, now)).toBe('unknown');
    expect(grade({})).toBe('well');
  });

  it('is failing by more than one in a hundred, by a training that failed, and not by a single lost connection', () => {
    expect(grade({ faults: 11 })).toBe('failing');
    expect(grade({ faults: 10 })).toBe('well');
    expect(grade({ served: 1, faults: 1 })).toBe('well');
    expect(grade({ training: { status: 'failed', at: well.seenAt } })).toBe('failing');
    expect(grade({ training: { status: 'refused', at: well.seenAt } })).toBe('well');
  });

  it('is quiet after a day without an event', () => {
    expect(grade({ lastEventAt: '2026-11-29T11:59:00.000Z' })).toBe('quiet');
    expect(grade({ lastEventAt: null })).toBe('quiet');
  });

  it('knows no share of nothing, and otherwise one between 0 and 1', () => {
    expect(errorShare({ served: 0, faults: 0 })).toBeNull();
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (served, faults) => {
        const share = errorShare({ served, faults });
        expect(share === null || (share >= 0 && share <= 1)).toBe(true);
      }),
    );
  });
});
