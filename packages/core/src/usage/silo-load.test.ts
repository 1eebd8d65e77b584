import { describe, expect, it } from 'vitest';
import { siloLoadOf } from './silo-load.ts';

const now = new Date('2026-11-30T12:20:00.000Z');
const load = (...hours: readonly (readonly [string, number])[]) => siloLoadOf(new Map(hours), now);

describe('a silo', () => {
  it('is busy while something was asked of it in this hour or the one before', () => {
    expect(load(['2026-11-30T11', 90])).toEqual({ perMinute: 1.5, idleSince: null });
    expect(load(['2026-11-30T12', 1])).toEqual({ perMinute: 0, idleSince: null });
  });

  it('is idle since the end of the last hour in which something was asked of it', () => {
    expect(load(['2026-11-29T23', 5], ['2026-11-30T03', 6])).toEqual({
      perMinute: 0,
      idleSince: '2026-11-30T04:00:00.000Z',
    });
    expect(load(['2026-11-30T11', 0], ['2026-11-30T10', 1]).idleSince).toBe('2026-11-30T11:00:00.000Z');
  });

  it('is idle for a week when nobody asked anything in it', () => {
    expect(load()).toEqual({ perMinute: 0, idleSince: '2026-11-23T12:20:00.000Z' });
  });
});
