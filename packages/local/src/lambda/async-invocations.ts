import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../aws/engine.ts';
import type { LogSink } from '../logs/log-line.ts';
import type { FunctionRunner } from './runner.ts';

export interface AsyncInvocations {
  /** Begins to run what is queued. */
  start(): void;
  /** Takes an event that will be run at least once, also across a kill of this process. @returns its request id. */
  enqueue(functionName: string, payload: string): string;
  /** Waits until nothing is running any more; what is queued stays queued. */
  close(): Promise<void>;
}

interface QueuedEvent {
  readonly requestId: string;
  readonly functionName: string;
  readonly payload: string;
  readonly attempts: number;
}

const RUNNING_MAX = 8;
const THROTTLED_DELAY_MS = 1000;

/**
 * The queue behind asynchronous invocations. An event leaves it when the function succeeded or failed three times.
 * @param options.retryDelaysMs waits before the second and third attempt; Lambda itself waits one and two minutes
 */
export function createAsyncInvocations(options: {
  readonly db: DatabaseSync;
  readonly runner: FunctionRunner;
  readonly log: LogSink;
  readonly now: () => number;
  readonly retryDelaysMs: readonly number[];
}): AsyncInvocations {
  const { db, runner, log, now, retryDelaysMs } = options;
  db.exec(`CREATE TABLE IF NOT EXISTS async_event (request_id TEXT PRIMARY KEY, function TEXT NOT NULL,
    payload TEXT NOT NULL, attempts INTEGER NOT NULL, due_at INTEGER NOT NULL, queued_at INTEGER NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS async_event_by_due ON async_event (due_at);`);
  const insert = db.prepare('INSERT INTO async_event VALUES (?, ?, ?, 0, ?, ?)');
  const selectDue = db.prepare('SELECT * FROM async_event WHERE due_at <= ? ORDER BY due_at, queued_at LIMIT ?');
  const selectNext = db.prepare('SELECT due_at FROM async_event WHERE due_at > ? ORDER BY due_at LIMIT 1');
  const postpone = db.prepare('UPDATE async_event SET attempts = ?, due_at = ? WHERE request_id = ?');
  const remove = db.prepare('DELETE FROM async_event WHERE request_id = ?');
  const running = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let started = false;
  let closed = false;

  async function attempt(event: QueuedEvent): Promise<void> {
    const { requestId, functionName, payload } = event;
    const attempts = event.attempts + 1;
    let problem: string | undefined;
    try {
      const result = await runner.run(runner.find(functionName), payload, requestId);
      if (result.functionError === undefined) remove.run(requestId);
      else problem = result.payload;
    } catch (error) {
      if (error instanceof AwsError && error.code === 'TooManyRequestsException') {
        if (!closed) postpone.run(event.attempts, now() + THROTTLED_DELAY_MS, requestId);
        return;
      }
      problem = error instanceof Error ? error.message : String(error);
    }
    // A function cut short by the shutdown did not fail: its event runs again after the restart.
    if (problem === undefined || closed) return;
    const delay = retryDelaysMs[attempts - 1];
    if (delay !== undefined) postpone.run(attempts, now() + delay, requestId);
    else {
      remove.run(requestId);
      const text = `Event dropped after ${attempts} attempts: ${problem}`;
      log({ function: functionName, requestId, level: 'ERROR', text });
    }
  }

  function pump(): void {
    clearTimeout(timer);
    if (closed || !started) return;
    for (const row of selectDue.all(now(), RUNNING_MAX * 2)) {
      if (running.size >= RUNNING_MAX) return;
      const requestId = String(row.request_id);
      if (running.has(requestId)) continue;
      const event = {
        requestId,
        functionName: String(row.function),
        payload: String(row.payload),
        attempts: Number(row.attempts),
      };
      const done = attempt(event).finally(() => {
        running.delete(requestId);
        pump();
      });
      running.set(requestId, done);
    }
    const next = selectNext.get(now());
    if (next !== undefined) timer = setTimeout(pump, Math.max(10, Number(next.due_at) - now())).unref();
  }

  return {
    start() {
      started = true;
      pump();
    },
    enqueue(functionName, payload) {
      const requestId = randomUUID();
      insert.run(requestId, functionName, payload, now(), now());
      setImmediate(pump);
      return requestId;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}
