export interface WorkQueue {
  /** Asks for a round over this key; asking again before it begins changes nothing, asking for it sooner brings it forward. */
  add(key: string, afterMs?: number): void;
  close(): void;
}

/** The longest that a timer can wait, about 24 days. */
const timerMsMax = 2 ** 31 - 1;

/**
 * Runs a reconciling function by key, one key after another, never inside the change that asked for it. A round that
 * fails is tried again later.
 */
export function createWorkQueue(reconcile: (key: string) => void, retryMs: number): WorkQueue {
  const waiting = new Set<string>();
  const later = new Map<string, { readonly timer: NodeJS.Timeout; readonly at: number }>();
  let scheduled: NodeJS.Immediate | undefined;
  let closed = false;

  function run(): void {
    scheduled = undefined;
    for (const key of [...waiting]) {
      waiting.delete(key);
      try {
        reconcile(key);
      } catch (error) {
        console.error(`kubernetes: reconciling ${key} failed`, error);
        add(key, retryMs);
      }
    }
  }

  function addLater(key: string, afterMs: number): void {
    const at = performance.now() + afterMs;
    const planned = later.get(key);
    if (planned && planned.at <= at) return;
    clearTimeout(planned?.timer);
    const timer = setTimeout(
      () => {
        later.delete(key);
        add(key);
      },
      Math.min(afterMs, timerMsMax),
    );
    timer.unref();
    later.set(key, { timer, at });
  }

  function add(key: string, afterMs = 0): void {
    if (closed) return;
    if (afterMs > 0) {
      addLater(key, afterMs);
      return;
    }
    waiting.add(key);
    scheduled ??= setImmediate(run);
  }

  return {
    add,
    close() {
      closed = true;
      if (scheduled) clearImmediate(scheduled);
      for (const { timer } of later.values()) clearTimeout(timer);
    },
  };
}
