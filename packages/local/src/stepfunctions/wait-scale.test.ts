import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { machineOf } from './testing/play.ts';
import { openWorld } from './testing/world.ts';

test('an engine whose waits are shortened waits that much less, for a while, until a time and before a retry', async () => {
  const world = await openWorld({ waitScale: 1e-5 });
  const hour = { IntervalSeconds: 3600, MaxAttempts: 1, ErrorEquals: ['States.ALL'] };
  const machine = world.machine(
    machineOf({
      Wait: { Type: 'Wait', Seconds: 3600, Next: 'Until' },
      Until: { Type: 'Wait', Timestamp: new Date(Date.now() + 3_600_000).toISOString(), Next: 'Fails' },
      Fails: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: 'nobody' },
        Retry: [hour],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }],
        Next: 'Done',
      },
      Done: { Type: 'Succeed' },
    }),
  );
  const began = performance.now();
  const { executionArn = '' } = await world.client.send(new StartExecutionCommand({ stateMachineArn: machine }));
  expect(await world.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
  const events = await world.history(executionArn);
  expect(events.filter(({ type }) => type === 'TaskFailed')).toHaveLength(2);
  // Three hours, shortened.
  expect(performance.now() - began).toBeGreaterThan(100);
  expect(performance.now() - began).toBeLessThan(20_000);
  await world.close();
});
