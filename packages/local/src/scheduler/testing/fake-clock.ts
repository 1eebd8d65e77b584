import type { SetTimer } from '../timer.ts';

/** A clock that moves only when it is told to. */
export interface FakeClock {
  readonly now: () => number;
  readonly setTimer: SetTimer;
  /** When the next timer is due. */
  nextDue(): number | undefined;
  /** Moves on to a time and runs what is due by then, in order. */
  advanceTo(time: number): void;
  /** Resolves once a timer is set that is due at or after `time`. */
  armed(time: number): Promise<void>;
}

export function fakeClock(start = Date.parse('2026-01-05T09:00:00Z')): FakeClock {
  let time = start;
  const timers = new Set<{ readonly due: number; readonly run: () => void }>();
  const waiting = new Set<{ readonly time: number; readonly resolve: () => void }>();
  const earliest = () => [...timers].sort((one, other) => one.due - other.due)[0];
  const tell = (due: number): void => {
    for (const waiter of waiting) {
      if (due < waiter.time) continue;
      waiting.delete(waiter);
      waiter.resolve();
    }
  };
  return {
    now: () => time,
    setTimer(due, run) {
      const timer = { due, run };
      timers.add(timer);
      tell(due);
      return () => void timers.delete(timer);
    },
    nextDue: () => earliest()?.due,
    advanceTo(target) {
      for (let timer = earliest(); timer !== undefined && timer.due <= target; timer = earliest()) {
        timers.delete(timer);
        time = Math.max(time, timer.due);
        timer.run();
      }
      time = Math.max(time, target);
    },
    armed: (from) =>
      new Promise((resolve) => {
        if ([...timers].some(({ due }) => due >= from)) resolve();
        else waiting.add({ time: from, resolve });
      }),
  };
}
