import type { Post } from './api.ts';
import { TenantryError } from './error.ts';
import type { Queue, QueuedEvent } from './queue.ts';

/** As many events as the API takes at once. */
const BATCH_MAX = 100;
/** What a browser lets a page send while it leaves is 64 KiB in all. */
const LEAVING_MAX = 50;
/** However long the API says to wait. */
const WAIT_MAX_MS = 86_400_000;

const asRefusal = (error: unknown): TenantryError =>
  error instanceof TenantryError ? error : new TenantryError(String(error), { status: 0, code: 'unknown' });

/** What the API says of each event of a batch that it took. */
interface Verdicts {
  readonly verdicts?: readonly {
    readonly index: number;
    readonly verdict: string;
    readonly errors?: readonly { readonly field: string; readonly message: string }[];
  }[];
}

export interface SenderOptions {
  readonly queue: Queue;
  readonly post: Post;
  /** Events wait for others so long, in milliseconds. */
  readonly waitMs: number;
  /** Sent at once when so many wait. */
  readonly batchSize: number;
  /** The first wait after a failure, in milliseconds; doubled each time, with jitter. */
  readonly backOffMs: number;
  readonly backOffMaxMs: number;
  /** Must not throw. */
  readonly onError: (error: TenantryError, lost: readonly QueuedEvent[]) => void;
}

/** Sends queued events in batches, one batch at a time, again and again until the API took or refused them. */
export function createSender(options: SenderOptions) {
  const { queue, post, waitMs, batchSize, backOffMs, backOffMaxMs, onError } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<void> | undefined;
  let failures = 0;
  let batchMax = BATCH_MAX;
  let stopped = false;

  const plan = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), ms);
    // Waiting for events keeps no server alive.
    (timer as { unref?: () => void }).unref?.();
  };

  /** Tells of events of a batch that the API did not want, while it took the others. */
  function tellRejected(events: readonly QueuedEvent[], answer: unknown): void {
    for (const { index, verdict, errors = [] } of (answer as Verdicts | null)?.verdicts ?? []) {
      const event = events[index];
      if (verdict !== 'rejected' || !event) continue;
      const why = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
      onError(new TenantryError(`The API did not take the event: ${why}`, { status: 202, code: 'rejected' }), [event]);
    }
  }

  /** @returns how long to wait before the next try, in milliseconds; 0 when the batch is done with */
  async function sendBatch(): Promise<number> {
    const events = queue.first(batchMax);
    try {
      const answer = await post('events', { events });
      failures = 0;
      batchMax = BATCH_MAX;
      queue.remove(events);
      tellRejected(events, answer);
      return 0;
    } catch (error) {
      const refusal = asRefusal(error);
      if (refusal.status === 413 && events.length > 1) {
        // One that is too large must not take the others with it.
        batchMax = Math.ceil(events.length / 2);
        return 0;
      }
      if (!refusal.passes) {
        // Sending the same again would be refused again.
        queue.remove(events);
        onError(refusal, events);
        return 0;
      }
      failures += 1;
      onError(refusal, []);
      const wait = Math.min(backOffMaxMs, backOffMs * 2 ** (failures - 1));
      return Math.min(WAIT_MAX_MS, refusal.retryAfterMs ?? wait / 2 + (Math.random() * wait) / 2);
    }
  }

  async function drain(): Promise<void> {
    while (queue.size > 0 && !stopped) {
      const wait = await sendBatch();
      if (wait > 0) return stopped ? undefined : plan(wait);
    }
    // Nothing is left of what failed, as when consent was taken back.
    failures = 0;
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    sending ??= drain().finally(() => {
      sending = undefined;
      // What came after the last look and before this.
      if (queue.size > 0 && timer === undefined && !stopped) plan(waitMs);
    });
    return sending;
  }

  return {
    /** Sends what waits now; resolves when it was taken, refused, or put off. */
    flush,
    /** Tells that there is a new event. */
    wake(): void {
      if (failures > 0 || sending) return;
      if (queue.size >= batchSize) void flush();
      else if (timer === undefined) plan(waitMs);
    },
    /** Sends what it can while the page goes away. What does not arrive is found again by the next page. */
    leave(): void {
      const events = queue.first(LEAVING_MAX);
      if (events.length === 0 || failures > 0) return;
      post('events', { events }, { leaving: true }).then(
        (answer) => {
          queue.remove(events);
          tellRejected(events, answer);
        },
        () => undefined,
      );
    },
    stop(): void {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
