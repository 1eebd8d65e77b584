import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../stepfunctions/testing/gateway.ts';
import { assumeRoleForService, functionArn } from '../stepfunctions/testing/world.ts';
import type { ScheduleSpec } from './schedule.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { type FakeClock, fakeClock } from './testing/fake-clock.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-01-05T09:00:00Z');

let dir: string;
let gateway: TestGateway;
let clock: FakeClock;
let scheduler: Scheduler;
const reported: unknown[] = [];

const hourly: ScheduleSpec = {
  name: 'hourly',
  arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/hourly',
  kind: 'schedule',
  expression: 'rate(1 hour)',
  enabled: true,
  functionArn: functionArn('sweep'),
  roleArn: 'arn:aws:iam::000000000000:role/clock',
};
const rule: ScheduleSpec = {
  name: 'daily',
  arn: 'arn:aws:events:us-east-1:000000000000:rule/daily',
  kind: 'rule',
  expression: 'cron(0 10 * * ? *)',
  enabled: true,
  functionArn: functionArn('sweep'),
};
const invoked: { readonly functionArn: string; readonly payload: unknown }[] = [];

function open(schedules: readonly ScheduleSpec[]): Scheduler {
  return createScheduler({
    dir,
    now: clock.now,
    setTimer: clock.setTimer,
    endpoint: () => gateway.url,
    assumeRoleForService,
    invoke: async (arn, payload) => invoked.push({ functionArn: arn, payload }),
    schedules,
    report: (error) => reported.push(error),
  });
}

/** Moves the clock and waits until the schedule has a time after it, which it gets once its run is over. */
async function advanceTo(time: number): Promise<void> {
  clock.advanceTo(time);
  await clock.armed(time + 1);
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'scheduler-'));
  gateway = await startGateway();
  gateway.functions.set('sweep', () => null);
  clock = fakeClock(START);
  reported.length = 0;
  invoked.length = 0;
});
afterEach(async () => {
  await scheduler.close();
  await gateway.close();
  rmSync(dir, { recursive: true });
});

describe('schedules', () => {
  test('call their function with their own role, once per period', async () => {
    scheduler = open([{ ...hourly, input: '{"job":"<aws.scheduler.schedule-arn>"}' }]);
    scheduler.start();
    await advanceTo(START + HOUR);
    await advanceTo(START + 2 * HOUR);
    const call = { target: 'sweep', body: { job: hourly.arn }, keyId: 'clock.scheduler.amazonaws.com.hourly' };
    expect(gateway.calls).toEqual([call, call]);
    expect(scheduler.list()).toMatchObject([
      { name: 'hourly', nextRunAt: START + 3 * HOUR, lastRun: { startedAt: START + 2 * HOUR, outcome: 'called' } },
    ]);
  });

  test('that were missed during a sleep are made up for by one run, and keep their rhythm', async () => {
    scheduler = open([hourly]);
    scheduler.start();
    clock.advanceTo(START + HOUR - 1);
    await scheduler.close();
    clock.advanceTo(START + 9.5 * HOUR);
    scheduler = open([hourly]);
    scheduler.start();
    await advanceTo(START + 9.5 * HOUR);
    expect(gateway.calls).toHaveLength(1);
    expect(scheduler.list()[0]?.nextRunAt).toBe(START + 10 * HOUR);
  });

  test('that are switched off do not run, nor are made up for when switched on', async () => {
    scheduler = open([{ ...hourly, enabled: false }]);
    scheduler.start();
    clock.advanceTo(START + 5 * HOUR);
    expect(clock.nextDue()).toBeUndefined();
    scheduler.declare([hourly]);
    expect(scheduler.list()[0]?.nextRunAt).toBe(START + 6 * HOUR);
    expect(gateway.calls).toEqual([]);
  });

  test('are tried again as often as they say, then told of', async () => {
    let left = 3;
    gateway.functions.delete('sweep');
    scheduler = open([{ ...hourly, retriesMax: 2 }]);
    scheduler.start();
    clock.advanceTo(START + HOUR);
    while (--left > 0) {
      await clock.armed(clock.now() + 1);
      clock.advanceTo(clock.nextDue() ?? Number.NaN);
    }
    await clock.armed(START + 2 * HOUR);
    await setImmediate();
    expect(gateway.calls).toHaveLength(3);
    expect(reported).toHaveLength(1);
    expect(scheduler.list()[0]?.lastRun).toMatchObject({ outcome: 'failed', error: expect.stringContaining('sweep') });
  });

  test('run now without a change of their times', async () => {
    scheduler = open([hourly]);
    await scheduler.runNow('hourly');
    expect(gateway.calls).toHaveLength(1);
    expect(scheduler.list()[0]?.nextRunAt).toBe(START + HOUR);
    await expect(scheduler.runNow('unknown')).rejects.toThrow('unknown');
  });

  test('of another expression begin anew', async () => {
    scheduler = open([hourly]);
    clock.advanceTo(START + 0.5 * HOUR);
    scheduler.declare([{ ...hourly, expression: 'rate(2 hours)' }]);
    expect(scheduler.list()[0]?.nextRunAt).toBe(START + 2.5 * HOUR);
  });

  test('that AWS would refuse are refused, and leave the others as they were', () => {
    scheduler = open([hourly]);
    expect(() => scheduler.declare([{ ...hourly, expression: 'every hour' }])).toThrow(RangeError);
    expect(scheduler.list()).toHaveLength(1);
  });
});

test('a rule calls as EventBridge with the event that tells of the run', async () => {
  scheduler = open([rule]);
  scheduler.start();
  await advanceTo(START + HOUR);
  expect(invoked).toEqual([
    {
      functionArn: rule.functionArn,
      payload: {
        version: '0',
        id: expect.any(String),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '000000000000',
        time: '2026-01-05T10:00:00Z',
        region: 'us-east-1',
        resources: [rule.arn],
        detail: {},
      },
    },
  ]);
  expect(gateway.calls).toEqual([]);
});
