import { setImmediate as settled } from 'node:timers/promises';

/** The handler dies here: nothing that it does afterwards happens. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** How a handler dies, if it does: at which of its calls, and whether the call had its effect. */
export interface Blow {
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** A sequence of numbers below one that a seed determines (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Lets several handlers run at once, one call to the outside at a time, in an order that a seed determines. So every way in which their calls can
 * come between each other happens in some life, and the same again with the same seed.
 */
export class Turns {
  readonly #random: () => number;
  #waiting: (() => void)[] = [];
  #underway = 0;
  #alive = 0;
  #failure: unknown;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Begins a handler. */
  spawn(work: (gate: Gate) => Promise<void>, blow?: Blow): void {
    this.#alive += 1;
    work(this.#gate(blow))
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => {
        this.#alive -= 1;
      });
  }

  /** Gives turns until every handler has ended. */
  async run(): Promise<void> {
    while (this.#alive > 0) {
      await settled();
      if (this.#underway > 0 || this.#waiting.length === 0) continue;
      const [next] = this.#waiting.splice(Math.floor(this.#random() * this.#waiting.length), 1);
      next?.();
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #gate(blow: Blow | undefined): Gate {
    let calls = 0;
    let dead = false;
    return async (call) => {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      this.#underway += 1;
      try {
        calls += 1;
        const struck = calls === blow?.call;
        if (dead || (struck && blow.when === 'before')) {
          dead = true;
          throw new Crash('The handler died before a call.');
        }
        const answer = await call();
        if (struck) {
          dead = true;
          throw new Crash('The handler died before it had the answer.');
        }
        return answer;
      } finally {
        this.#underway -= 1;
      }
    };
  }
}

/** Makes a call to the outside when it is the handler's turn. */
export type Gate = <T>(call: () => Promise<T>) => Promise<T>;
