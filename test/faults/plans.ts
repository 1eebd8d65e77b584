import type { Fault } from '@tenantry/local/lambda/faults';
import type { TaskState } from './task-states.ts';

interface ThrownError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** What goes wrong in one invocation. */
type Blow =
  | { readonly kind: 'throws-before' | 'throws-after'; readonly error: ThrownError }
  | { readonly kind: 'times-out' | 'throttled' }
  | { readonly kind: 'killed'; readonly afterCalls: number };

/** What goes wrong with a task: for each run, what hits its attempts, one after the other. */
export interface Plan {
  readonly name: string;
  readonly runs: readonly (readonly Blow[])[];
}

const passing: ThrownError = { errorType: 'RetryableError', errorMessage: 'The table is busy' };
export const fatalReason = 'The quota of the account is used up';
/** Errors of this name are retried by nothing. */
const fatal: ThrownError = { errorType: 'Error', errorMessage: fatalReason };

const before: Blow = { kind: 'throws-before', error: passing };
const after: Blow = { kind: 'throws-after', error: passing };
const timesOut: Blow = { kind: 'times-out' };
const throttled: Blow = { kind: 'throttled' };
const killed = (afterCalls: number): Blow => ({ kind: 'killed', afterCalls });
const fatalBefore: Blow = { kind: 'throws-before', error: fatal };
const fatalAfter: Blow = { kind: 'throws-after', error: fatal };

export const isFatal = (blow: Blow): boolean => 'error' in blow && blow.error === fatal;
export const fatalRun: readonly Blow[] = [fatalBefore];

/** What retries make up for, four things to a task. */
export const passingPlans: readonly Plan[] = [
  { name: 'throws, loses its answer, times out, is throttled', runs: [[before, after, timesOut, throttled]] },
  { name: 'is killed at once and after calls 1, 2 and 3', runs: [[killed(0), killed(1), killed(2), killed(3)]] },
];

/** What ends the execution. */
export const fatalPlan: Plan = { name: 'fails before its work, then after it', runs: [[fatalBefore], [fatalAfter]] };

/** One thing at a time. */
export const singlePlans: readonly Plan[] = [
  { name: 'throws before its work', runs: [[before]] },
  { name: 'throws after its effect', runs: [[after]] },
  { name: 'times out', runs: [[timesOut]] },
  { name: 'is throttled', runs: [[throttled]] },
  { name: 'is killed at once', runs: [[killed(0)]] },
  ...Array.from({ length: 3 }, (_, of4) => {
    const calls = Array.from({ length: 4 }, (_, n) => of4 * 4 + n + 1);
    return { name: `is killed after calls ${calls.join(', ')}`, runs: [calls.map(killed)] };
  }),
  { name: 'fails before its work', runs: [[fatalBefore]] },
  { name: 'fails after its effect', runs: [[fatalAfter]] },
];

/** The faults of a run, for what one tenant's execution does in a state. */
export const faultsOf = (blows: readonly Blow[], state: TaskState, tenantId: string): readonly Fault[] =>
  blows.map((blow, attempt) => ({
    function: state.functionArn,
    event: { ...state.event, tenantId },
    ...(state.after
      ? { armedBy: { function: state.after.functionArn, event: { ...state.after.event, tenantId } } }
      : {}),
    ...blow,
    after: attempt,
  }));
