import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { machineOf, play, task } from '../testing/play.ts';
import { catcherFor, meansError, nextRetry } from './retry.ts';

const names = [
  'A',
  'B',
  'C',
  'States.Timeout',
  'States.HeartbeatTimeout',
  'States.DataLimitExceeded',
  'States.Runtime',
];
const errorName = fc.constantFrom(...names);
const ruleNames = fc.array(fc.constantFrom(...names, 'States.ALL', 'States.TaskFailed'), {
  minLength: 1,
  maxLength: 3,
});

describe('error names', () => {
  test('States.ALL means everything but errors that end an execution', () => {
    fc.assert(
      fc.property(errorName, (error) => {
        const terminal = error === 'States.DataLimitExceeded' || error === 'States.Runtime';
        expect(meansError(['States.ALL'], error)).toBe(!terminal);
      }),
    );
  });

  test('States.TaskFailed means no time-out, and States.Timeout means a missing heartbeat too', () => {
    expect(meansError(['States.TaskFailed'], 'A')).toBe(true);
    expect(meansError(['States.TaskFailed'], 'States.Timeout')).toBe(false);
    expect(meansError(['States.TaskFailed'], 'States.HeartbeatTimeout')).toBe(false);
    expect(meansError(['States.Timeout'], 'States.HeartbeatTimeout')).toBe(true);
    expect(meansError(['States.HeartbeatTimeout'], 'States.Timeout')).toBe(false);
  });

  test('the first catcher that means the error is taken', () => {
    fc.assert(
      fc.property(fc.array(ruleNames, { maxLength: 4 }), errorName, (rules, error) => {
        const found = catcherFor(
          rules.map((ErrorEquals) => ({ ErrorEquals, Next: 'X' })),
          error,
        );
        expect(found?.index ?? -1).toBe(rules.findIndex((rule) => meansError(rule, error)));
      }),
    );
  });
});

const retrier = fc.record(
  {
    ErrorEquals: ruleNames,
    IntervalSeconds: fc.integer({ min: 1, max: 100 }),
    MaxAttempts: fc.integer({ min: 0, max: 5 }),
    BackoffRate: fc.double({ min: 1, max: 4, noNaN: true }),
    MaxDelaySeconds: fc.integer({ min: 1, max: 300 }),
    JitterStrategy: fc.constantFrom('FULL' as const, 'NONE' as const),
  },
  { requiredKeys: ['ErrorEquals'] },
);

describe('nextRetry', () => {
  test('uses only the first retrier that means the error, and no more often than it says', () => {
    fc.assert(
      fc.property(fc.array(retrier, { maxLength: 4 }), fc.array(errorName, { maxLength: 20 }), (retriers, errors) => {
        let used: readonly number[] = [];
        for (const error of errors) {
          const index = retriers.findIndex(({ ErrorEquals }) => meansError(ErrorEquals, error));
          const before = used[index] ?? 0;
          const retry = nextRetry(retriers, error, used, () => 0.5);
          expect(retry !== undefined).toBe(index >= 0 && before < (retriers[index]?.MaxAttempts ?? 3));
          if (retry === undefined) continue;
          expect(retry.used).toEqual(retriers.map((_, at) => (used[at] ?? 0) + (at === index ? 1 : 0)));
          used = retry.used;
        }
      }),
    );
  });

  test('waits the interval times the rate to the power of earlier retries, cut at the longest delay', () => {
    fc.assert(
      fc.property(retrier, fc.nat(4), (rule, before) => {
        const one = { ...rule, ErrorEquals: ['A'], MaxAttempts: 5, JitterStrategy: 'NONE' as const };
        const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = one;
        const seconds = Math.min(IntervalSeconds * BackoffRate ** before, MaxDelaySeconds);
        expect(nextRetry([one], 'A', [before], Math.random)?.delayMs).toBe(Math.round(seconds * 1000));
      }),
    );
  });

  test('spreads jitter from nothing to the whole wait', () => {
    const rule = { ErrorEquals: ['A'], IntervalSeconds: 8, JitterStrategy: 'FULL' as const };
    expect([0, 0.25, 0.999].map((random) => nextRetry([rule], 'A', [1], () => random)?.delayMs)).toEqual([
      0, 4000, 15984,
    ]);
  });
});

const failure = (error: string) => ({ failure: { error, cause: 'because' } });

describe('a task that fails', () => {
  test('is called again at the times that its retrier says, then caught', async () => {
    const { calls, outcome } = await play(
      machineOf({
        Call: task({
          Retry: [
            { ErrorEquals: ['B'], MaxAttempts: 1 },
            { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 3, MaxDelaySeconds: 10 },
          ],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught', Output: '{% $states.errorOutput.Error %}' }],
        }),
        Caught: { Type: 'Succeed' },
      }),
      { answer: () => failure('A') },
    );
    expect(calls.map(({ at }) => at)).toEqual([0, 2000, 8000, 18_000]);
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: 'A' });
  });

  test('counts each retrier for itself, and starts from nothing at the next visit', async () => {
    const errors = ['A', 'B', 'A', 'B', 'none', 'A', 'none'];
    const { calls, outcome } = await play(
      machineOf({
        Call: task({
          Assign: { visits: '{% $exists($visits) ? $visits + 1 : 1 %}' },
          Retry: [
            { ErrorEquals: ['A'], IntervalSeconds: 1, MaxAttempts: 2 },
            { ErrorEquals: ['B'], IntervalSeconds: 10, MaxAttempts: 2 },
          ],
          Next: 'Again',
        }),
        Again: { Type: 'Choice', Choices: [{ Condition: '{% $visits < 2 %}', Next: 'Call' }], Default: 'Done' },
        Done: { Type: 'Succeed' },
      }),
      { answer: (_, nth) => (errors[nth - 1] === 'none' ? { value: nth } : failure(errors[nth - 1] ?? 'A')) },
    );
    expect(calls.map(({ at }) => at)).toEqual([0, 1000, 11_000, 13_000, 33_000, 33_000, 34_000]);
    expect(outcome?.status).toBe('SUCCEEDED');
  });

  test('with an error that no rule means fails its execution with that error', async () => {
    const { outcome, calls } = await play(
      machineOf({
        Call: task({ Retry: [{ ErrorEquals: ['B'] }], Catch: [{ ErrorEquals: ['C'], Next: 'Caught' }] }),
        Caught: { Type: 'Succeed' },
      }),
      { answer: () => failure('A') },
    );
    expect(outcome).toEqual({ status: 'FAILED', error: 'A', cause: 'because' });
    expect(calls).toHaveLength(1);
  });

  test('knows how often it was tried', async () => {
    const { calls } = await play(
      machineOf({
        Call: task({ Arguments: '{% $states.context.State.RetryCount %}', Retry: [{ ErrorEquals: ['A'] }] }),
      }),
      { answer: (_, nth) => (nth < 3 ? failure('A') : { value: null }) },
    );
    expect(calls.map((call) => call.arguments)).toEqual([0, 1, 2]);
  });

  test('with a result that is too large fails beyond every wildcard', async () => {
    const catcher = { ErrorEquals: ['States.ALL'], Next: 'Caught' };
    const { outcome } = await play(machineOf({ Call: task({ Catch: [catcher] }), Caught: { Type: 'Succeed' } }), {
      answer: () => ({ value: 'x'.repeat(262_144) }),
    });
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });
});

describe('a task that takes too long', () => {
  test('fails with States.Timeout at each attempt', async () => {
    const { calls, outcome, tookMs } = await play(
      machineOf({
        Call: task({ TimeoutSeconds: '{% 2 + 3 %}', Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1 }] }),
      }),
      { answer: () => ({ never: true }) },
    );
    expect(calls.map(({ at }) => at)).toEqual([0, 6000]);
    expect(tookMs).toBe(11_000);
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  test('is not heard any more', async () => {
    const { outcome } = await play(
      machineOf({
        Call: task({ TimeoutSeconds: 5, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Wait' }] }),
        Wait: { Type: 'Wait', Seconds: 10, Output: 'timed out', End: true },
      }),
      { answer: () => ({ value: 'late', afterMs: 7000 }) },
    );
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: 'timed out' });
  });
});
