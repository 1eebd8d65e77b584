import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobView } from './heartbeat.ts';
import { jobNames, jobs, lateAfterSeconds } from './jobs.ts';

const now = new Date('2026-11-30T12:00:00.000Z');
const ago = (seconds: number): string => new Date(now.getTime() - seconds * 1000).toISOString();
const name = fc.constantFrom(...jobNames);

describe('a job', () => {
  it('is late exactly when it should have begun again, with time for retries', () => {
    fc.assert(
      fc.property(name, fc.integer({ min: 0, max: 400_000 }), (job, seconds) => {
        const startedAt = ago(seconds);
        const { late, nextAt } = jobView(job, { sk: job, startedAt, endedAt: startedAt, succeededAt: startedAt }, now);
        expect(late).toBe(seconds > lateAfterSeconds(job));
        expect(Date.parse(nextAt ?? '') - Date.parse(startedAt)).toBe(jobs[job].everySeconds * 1000);
        if (seconds <= jobs[job].everySeconds) expect(late).toBe(false);
      }),
    );
  });

  it('that never ran is neither late nor well', () => {
    expect(jobView('finance', undefined, now)).toMatchObject({ state: 'never', late: false, nextAt: null });
  });

  it('runs until its end, failed with a reason, or broke off when no function can run that long', () => {
    const stateOf = (row: { startedAt: string; endedAt?: string; problem?: string }) =>
      jobView('finance', { sk: 'finance', ...row }, now).state;
    expect(stateOf({ startedAt: ago(60) })).toBe('running');
    expect(stateOf({ startedAt: ago(3600) })).toBe('broken');
    expect(stateOf({ startedAt: ago(60), endedAt: ago(1) })).toBe('succeeded');
    expect(stateOf({ startedAt: ago(60), endedAt: ago(1), problem: 'Stripe does not answer' })).toBe('failed');
  });
});
