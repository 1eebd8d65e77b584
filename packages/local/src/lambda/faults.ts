import { isDeepStrictEqual } from 'node:util';
import type { Invocation } from './environment.ts';
import type { LoadedFunction } from './function-spec.ts';
import { type Outcome, timedOut, tooManyRequests } from './outcome.ts';
import type { FunctionError } from './protocol.ts';

/** Which invocations are meant. */
export interface Target {
  /** A function's name or ARN. */
  readonly function: string;
  /** Members that the event must have; any event unless given. */
  readonly event?: Readonly<Record<string, unknown>>;
}

interface Place extends Target {
  /** An invocation of this must have come before; nothing counts until then. */
  readonly armedBy?: Target;
  /** How many invocations of the kind go well first; 0 unless given. */
  readonly after?: number;
  /** How many are hit from there on; 1 unless given. */
  readonly times?: number;
}

/** What goes wrong with invocations of a function. */
export type Fault = Place &
  (
    | {
        /** The handler does not run, or runs to its end and its answer is lost; the caller gets the error instead. */
        readonly kind: 'throws-before' | 'throws-after';
        readonly error: FunctionError;
      }
    | {
        /** The handler runs to its end, and the caller hears what Lambda says of a time-out; or it does not run at all. */
        readonly kind: 'times-out' | 'throttled';
      }
    | {
        /** The environment dies once it has got the answer to as many HTTP requests: no `catch` and no `finally` runs. */
        readonly kind: 'killed';
        readonly afterCalls: number;
      }
  );

export interface InjectedFault {
  /** How many invocations it has hit so far. One that was to be killed and ended before was not hit. */
  readonly hits: number;
  remove(): void;
}

/** The faults of one Lambda engine. They are known to its process alone: no call of Lambda's makes one. */
export interface Faults {
  inject(fault: Fault): InjectedFault;
  /** Invokes, or fails as the first fault wants that means this invocation. @throws {AwsError} `TooManyRequestsException` */
  around(
    spec: LoadedFunction,
    invocation: Invocation,
    invoke: (invocation: Invocation) => Promise<Outcome>,
  ): Promise<Outcome>;
}

interface Planned {
  readonly fault: Fault;
  armed: boolean;
  seen: number;
  hits: number;
}

const failed = (outcome: Partial<Outcome>, error: FunctionError): Outcome => ({
  logTail: '',
  durationMs: 0,
  ...outcome,
  payload: JSON.stringify(error),
  functionError: 'Unhandled',
});

export function createFaults(): Faults {
  const plan = new Set<Planned>();

  /** The fault that means this invocation, which counts for all that mean its kind. */
  function next(spec: LoadedFunction, payload: string): Planned | undefined {
    if (plan.size === 0) return undefined;
    const event: unknown = JSON.parse(payload);
    const meant = [...plan].filter(({ fault, armed }) => armed && means(fault, spec, event));
    const hit = meant.find(({ fault: { after = 0, times = 1 }, seen }) => seen >= after && seen < after + times);
    for (const planned of meant) planned.seen += 1;
    for (const planned of plan) {
      const { armedBy } = planned.fault;
      if (armedBy && means(armedBy, spec, event)) planned.armed = true;
    }
    return hit;
  }

  return {
    inject(fault) {
      const planned: Planned = { fault, armed: fault.armedBy === undefined, seen: 0, hits: 0 };
      plan.add(planned);
      return {
        get hits() {
          return planned.hits;
        },
        remove: () => void plan.delete(planned),
      };
    },
    async around(spec, invocation, invoke) {
      const planned = next(spec, invocation.payload);
      if (!planned) return invoke(invocation);
      const { fault } = planned;
      if (fault.kind === 'killed') {
        const outcome = await invoke({ ...invocation, dieAfterCalls: fault.afterCalls });
        if (outcome.functionError) planned.hits += 1;
        return outcome;
      }
      planned.hits += 1;
      switch (fault.kind) {
        case 'throttled':
          throw tooManyRequests();
        case 'throws-before':
          return failed({}, fault.error);
        case 'throws-after':
          return failed(await invoke(invocation), fault.error);
        case 'times-out':
          return failed(await invoke(invocation), timedOut(invocation.requestId, spec.timeoutSeconds));
      }
    },
  };
}

function means(target: Target, spec: LoadedFunction, event: unknown): boolean {
  if (target.function !== spec.name && target.function !== spec.arn) return false;
  const members = Object.entries(target.event ?? {});
  if (members.length === 0) return true;
  if (typeof event !== 'object' || event === null) return false;
  return members.every(([name, value]) => isDeepStrictEqual((event as Record<string, unknown>)[name], value));
}
