import type { Fault } from '@tenantry/local/lambda/faults';

/** What goes wrong in one invocation. */
type Blow =
  | {
      readonly kind: 'throws-before' | 'throws-after';
      readonly error: { readonly errorType: string; readonly errorMessage: string };
    }
  | { readonly kind: 'times-out' | 'throttled' }
  | { readonly kind: 'killed'; readonly afterCalls: number };

/** What goes wrong with one task: for each run, what hits its attempts, one after the other. */
export interface Plan {
  readonly name: string;
  readonly runs: readonly (readonly Blow[])[];
}

const passing = { errorType: 'RetryableError', errorMessage: 'The table is busy' };
/** Errors of this name are retried by nothing. */
export const fatalReason = 'The quota of the account is used up';
const fatal = { errorType: 'Error', errorMessage: fatalReason };

const before = { kind: 'throws-before', error: passing } as const satisfies Blow;
const after = { kind: 'throws-after', error: passing } as const satisfies Blow;
const timesOut = { kind: 'times-out' } as const satisfies Blow;
const throttled = { kind: 'throttled' } as const satisfies Blow;
const fatalBefore = { kind: 'throws-before', error: fatal } as const satisfies Blow;
const fatalAfter = { kind: 'throws-after', error: fatal } as const satisfies Blow;
const killed = (afterCalls: number) => ({ kind: 'killed', afterCalls }) as const satisfies Blow;

export const isFatal = (blow: Blow): boolean => 'error' in blow && blow.error === fatal;

/** As many attempts as the machines give a task that fails in ways that pass; the first is none of the retries. */
export const attemptsMax = 5;

/** Everything that can go wrong, several things in one run: what each change must pass. */
export const shortPlans: readonly Plan[] = [
  { name: 'throws, loses its answer, times out, is throttled', runs: [[before, after, timesOut, throttled]] },
  { name: 'is killed at once and after each of its first calls', runs: [[killed(0), killed(1), killed(2), killed(3)]] },
  { name: 'fails for good before its work, then after it', runs: [[fatalBefore], [fatalAfter]] },
];

/** One thing at a time, and each of them until the machine gives up. */
export const longPlans: readonly Plan[] = [
  { name: 'throws before its work', runs: [[before]] },
  { name: 'throws after its effect', runs: [[after]] },
  { name: 'times out', runs: [[timesOut]] },
  { name: 'is throttled', runs: [[throttled]] },
  { name: 'is killed at once', runs: [[killed(0)]] },
  ...Array.from({ length: 8 }, (_, call) => ({ name: `is killed after call ${call + 1}`, runs: [[killed(call + 1)]] })),
  { name: 'fails for good before its work', runs: [[fatalBefore]] },
  { name: 'fails for good after its effect', runs: [[fatalAfter]] },
];

/** The faults of a run, for the event of one tenant. */
export const faultsOf = (
  blows: readonly Blow[],
  target: { readonly function: string; readonly event: Readonly<Record<string, unknown>> },
): readonly Fault[] => blows.map((blow, attempt) => ({ ...target, ...blow, after: attempt }));
