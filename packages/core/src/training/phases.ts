import type { Phase, TrainingPhase } from '../contract/models.ts';

/** A phase that begins, or what was counted in the one that goes on. */
export type Step = { readonly phase: TrainingPhase } | { readonly counts: Readonly<Record<string, number>> };

/** Ends what goes on. */
export const endPhases = (phases: readonly Phase[], at: Date): readonly Phase[] =>
  phases.map((phase) => (phase.endedAt === null ? { ...phase, endedAt: at.toISOString() } : phase));

/** The phases after one more step. A phase that begins again, since a task was repeated, takes the place of all that came after it. */
export function advance(phases: readonly Phase[], step: Step, at: Date): readonly Phase[] {
  if ('counts' in step) {
    const last = phases.at(-1);
    return last ? [...phases.slice(0, -1), { ...last, counts: { ...last.counts, ...step.counts } }] : phases;
  }
  const again = phases.findIndex(({ phase }) => phase === step.phase);
  const before = again < 0 ? phases : phases.slice(0, again);
  return [...endPhases(before, at), { phase: step.phase, startedAt: at.toISOString(), endedAt: null, counts: {} }];
}
