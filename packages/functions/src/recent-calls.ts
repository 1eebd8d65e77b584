/** Callers that a process remembers. */
const REMEMBERED_MAX = 5000;

/** Holds each caller to so many calls in a stretch of time, as far as one process sees them. */
export class RecentCalls {
  readonly #most: number;
  readonly #withinMs: number;
  readonly #calls = new Map<string, { since: number; taken: number }>();

  constructor({ most, withinMs }: { readonly most: number; readonly withinMs: number }) {
    this.#most = most;
    this.#withinMs = withinMs;
  }

  /** @param nowMs the time in milliseconds @returns whether the call may be answered */
  take(caller: string, nowMs: number): boolean {
    const calls = this.#calls.get(caller);
    if (calls && nowMs - calls.since < this.#withinMs) {
      calls.taken += 1;
      return calls.taken <= this.#most;
    }
    if (this.#calls.size >= REMEMBERED_MAX) this.#calls.clear();
    this.#calls.set(caller, { since: nowMs, taken: 1 });
    return true;
  }
}
