import type { Fault } from '@tenantry/local/lambda/faults';
import type { TaskState } from './task-states.ts';

interface ThrownError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** What goes wrong in one invocation. */
export type Blow =
  | { readonly kind: 'throws-before' | 'throws-after'; readonly error: ThrownError }
  | { readonly kind: 'times-out' | 'throttled' }
  | { readonly kind: 'killed'; readonly afterCalls: number };

/** What hits the attempts of one task, one after the other. */
export interface Series {
  readonly what: string;
  readonly blows: readonly Blow[];
}

export const fatalReason = 'The quota of the account is used up';
/** Errors of this name are retried by nothing. */
const fatal: ThrownError = { errorType: 'Error', errorMessage: fatalReason };
const retryable: ThrownError = { errorType: 'RetryableError', errorMessage: 'The table is busy' };

const killed = (afterCalls: number): Blow => ({ kind: 'killed', afterCalls });

export const blows = {
  throws: { kind: 'throws-before', error: retryable },
  losesItsAnswer: { kind: 'throws-after', error: retryable },
  timesOut: { kind: 'times-out' },
  isThrottled: { kind: 'throttled' },
  fails: { kind: 'throws-before', error: fatal },
  failsAfterItsEffect: { kind: 'throws-after', error: fatal },
} as const satisfies Record<string, Blow>;

/** Whether the execution ends by it; retries make up for all others. */
export const isFatal = (blow: Blow): boolean => 'error' in blow && blow.error === fatal;

/** All that retries make up for, as many at a time as there are retries. */
export const passing: readonly Series[] = [
  {
    what: 'throws, loses its answer, times out, is throttled',
    blows: [blows.throws, blows.losesItsAnswer, blows.timesOut, blows.isThrottled],
  },
  { what: 'is killed after call 1, then after call 3', blows: [1, 3].map(killed) },
];

/** Each thing by itself, and a death after every call that a task may make. */
export const single: readonly Series[] = [
  { what: 'throws before its work', blows: [blows.throws] },
  { what: 'throws after its effect', blows: [blows.losesItsAnswer] },
  { what: 'times out', blows: [blows.timesOut] },
  { what: 'is throttled', blows: [blows.isThrottled] },
  ...[0, 1, 2, 3, 4, 5].map((of) => {
    const calls = [of * 3, of * 3 + 1, of * 3 + 2];
    return { what: `is killed after calls ${calls.join(', ')}`, blows: calls.map(killed) };
  }),
  { what: 'fails before its work', blows: [blows.fails] },
  { what: 'fails after its effect', blows: [blows.failsAfterItsEffect] },
];

/** The faults for what one tenant's execution does in a state; without a tenant, whoever's execution does it. */
export function faultsOf(state: TaskState, series: readonly Blow[], tenantId?: string): readonly Fault[] {
  const target = ({ functionArn, event }: TaskState) => ({
    function: functionArn,
    event: { ...event, ...(tenantId ? { tenantId } : {}) },
  });
  const armed = state.after ? { armedBy: target(state.after) } : {};
  return series.map((blow, attempt) => ({ ...target(state), ...armed, ...blow, after: attempt }));
}
