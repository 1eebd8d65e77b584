import type { TemporaryCredentials } from '../../aws/engine.ts';
import type { RunResult } from '../runner.ts';
import type { JsonCall } from '../signed-call.ts';
import type { EventSourceMapping } from './mapping.ts';
import type { MappingStore } from './mapping-store.ts';

/** Reads one event source for one mapping until it is stopped. */
export interface Poller {
  /** Looks at the source now instead of at the next interval. */
  wake(): void;
  /** Stops after the step that is running. */
  stop(): Promise<void>;
}

/** What every poller works with. */
export interface PollerContext {
  readonly mapping: EventSourceMapping;
  readonly store: MappingStore;
  readonly call: JsonCall;
  readonly endpoint: () => string;
  readonly region: string;
  readonly functionArn: string;
  readonly now: () => number;
  readonly timing: PollerTiming;
  /** Of the function's own role: a mapping reads what its function may read. */
  credentials(): Promise<TemporaryCredentials>;
  /** Runs the function with the event. */
  invoke(event: object): Promise<RunResult>;
}

/** In milliseconds. */
export interface PollerTiming {
  /** Between looks at a source that had nothing, unless woken. */
  readonly idleMs: number;
  /** The first wait before a failed batch is tried again; it doubles up to a hundredfold. */
  readonly retryMs: number;
}

export const defaultPollerTiming: PollerTiming = { idleMs: 1000, retryMs: 200 };

/** Waits, at most until the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

/**
 * Runs `step` again and again: at once while it says that there was something, else after the idle time or a wake, and
 * after a problem with growing waits, so that a source that cannot be read is not hammered.
 */
export function startPoller(
  context: Pick<PollerContext, 'mapping' | 'store' | 'timing'>,
  step: (signal: AbortSignal) => Promise<boolean>,
): Poller {
  const { mapping, store, timing } = context;
  const stopping = new AbortController();
  let woken = false;
  let nudge = new AbortController();

  async function idle(): Promise<void> {
    if (!woken) await pause(timing.idleMs, AbortSignal.any([nudge.signal, stopping.signal]));
    nudge = new AbortController();
  }

  async function loop(): Promise<void> {
    let problems = 0;
    while (!stopping.signal.aborted) {
      woken = false;
      try {
        const busy = await step(stopping.signal);
        problems = 0;
        if (!busy) await idle();
      } catch (error) {
        if (stopping.signal.aborted) return;
        store.setResult(mapping.uuid, `PROBLEM: ${error instanceof Error ? error.message : String(error)}`);
        problems += 1;
        await pause(Math.min(timing.idleMs * 2 ** problems, 15_000), stopping.signal);
      }
    }
  }

  const ended = loop();
  return {
    wake() {
      woken = true;
      nudge.abort();
    },
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/**
 * The identifiers that a function reported as failed.
 * @returns undefined when the whole batch failed: the answer is not in the shape, or names nothing of the batch.
 */
export function reportedFailures(payload: string, identifiers: readonly string[]): ReadonlySet<string> | undefined {
  const answer: unknown = JSON.parse(payload);
  if (answer === null || answer === '') return new Set();
  if (typeof answer !== 'object') return undefined;
  const failures: unknown = 'batchItemFailures' in answer ? answer.batchItemFailures : undefined;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return undefined;
  const failed = new Set<string>();
  for (const failure of failures) {
    const id: unknown = typeof failure === 'object' && failure !== null ? failure.itemIdentifier : undefined;
    if (typeof id !== 'string' || !identifiers.includes(id)) return undefined;
    failed.add(id);
  }
  return failed;
}

/** `arn:aws:sqs:us-east-1:000000000000:name` → `<endpoint>/000000000000/name` */
export function queueUrl(queueArn: string, endpoint: string): string {
  const [, , , , account = '', name = ''] = queueArn.split(':');
  return `${endpoint.replace(/\/$/, '')}/${account}/${name}`;
}
