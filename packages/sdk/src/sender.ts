import type { Post } from './api.ts';
import { TenantryError } from './error.ts';
import type { Queue, QueuedEvent } from './queue.ts';

/** As many events as the API takes at once. */
const BATCH_MAX = 100;
/** What a browser lets a page send while it leaves is 64 KiB in all. */
const LEAVING_MAX = 50;

const asRefusal = (error: unknown): TenantryError =>
  error instanceof TenantryError ? error : new TenantryError(String(error), { status: 0, code: 'unknown' });

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
  readonly onError: (error: TenantryError, lost: readonly QueuedEvent[]) => void;
}

/** Sends queued events in batches, one batch at a time, again and again until the API took or refused them. */
export function createSender(options: SenderOptions) {
  const { queue, post, waitMs, batchSize, backOffMs, backOffMaxMs, onError } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<void> | undefined;
  let failures = 0;
  let stopped = false;

  const plan = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), ms);
    // Waiting for events keeps no server alive.
    (timer as { unref?: () => void }).unref?.();
  };

  /** @returns how long to wait before the next try, in milliseconds; 0 when the batch is done with */
  async function sendBatch(): Promise<number> {
    const events = queue.first(BATCH_MAX);
    try {
      await post('events', { events });
      failures = 0;
      queue.remove(events);
      return 0;
    } catch (error) {
      const refusal = asRefusal(error);
      if (!refusal.passes) {
        // Sending the same again would be refused again.
        queue.remove(events);
        onError(refusal, events);
        return 0;
      }
      failures += 1;
      onError(refusal, []);
      const wait = Math.min(backOffMaxMs, backOffMs * 2 ** (failures - 1));
      return refusal.retryAfterMs ?? wait / 2 + (Math.random() * wait) / 2;
    }
  }

  async function drain(): Promise<void> {
    while (queue.size > 0 && !stopped) {
      const wait = await sendBatch();
      if (wait > 0) return stopped ? undefined : plan(wait);
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    sending ??= drain().finally(() => {
      sending = undefined;
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
        () => queue.remove(events),
        () => undefined,
      );
    },
    stop(): void {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
