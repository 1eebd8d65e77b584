import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '../ids/id.ts';
import type { Merging } from './merging.ts';
import { planFor, startable, trainingAfter } from './schedule.ts';
import type { Training } from './training.ts';

const HOUR_MS = 3_600_000;
const tier = { everyHours: 6, mergeMinutes: 5 };
const tenantId = newId('tenant');
const now = new Date('2026-11-30T12:00:00.000Z');
const before = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString();

const training = (change: Partial<Training> = {}): Training => ({
  trainingId: 'mdl_1',
  status: 'succeeded',
  startedBy: 'hand',
  startedAt: before(1),
  endedAt: before(0),
  servingVersion: 'mdl_1',
  phases: [],
  archivedEvents: 100,
  ...change,
});
const merged = (change: Partial<NonNullable<Merging['newest']>> = {}): Merging => ({
  newest: { at: before(10), events: 5, problem: null, archivedEvents: 100, ...change },
});
const kind = (known: Partial<Parameters<typeof planFor>[2]>): string =>
  planFor(tenantId, tier, { training: training(), merging: undefined, archived: 100, comparing: false, ...known }, now)
    .kind;
/** Longer than the interval ago. */
const longAgo = { startedAt: before(13 * 60) };
const lateAndNew = { archived: 101, training: training(longAgo) };

describe('what is due', () => {
  it.each([
    ['nothing when nothing arrived since the training', {}, 'nothing'],
    ['a merge when something did', { archived: 101 }, 'merge'],
    [
      'nothing so soon after a merge',
      { archived: 102, merging: merged({ at: before(4), archivedEvents: 101 }) },
      'nothing',
    ],
    ['a merge a while after a merge', { archived: 102, merging: merged({ archivedEvents: 101 }) }, 'merge'],
    [
      'a merge again right after one that failed',
      { archived: 101, merging: merged({ at: before(1), problem: 'x' }) },
      'merge',
    ],
    ['nothing while a merge runs', { archived: 101, merging: { mergeId: 'm', startedAt: before(1) } }, 'nothing'],
    ['a merge after one that was lost', { archived: 101, merging: { mergeId: 'm', startedAt: before(30) } }, 'merge'],
    ['nothing while a training runs', { archived: 101, training: training({ status: 'running' }) }, 'running'],
    ['a training when its time has come', { archived: 101, training: training(longAgo) }, 'training'],
    ['no training when nothing arrived', { training: training(longAgo) }, 'nothing'],
    [
      'a training after one that was lost',
      { archived: 101, training: training({ ...longAgo, status: 'running' }) },
      'training',
    ],
    ['a merge when the last training was held back', { training: training({ status: 'refused' }) }, 'merge'],
    [
      'nothing when the first training failed a moment ago',
      { archived: 101, training: training({ status: 'failed', servingVersion: undefined }) },
      'nothing',
    ],
    ['nothing while an experiment compares models', { ...lateAndNew, comparing: true }, 'nothing'],
    ['a first training with enough events', { archived: 1000, training: undefined }, 'training'],
    ['nothing with fewer', { archived: 999, training: undefined }, 'nothing'],
  ] as const)('is %s', (_, known, expected) => {
    expect(kind(known as Parameters<typeof kind>[0])).toBe(expected);
  });
});

describe('the times of trainings', () => {
  it('are as far apart as the tier says, and spread over the interval', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 168 }), fc.integer({ min: 0, max: 2e12 }), (everyHours, after) => {
        const next = trainingAfter(tenantId, { ...tier, everyHours }, after);
        expect(next).toBeGreaterThan(after);
        expect(next - after).toBeLessThanOrEqual(everyHours * HOUR_MS);
        expect(trainingAfter(tenantId, { ...tier, everyHours }, next)).toBe(next + everyHours * HOUR_MS);
      }),
    );
    const slots = Array.from({ length: 600 }, () => trainingAfter(newId('tenant'), tier, now.getTime()));
    const hours = Array.from(
      { length: 6 },
      (_, hour) => slots.filter((slot) => Math.floor((slot - now.getTime()) / HOUR_MS) === hour).length,
    );
    expect(Math.min(...hours)).toBeGreaterThan(50);
  });
});

it('so many trainings run at a time, and who waited for longest comes first', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('training', 'merge', 'running', 'nothing'), fc.nat()), { maxLength: 120 }),
      (drawn) => {
        const all = drawn.map(([one, dueSince]) => ({
          plan: one === 'training' || one === 'merge' ? { kind: one, dueSince } : { kind: one },
        }));
        const count = (list: typeof all, what: string) => list.filter(({ plan }) => plan.kind === what).length;
        const chosen = startable(all) as typeof all;
        expect(count(chosen, 'training')).toBe(
          Math.min(count(all, 'training'), Math.max(0, 10 - count(all, 'running'))),
        );
        expect(count(chosen, 'merge')).toBe(Math.min(count(all, 'merge'), 50));
        expect(count(chosen, 'nothing') + count(chosen, 'running')).toBe(0);
        const waits = (list: typeof all) =>
          list.flatMap(({ plan }) => (plan.kind === 'training' && 'dueSince' in plan ? [plan.dueSince] : []));
        const [latest, left] = [Math.max(-1, ...waits(chosen)), waits(all.filter((one) => !chosen.includes(one)))];
        expect(left.every((since) => since >= latest)).toBe(true);
      },
    ),
  );
});
