import aslValidator from 'asl-validator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { machineOf, type PlayedAnswer, play, task } from '../testing/play.ts';

const failure = (error: string, afterMs = 0): PlayedAnswer => ({
  failure: { error, cause: `${error} happened` },
  afterMs,
});

interface Case {
  readonly name: string;
  readonly definition: object;
  readonly input?: Json;
  readonly answer?: () => PlayedAnswer;
  /** Types of events, without their common part: `Pass>` is `PassStateEntered`, `Pass<` is `PassStateExited`. */
  readonly history: string;
  readonly outcome: object;
}

const pass = (more: object = {}): object => ({ Type: 'Pass', ...('Next' in more ? {} : { End: true }), ...more });

const cases: readonly Case[] = [
  {
    name: 'a Pass gives its input on',
    definition: machineOf({ A: pass({ Next: 'B' }), B: pass() }),
    input: { x: 1 },
    history: 'ExecutionStarted Pass> Pass< Pass> Pass< ExecutionSucceeded',
    outcome: { status: 'SUCCEEDED', output: { x: 1 } },
  },
  {
    name: 'a query language per state is enough',
    definition: { StartAt: 'A', States: { A: pass({ QueryLanguage: 'JSONata' }) } },
    history: 'ExecutionStarted Pass> Pass< ExecutionSucceeded',
    outcome: { status: 'SUCCEEDED', output: {} },
  },
  {
    name: 'Assign and Output see the values from before the state',
    definition: machineOf({
      A: pass({ Assign: { x: 1, y: 2 }, Next: 'B' }),
      B: pass({ Assign: { x: '{% $y %}', y: '{% $x %}' }, Output: '{% [$x, $y] %}', Next: 'C' }),
      C: pass({ Output: { before: '{% $states.input %}', now: '{% [$x, $y] %}' } }),
    }),
    history: 'ExecutionStarted Pass> Pass< Pass> Pass< Pass> Pass< ExecutionSucceeded',
    outcome: { status: 'SUCCEEDED', output: { before: [1, 2], now: [2, 1] } },
  },
  {
    name: 'a Choice takes the first rule that holds, with its Assign and Output',
    definition: machineOf({
      A: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.x > 5 %}', Next: 'B' },
          { Condition: '{% $states.input.x > 1 %}', Assign: { rule: 1 }, Output: 'ruled', Next: 'B' },
          { Condition: '{% true %}', Next: 'B' },
        ],
        Assign: { rule: 'none' },
        Output: { rule: 'default' },
        Default: 'B',
      },
      B: pass({ Output: '{% [$rule, $states.input] %}' }),
    }),
    input: { x: 3 },
    history: 'ExecutionStarted Choice> Choice< Pass> Pass< ExecutionSucceeded',
    outcome: { status: 'SUCCEEDED', output: [1, 'ruled'] },
  },
  {
    name: 'a Choice without a match takes its Default, with its own Assign and Output',
    definition: machineOf({
      A: {
        Type: 'Choice',
        Choices: [{ Condition: '{% false %}', Output: 'no', Next: 'B' }],
        Default: 'B',
        Assign: { rule: 'none' },
      },
      B: pass({ Output: '{% [$rule, $states.input] %}' }),
    }),
    input: 7,
    history: 'ExecutionStarted Choice> Choice< Pass> Pass< ExecutionSucceeded',
    outcome: { status: 'SUCCEEDED', output: ['none', 7] },
  },
  {
    name: 'a Choice without a match and without Default fails',
    definition: machineOf({
      A: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'B' }] },
      B: { Type: 'Succeed' },
    }),
    history: 'ExecutionStarted Choice> ExecutionFailed',
    outcome: { status: 'FAILED', error: 'States.NoChoiceMatched' },
  },
  {
    name: 'a Condition that is neither true nor false fails',
    definition: machineOf({
      A: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'B' }] },
      B: { Type: 'Succeed' },
    }),
    history: 'ExecutionStarted Choice> EvaluationFailed ExecutionFailed',
    outcome: { status: 'FAILED', error: 'States.QueryEvaluationError' },
  },
  {
    name: 'an expression without a value fails its state',
    definition: machineOf({ A: pass({ Output: { deep: ['{% $states.input.missing %}'] } }) }),
    history: 'ExecutionStarted Pass> EvaluationFailed ExecutionFailed',
    outcome: {
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining('$states.input.missing'),
    },
  },
  {
    name: 'a Fail ends the execution with its error',
    definition: machineOf({ A: { Type: 'Fail', Error: '{% $states.input.e %}', Cause: 'why' } }),
    input: { e: 'Broken' },
    history: 'ExecutionStarted Fail> ExecutionFailed',
    outcome: { status: 'FAILED', error: 'Broken', cause: 'why' },
  },
  {
    name: 'a Succeed ends the execution with its Output',
    definition: machineOf({ A: { Type: 'Succeed', Output: '{% $states.input + 1 %}' } }),
    input: 1,
    history: 'ExecutionStarted Succeed> Succeed< ExecutionSucceeded',
    outcome: { status: 'SUCCEEDED', output: 2 },
  },
  {
    name: 'a Wait ends at its time',
    definition: machineOf({
      A: { Type: 'Wait', Seconds: '{% $states.input %}', Next: 'B' },
      B: { Type: 'Wait', Timestamp: '2026-01-05T10:00:00Z', Next: 'C' },
      C: pass({ Output: '{% $now() %}' }),
    }),
    input: 30,
    history: 'ExecutionStarted Wait> Wait< Wait> Wait< Pass> Pass< ExecutionSucceeded',
    outcome: { status: 'SUCCEEDED', output: '2026-01-05T10:00:00.000Z' },
  },
  {
    name: 'a Wait of no number fails',
    definition: machineOf({ A: { Type: 'Wait', Seconds: '{% "5" %}', End: true } }),
    history: 'ExecutionStarted Wait> EvaluationFailed ExecutionFailed',
    outcome: { status: 'FAILED', error: 'States.QueryEvaluationError' },
  },
  {
    name: 'a task of a function gives its answer',
    definition: machineOf({
      A: task({ Arguments: { x: '{% $states.input %}' }, Assign: { got: '{% $states.result %}' }, Next: 'B' }),
      B: pass({ Output: '{% $got %}' }),
    }),
    input: 1,
    answer: () => ({ value: 'answer' }),
    history:
      'ExecutionStarted Task> LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionSucceeded Task< Pass> Pass< ExecutionSucceeded',
    outcome: { status: 'SUCCEEDED', output: 'answer' },
  },
  {
    name: 'a failed task goes on at its catcher with the error as output',
    definition: machineOf({
      A: task({
        Catch: [
          { ErrorEquals: ['Other'], Next: 'B' },
          { ErrorEquals: ['States.ALL'], Assign: { what: '{% $states.errorOutput.Cause %}' }, Next: 'B' },
        ],
      }),
      B: pass({ Output: '{% [$states.input.Error, $what] %}' }),
    }),
    answer: () => failure('Odd'),
    history:
      'ExecutionStarted Task> LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionFailed Task< Pass> Pass< ExecutionSucceeded',
    outcome: { status: 'SUCCEEDED', output: ['Odd', 'Odd happened'] },
  },
  {
    name: 'an evaluation that fails in a task is caught like its errors',
    definition: machineOf({
      A: task({
        Output: '{% $states.result.missing %}',
        Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'B' }],
      }),
      B: pass({ Output: { done: 'caught' } }),
    }),
    history:
      'ExecutionStarted Task> LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionSucceeded EvaluationFailed Task< Pass> Pass< ExecutionSucceeded',
    outcome: { status: 'SUCCEEDED', output: { done: 'caught' } },
  },
  {
    name: 'an evaluation that fails in a catcher is not caught by it again',
    definition: machineOf({
      A: task({ Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.result %}', Next: 'B' }] }),
      B: { Type: 'Succeed' },
    }),
    answer: () => failure('Odd'),
    history:
      'ExecutionStarted Task> LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionFailed EvaluationFailed ExecutionFailed',
    outcome: { status: 'FAILED', error: 'States.QueryEvaluationError' },
  },
  {
    name: 'a Parallel joins its branches in order',
    definition: machineOf({
      A: {
        Type: 'Parallel',
        Arguments: { n: '{% $states.input %}' },
        Branches: [
          {
            StartAt: 'B1',
            States: { B1: { Type: 'Wait', Seconds: 5, Next: 'B2' }, B2: pass({ Output: '{% $states.input.n %}' }) },
          },
          { StartAt: 'B3', States: { B3: pass({ Output: '{% "second" %}' }) } },
        ],
        Output: '{% $states.result %}',
        End: true,
      },
    }),
    input: 1,
    history:
      'ExecutionStarted Parallel> ParallelStateStarted Wait> Pass> Pass< Wait< Pass> Pass< ParallelStateSucceeded Parallel< ExecutionSucceeded',
    outcome: { status: 'SUCCEEDED', output: [1, 'second'] },
  },
  {
    name: 'a Parallel fails with the error of its first branch that fails, and stops the others',
    definition: machineOf({
      A: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'B1', States: { B1: { Type: 'Wait', Seconds: 50, End: true } } },
          { StartAt: 'B2', States: { B2: { Type: 'Fail', Error: 'Broken', Cause: 'here' } } },
        ],
        Catch: [{ ErrorEquals: ['Broken'], Next: 'C' }],
        End: true,
      },
      C: pass(),
    }),
    history:
      'ExecutionStarted Parallel> ParallelStateStarted Wait> Fail> WaitStateAborted ParallelStateFailed Parallel< Pass> Pass< ExecutionSucceeded',
    outcome: { status: 'SUCCEEDED', output: { Error: 'Broken', Cause: 'here' } },
  },
  {
    name: 'inner workflows read outer variables, and theirs end with them',
    definition: machineOf({
      A: pass({ Assign: { factor: 10 }, Next: 'B' }),
      B: {
        Type: 'Map',
        Items: '{% [1..3] %}',
        ItemSelector: {
          i: '{% $states.context.Map.Item.Index %}',
          v: '{% $states.context.Map.Item.Value * $factor %}',
        },
        ItemProcessor: {
          StartAt: 'B1',
          States: {
            B1: pass({ Assign: { mine: '{% $states.input.v %}' }, Next: 'B2' }),
            B2: pass({ Output: '{% $mine + $factor + $states.context.Map.Item.Index %}' }),
          },
        },
        Next: 'C',
      },
      C: pass({ Output: '{% [$states.input, $exists($mine)] %}' }),
    }),
    history:
      'ExecutionStarted Pass> Pass< Map> MapStateStarted MapIterationStarted MapIterationStarted MapIterationStarted ' +
      'Pass> Pass< Pass> Pass< Pass> Pass< Pass> Pass< MapIterationSucceeded Pass> Pass< MapIterationSucceeded ' +
      'Pass> Pass< MapIterationSucceeded MapStateSucceeded Map< Pass> Pass< ExecutionSucceeded',
    outcome: { status: 'SUCCEEDED', output: [20, 31, 42, false] },
  },
  {
    name: 'a Map over nothing is done at once',
    definition: machineOf({
      A: { Type: 'Map', ItemProcessor: { StartAt: 'B', States: { B: pass() } }, End: true },
    }),
    input: [],
    history: 'ExecutionStarted Map> MapStateStarted MapStateSucceeded Map< ExecutionSucceeded',
    outcome: { status: 'SUCCEEDED', output: [] },
  },
  {
    name: 'a Map over something else than an array fails',
    definition: machineOf({
      A: { Type: 'Map', ItemProcessor: { StartAt: 'B', States: { B: pass() } }, End: true },
    }),
    history: 'ExecutionStarted Map> EvaluationFailed ExecutionFailed',
    outcome: { status: 'FAILED', error: 'States.QueryEvaluationError' },
  },
  {
    name: 'an execution ends at its own time-out',
    definition: machineOf({ A: { Type: 'Wait', Seconds: 60, End: true } }, { TimeoutSeconds: 30 }),
    history: 'ExecutionStarted Wait> ExecutionTimedOut',
    outcome: { status: 'TIMED_OUT' },
  },
];

describe('histories', () => {
  test.each(cases)('$name', async ({ definition, history, outcome, ...script }) => {
    const played = await play(definition, script);
    const types = played.events.map(({ type }) => type.replace(/StateEntered$/, '>').replace(/StateExited$/, '<'));
    expect(types.join(' ')).toBe(history);
    expect(played.outcome).toMatchObject(outcome);
  });

  test.each(cases)('$name: the independent validator takes the definition', ({ definition }) => {
    const { isValid, errorsText } = aslValidator(JSON.parse(JSON.stringify(definition)));
    expect(isValid ? '' : errorsText('\n')).toBe('');
  });

  test('ids count from one, and each event follows an earlier one', async () => {
    for (const { definition, history: _, outcome: __, ...script } of cases) {
      const { events } = await play(definition, script);
      expect(events.map(({ id }) => id)).toEqual(events.map((_event, index) => index + 1));
      for (const { id, previousEventId } of events) expect(previousEventId).toBeLessThan(id);
    }
  });
});

describe('Map', () => {
  const map = (concurrency: number | undefined): object =>
    machineOf({
      Each: {
        Type: 'Map',
        ...(concurrency === undefined ? {} : { MaxConcurrency: concurrency }),
        ItemProcessor: { StartAt: 'Call', States: { Call: task() } },
        End: true,
      },
    });

  test('gives results in the order of its items, whatever the order in which they end', async () => {
    const durations = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(durations, fc.integer({ min: 0, max: 5 }), async (items, concurrency) => {
        const { outcome } = await play(map(concurrency), {
          input: items.map((ms, index) => ({ ms, index })),
          answer: ({ arguments: given }) => {
            const { ms, index } = given as { ms: number; index: number };
            return { value: index, afterMs: ms };
          },
        });
        expect(outcome).toEqual({ status: 'SUCCEEDED', output: items.map((_, index) => index) });
      }),
      { numRuns: 60 },
    );
  });

  test('never runs more iterations at once than it may, and starts the next as one ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 }), async (concurrency, count) => {
        const { calls } = await play(map(concurrency), {
          input: Array.from({ length: count }, (_, index) => index),
          answer: () => ({ value: null, afterMs: 10 }),
        });
        expect(calls.map(({ at }) => at)).toEqual(
          Array.from({ length: count }, (_, index) => Math.floor(index / concurrency) * 10),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('runs 40 at once when nothing is said', async () => {
    const input = Array.from({ length: 41 }, (_, index) => index);
    const { calls } = await play(map(undefined), { input, answer: () => ({ value: null, afterMs: 10 }) });
    expect(calls.filter(({ at }) => at === 0)).toHaveLength(40);
  });

  test('starts nothing more after an iteration failed, and tries as a whole again', async () => {
    const definition = {
      ...(map(1) as { States: { Each: object } }),
    };
    const { Each } = definition.States;
    const retried = { ...definition, States: { Each: { ...Each, Retry: [{ ErrorEquals: ['Odd'], MaxAttempts: 1 }] } } };
    const { calls, outcome } = await play(retried, {
      input: ['a', 'b', 'c'],
      answer: ({ arguments: given }, nth) => (given === 'b' && nth === 2 ? failure('Odd') : { value: given }),
    });
    expect(calls.map((call) => call.arguments)).toEqual(['a', 'b', 'a', 'b', 'c']);
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: ['a', 'b', 'c'] });
  });

  test('inside a Map sees the items of the inner one', async () => {
    const { outcome } = await play(
      machineOf({
        Outer: {
          Type: 'Map',
          ItemProcessor: {
            StartAt: 'Inner',
            States: {
              Inner: {
                Type: 'Map',
                ItemProcessor: {
                  StartAt: 'Show',
                  States: {
                    Show: pass({
                      Output: '{% $states.context.Map.Item.Value * 10 + $states.context.Map.Item.Index %}',
                    }),
                  },
                },
                End: true,
              },
            },
          },
          End: true,
        },
      }),
      { input: [[1, 2], [], [3]] },
    );
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: [[10, 21], [], [30]] });
  });
});

describe('a process that wakes up late', () => {
  const states = { A: { Type: 'Wait', Seconds: 20, End: true } };

  test('still does what was due before the time-out of the execution', async () => {
    const { outcome } = await play(machineOf(states, { TimeoutSeconds: 30 }), { lateMs: 60_000 });
    expect(outcome?.status).toBe('SUCCEEDED');
  });

  test('does nothing more that was due after it', async () => {
    const { outcome } = await play(machineOf(states, { TimeoutSeconds: 10 }), { lateMs: 60_000 });
    expect(outcome?.status).toBe('TIMED_OUT');
  });
});

test('an execution without end is ended when its history is full', async () => {
  const { outcome, events } = await play(
    machineOf({ A: pass({ Next: 'B' }), B: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'A' }] } }),
  );
  expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  expect(events.length).toBeLessThanOrEqual(25_000);
});
