/** Who is to be told when a queue has something to receive: long polls and event sources. */

export interface Wakes {
  /** Calls back whenever the queue may have gained a visible message, until the returned function is called. */
  on(queue: string, callback: () => void): () => void;
  /** Something became visible now. */
  fire(queue: string): void;
  /** Something becomes visible in so many milliseconds; an earlier appointment of the queue is replaced. */
  appoint(queue: string, delayMs: number | undefined): void;
  close(): void;
}

const TIMEOUT_MAX_MS = 2 ** 31 - 1;

export function createWakes(): Wakes {
  const callbacks = new Map<string, Set<() => void>>();
  const timers = new Map<string, NodeJS.Timeout>();
  const wakes: Wakes = {
    on(queue, callback) {
      const set = callbacks.get(queue) ?? new Set();
      callbacks.set(queue, set.add(callback));
      return () => void set.delete(callback);
    },
    fire(queue) {
      for (const callback of [...(callbacks.get(queue) ?? [])]) callback();
    },
    appoint(queue, delayMs) {
      clearTimeout(timers.get(queue));
      timers.delete(queue);
      if (delayMs === undefined) return;
      const timer = setTimeout(() => wakes.fire(queue), Math.min(Math.max(0, delayMs), TIMEOUT_MAX_MS));
      timers.set(queue, timer.unref());
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      const waiting = [...callbacks.values()].flatMap((set) => [...set]);
      callbacks.clear();
      for (const callback of waiting) callback();
    },
  };
  return wakes;
}
