import { AwsError } from '../aws/engine.ts';
import type { Environment } from './environment.ts';
import type { LoadedFunction } from './function-spec.ts';
import { tooManyRequests } from './outcome.ts';

export interface PoolLimits {
  /** Environments of one function at a time. */
  readonly perFunction: number;
  /** Environments in all. */
  readonly total: number;
  /** How long an invocation waits for an environment before it is throttled, in milliseconds. */
  readonly waitMs: number;
}

export const defaultPoolLimits: PoolLimits = { perFunction: 4, total: 24, waitMs: 10_000 };

export interface EnvironmentPool {
  /**
   * An environment of the function for one invocation, warm where there is one.
   * @throws {AwsError} `TooManyRequestsException` when none comes free in time.
   */
  acquire(spec: LoadedFunction): Promise<Environment>;
  release(environment: Environment): void;
  /** Retires every environment that is not of a current function: idle ones now, busy ones when they end. */
  retireExcept(isCurrent: (spec: LoadedFunction) => boolean): void;
  close(): Promise<void>;
}

interface Waiter {
  readonly spec: LoadedFunction;
  readonly resolve: (environment: Environment) => void;
  readonly reject: (error: AwsError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Keeps the execution environments: lazily started, reused newest first, the longest idle evicted for room. */
export function createPool(options: {
  readonly start: (spec: LoadedFunction) => Environment;
  readonly now: () => number;
  readonly limits: PoolLimits;
}): EnvironmentPool {
  const { start, now, limits } = options;
  /** In order of last use, the longest idle first. */
  const idle = new Set<Environment>();
  const busy = new Set<Environment>();
  let waiters: Waiter[] = [];
  let current: (spec: LoadedFunction) => boolean = () => true;

  function discard(environment: Environment): void {
    idle.delete(environment);
    void environment.terminate();
  }

  function usable(environment: Environment): boolean {
    return !environment.dead && current(environment.spec) && environment.usableUntil > now();
  }

  function take(spec: LoadedFunction): Environment | undefined {
    for (const environment of [...idle].reverse()) {
      if (environment.spec !== spec) continue;
      if (usable(environment)) {
        idle.delete(environment);
        busy.add(environment);
        return environment;
      }
      discard(environment);
    }
    const ofFunction = [...busy].filter((environment) => environment.spec.name === spec.name).length;
    if (ofFunction >= limits.perFunction) return undefined;
    if (busy.size + idle.size >= limits.total) {
      const [longestIdle] = idle;
      if (longestIdle === undefined) return undefined;
      discard(longestIdle);
    }
    const environment = start(spec);
    busy.add(environment);
    return environment;
  }

  function serveWaiters(): void {
    const unserved: Waiter[] = [];
    for (const waiter of waiters) {
      const environment = take(waiter.spec);
      if (environment === undefined) unserved.push(waiter);
      else {
        clearTimeout(waiter.timer);
        waiter.resolve(environment);
      }
    }
    waiters = unserved;
  }

  return {
    acquire(spec) {
      const environment = take(spec);
      if (environment !== undefined) return Promise.resolve(environment);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiters = waiters.filter((waiter) => waiter.timer !== timer);
          reject(tooManyRequests());
        }, limits.waitMs);
        waiters.push({ spec, resolve, reject, timer });
      });
    },
    release(environment) {
      busy.delete(environment);
      if (usable(environment)) idle.add(environment);
      else discard(environment);
      serveWaiters();
    },
    retireExcept(isCurrent) {
      current = isCurrent;
      for (const environment of [...idle]) if (!isCurrent(environment.spec)) discard(environment);
    },
    async close() {
      for (const waiter of waiters) {
        clearTimeout(waiter.timer);
        waiter.reject(new AwsError('ServiceException', 'The service is shutting down.', 500, { Type: 'Service' }));
      }
      waiters = [];
      await Promise.all([...idle, ...busy].map((environment) => environment.terminate()));
    },
  };
}
