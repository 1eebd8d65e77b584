import { expect, it } from 'vitest';
import type { Phase } from '../contract/models.ts';
import { advance, endPhases, type Step } from './phases.ts';

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 30, 12, 0, second));
const after = (...steps: readonly Step[]): readonly Phase[] =>
  steps.reduce<readonly Phase[]>((phases, step, second) => advance(phases, step, at(second)), []);

it('a phase ends when the next begins, and keeps what was counted in it', () => {
  const phases = after({ phase: 'reading' }, { counts: { files: 2 } }, { counts: { events: 9 } }, { phase: 'cutting' });
  expect(phases).toEqual([
    { phase: 'reading', startedAt: at(0).toISOString(), endedAt: at(3).toISOString(), counts: { files: 2, events: 9 } },
    { phase: 'cutting', startedAt: at(3).toISOString(), endedAt: null, counts: {} },
  ]);
  expect(endPhases(phases, at(5)).map(({ endedAt }) => endedAt)).toEqual(
    [at(3), at(5)].map((one) => one.toISOString()),
  );
});

it('a task that is repeated begins again, and is there once', () => {
  const phases = after({ phase: 'reading' }, { phase: 'cutting' }, { phase: 'reading' }, { phase: 'cutting' });
  expect(phases.map(({ phase, startedAt }) => [phase, startedAt])).toEqual([
    ['reading', at(2).toISOString()],
    ['cutting', at(3).toISOString()],
  ]);
});
