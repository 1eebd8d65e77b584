/**
 * Calls `run` once, when the clock reaches `due` (milliseconds since the epoch).
 * @returns how to call it off.
 */
export type SetTimer = (due: number, run: () => void) => () => void;

/**
 * A timer is looked at again this often: while a laptop sleeps its timers stand still and the clock does not, and no
 * timer of Node's runs longer than 24.8 days.
 */
const LOOK_AGAIN_MS = 15_000;

/** Timers that follow a wall clock, and do not keep the process alive. */
export function clockTimers(now: () => number): SetTimer {
  return (due, run) => {
    let handle: NodeJS.Timeout;
    const arm = (): void => {
      const left = due - now();
      handle = setTimeout(() => (due <= now() ? run() : arm()), Math.min(Math.max(left, 0), LOOK_AGAIN_MS));
      handle.unref();
    };
    arm();
    return () => clearTimeout(handle);
  };
}
