import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TimelineEntry } from './inspect.ts';
import { FunctionFailure } from './testing/gateway.ts';
import { machineOf } from './testing/play.ts';
import { functionArn, openWorld, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  // Retries come at once.
  world = await openWorld({ random: () => 0 });
});
afterAll(() => world.close());

const task = (name: string, more: object = {}): object => ({
  Type: 'Task',
  Resource: functionArn(name),
  ...('Next' in more ? {} : { End: true }),
  ...more,
});
const pass = { Type: 'Pass', End: true };

async function timelineOf(definition: object, input: unknown = {}): Promise<readonly TimelineEntry[]> {
  const stateMachineArn = world.machine(definition);
  const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
  const { executionArn = '' } = await world.client.send(command);
  await world.ended(executionArn);
  return world.engine.execution(executionArn)?.timeline ?? [];
}

const brief = (entries: readonly TimelineEntry[]) =>
  entries.map(({ state, outcome, attempts, iterations, error }) =>
    [...iterations.map(({ map, index }) => `${map}[${index}]`), state, outcome, attempts, error]
      .filter((part) => part !== undefined)
      .join(' '),
  );

test('a timeline tells each state’s outcome, attempts and error', async () => {
  let calls = 0;
  world.gateway.functions.set('flaky', () => {
    calls += 1;
    if (calls < 3) throw new FunctionFailure('Flaky');
    return calls;
  });
  world.gateway.functions.set('broken', () => {
    throw new FunctionFailure('Broken');
  });
  const retry = { ErrorEquals: ['Flaky'], JitterStrategy: 'FULL' };
  const timeline = await timelineOf(
    machineOf({
      Flaky: task('flaky', { Retry: [retry], Next: 'Caught' }),
      Caught: task('broken', { Catch: [{ ErrorEquals: ['Broken'], Next: 'Fails' }], Next: 'Fails' }),
      Fails: task('broken'),
    }),
  );
  expect(brief(timeline)).toEqual(['Flaky succeeded 3 Flaky', 'Caught caught 1 Broken', 'Fails failed 1 Broken']);
  for (const { startedAt, endedAt } of timeline) expect(endedAt).toBeGreaterThanOrEqual(startedAt);
});

test('a timeline tells which iteration of which Map a state was in', async () => {
  const inner = { Type: 'Map', ItemProcessor: { StartAt: 'P', States: { P: pass } }, End: true };
  const timeline = await timelineOf(
    machineOf({
      Outer: { Type: 'Map', ItemProcessor: { StartAt: 'Inner', States: { Inner: inner } }, Next: 'After' },
      After: pass,
    }),
    [[1], [2, 3]],
  );
  expect(brief(timeline).toSorted()).toEqual(
    [
      'After succeeded 1',
      'Outer succeeded 1',
      'Outer[0] Inner succeeded 1',
      'Outer[0] Inner[0] P succeeded 1',
      'Outer[1] Inner succeeded 1',
      'Outer[1] Inner[0] P succeeded 1',
      'Outer[1] Inner[1] P succeeded 1',
    ].toSorted(),
  );
});

test('a timeline tells which branch failed and which was stopped', async () => {
  const timeline = await timelineOf(
    machineOf({
      Both: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Waits', States: { Waits: { Type: 'Wait', Seconds: 99, End: true } } },
          { StartAt: 'Fails', States: { Fails: { Type: 'Fail', Error: 'E' } } },
        ],
        Catch: [{ ErrorEquals: ['E'], Next: 'After' }],
        End: true,
      },
      After: pass,
    }),
  );
  expect(brief(timeline)).toEqual(['Both caught 1', 'Waits aborted 1', 'Fails failed 1', 'After succeeded 1']);
});

test('executions are listed the newest first, with their ends', async () => {
  await timelineOf(machineOf({ A: { Type: 'Fail', Error: 'Last', Cause: 'why' } }));
  const [newest, ...rest] = world.engine.executions(2);
  expect(newest).toMatchObject({ status: 'FAILED', error: 'Last', cause: 'why', stoppedAt: expect.any(Number) });
  expect(rest).toHaveLength(1);
});
