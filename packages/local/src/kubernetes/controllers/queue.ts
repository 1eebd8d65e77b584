export interface WorkQueue {
  /** Asks for one more round over this key; asking twice before it begins is one round. */
  add(key: string, afterMs?: number): void;
  close(): void;
}

/**
 * Runs a reconciling function by key, one key after another, never inside the change that asked for it. A round that
 * fails is tried again later.
 */
export function createWorkQueue(reconcile: (key: string) => void, retryMs: number): WorkQueue {
  const waiting = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
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

  function add(key: string, afterMs = 0): void {
    if (closed) return;
    if (afterMs > 0) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        add(key);
      }, afterMs);
      timer.unref();
      timers.add(timer);
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
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
