/**
 * EventBridge Scheduler, and rules of EventBridge that run by the clock. How far each schedule is lies in
 * `scheduler.db`; of all the runs that were missed while the laptop slept or nothing ran, only one is made up for.
 */

import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AssumeRoleForService } from '../aws/engine.ts';
import { LOCAL_REGION } from '../aws/engine.ts';
import { parseExpression, parseRuleExpression, type Timing } from './expression.ts';
import { createFunctionCall } from './function-call.ts';
import { runEvent } from './run-event.ts';
import type { ScheduleSpec, ScheduleView } from './schedule.ts';
import { openScheduleStore, type Progress } from './schedule-store.ts';
import { clockTimers, type SetTimer } from './timer.ts';

/** The wait before the first retry; each further one is twice as long. */
const RETRY_MS = 1000;
const RETRY_MS_MAX = 60_000;

export interface SchedulerOptions {
  readonly dir: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly setTimer?: SetTimer;
  readonly region?: string;
  readonly endpoint: () => string;
  readonly assumeRoleForService: AssumeRoleForService;
  /** Calls a function as EventBridge, which rules do. */
  readonly invoke: (functionArn: string, payload: unknown) => Promise<unknown>;
  readonly schedules: readonly ScheduleSpec[];
  /** Told of runs that failed for good. */
  readonly report?: (error: unknown) => void;
}

export interface Scheduler {
  /** Begins to run what is due; called once functions can be. */
  start(): void;
  /** Makes the schedules exactly these. @throws {RangeError} for an expression that AWS would refuse. */
  declare(schedules: readonly ScheduleSpec[]): void;
  /** Runs a schedule now, beside its times. @throws when it is unknown or its function was not called. */
  runNow(name: string): Promise<void>;
  list(): readonly ScheduleView[];
  close(): Promise<void>;
}

interface Entry {
  readonly schedule: ScheduleSpec;
  readonly timing: Timing;
  callOff: (() => void) | undefined;
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { dir, now = Date.now, region = LOCAL_REGION, report = console.error } = options;
  const setTimer = options.setTimer ?? clockTimers(now);
  mkdirSync(dir, { recursive: true });
  const db = new DatabaseSync(join(dir, 'scheduler.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  const store = openScheduleStore(db);
  const functions = createFunctionCall({ ...options, region });
  const entries = new Map<string, Entry>();
  const pending = new Set<Promise<void>>();
  const pauses = new Set<() => void>();
  let started = false;
  let closed = false;

  const progressOf = ({ schedule, timing }: Entry): Progress => {
    const key = [schedule.expression, schedule.timezone ?? 'UTC', schedule.enabled ? 'on' : 'off'].join(' ');
    const kept = store.find(schedule.name);
    if (kept?.timing === key) return kept;
    const anchor = now();
    return withDue({ name: schedule.name, timing: key, anchor }, timing.next(anchor, anchor));
  };

  const arm = (entry: Entry): void => {
    entry.callOff?.();
    entry.callOff = undefined;
    const { dueAt } = progressOf(entry);
    if (!started || closed || !entry.schedule.enabled || dueAt === undefined) return;
    entry.callOff = setTimer(dueAt, () => track(runDue(entry, dueAt)));
  };

  const track = (work: Promise<void>): void => {
    const tracked = work.catch(report).finally(() => pending.delete(tracked));
    pending.add(tracked);
  };

  /** The next time is stored after the call, so that a run is made up for rather than lost when the process dies. */
  const runDue = async (entry: Entry, scheduledAt: number): Promise<void> => {
    try {
      await run(entry.schedule, scheduledAt);
    } finally {
      if (!closed && entries.get(entry.schedule.name) === entry) {
        const progress = progressOf(entry);
        store.put(withDue(progress, entry.timing.next(now(), progress.anchor)));
        arm(entry);
      }
    }
  };

  const run = async (schedule: ScheduleSpec, scheduledAt: number): Promise<void> => {
    const id = randomUUID();
    const startedAt = now();
    const { retriesMax = 0 } = schedule;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await functions.call(schedule, runEvent({ schedule, scheduledAt, id, attempt }));
        record(schedule, { startedAt, outcome: 'called' });
        return;
      } catch (error) {
        if (attempt > retriesMax || closed) {
          record(schedule, {
            startedAt,
            outcome: 'failed',
            error: error instanceof Error ? error.message : String(error),
          });
          throw error;
        }
      }
      await pause(Math.min(RETRY_MS * 2 ** (attempt - 1), RETRY_MS_MAX));
    }
  };

  /** Ends early when the scheduler closes. */
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        callOff();
        pauses.delete(wake);
        resolve();
      };
      const callOff = setTimer(now() + ms, wake);
      pauses.add(wake);
    });

  const record = ({ name }: ScheduleSpec, lastRun: NonNullable<Progress['lastRun']>): void => {
    const entry = entries.get(name);
    if (entry !== undefined && !closed) store.put({ ...progressOf(entry), lastRun });
  };

  const scheduler: Scheduler = {
    start() {
      started = true;
      for (const entry of entries.values()) arm(entry);
    },
    declare(schedules) {
      const next = schedules.map((schedule): Entry => {
        const { expression, timezone, kind } = schedule;
        const timing = kind === 'rule' ? parseRuleExpression(expression) : parseExpression(expression, timezone);
        return { schedule, timing, callOff: undefined };
      });
      for (const { callOff } of entries.values()) callOff?.();
      entries.clear();
      for (const entry of next) {
        entries.set(entry.schedule.name, entry);
        store.put(progressOf(entry));
        arm(entry);
      }
      store.keep([...entries.keys()]);
    },
    async runNow(name) {
      const entry = entries.get(name);
      if (entry === undefined) throw new RangeError(`There is no schedule ${name}`);
      await run(entry.schedule, now());
    },
    list: () =>
      [...entries.values()].map((entry): ScheduleView => {
        const { dueAt, lastRun } = progressOf(entry);
        return {
          ...entry.schedule,
          ...(dueAt === undefined || !entry.schedule.enabled ? {} : { nextRunAt: dueAt }),
          ...(lastRun === undefined ? {} : { lastRun }),
        };
      }),
    async close() {
      closed = true;
      for (const { callOff } of entries.values()) callOff?.();
      for (const wake of pauses) wake();
      await Promise.all(pending);
      functions.close();
      db.close();
    },
  };
  scheduler.declare(options.schedules);
  return scheduler;
}

function withDue({ dueAt: _, ...progress }: Progress, dueAt: number | undefined): Progress {
  return dueAt === undefined ? progress : { ...progress, dueAt };
}
