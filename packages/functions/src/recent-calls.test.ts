import { describe, expect, it } from 'vitest';
import { RecentCalls } from './recent-calls.ts';

describe('calls of one caller', () => {
  it('are let through up to the most in a stretch of time, and again in the next', () => {
    const calls = new RecentCalls({ most: 2, withinMs: 1000 });
    expect([0, 1, 2].map((at) => calls.take('ada', at))).toEqual([true, true, false]);
    expect(calls.take('ada', 999)).toBe(false);
    expect(calls.take('ada', 1000)).toBe(true);
  });

  it('are no business of another', () => {
    const calls = new RecentCalls({ most: 1, withinMs: 1000 });
    expect([calls.take('ada', 0), calls.take('ben', 0)]).toEqual([true, true]);
  });
});
