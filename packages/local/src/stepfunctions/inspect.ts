/** What a page shows of executions: a line per state, read from the history. */

import type { Execution, ExecutionStatus } from './execution/execution.ts';
import type { ExecutionStore } from './execution/execution-store.ts';
import { EVENTS_MAX, type HistoryEvent } from './execution/history.ts';

/** Times are milliseconds since the epoch. */
export interface ExecutionSummary {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly status: ExecutionStatus;
  readonly startedAt: number;
  readonly stoppedAt?: number;
  readonly error?: string;
  readonly cause?: string;
}

export interface ExecutionView extends ExecutionSummary {
  /** JSON texts. */
  readonly input: string;
  readonly output?: string;
  /** In the order in which the states were entered. */
  readonly timeline: readonly TimelineEntry[];
}

/** One visit of a state. */
export interface TimelineEntry {
  readonly state: string;
  /** `Task`, `Wait`, … */
  readonly type: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** `caught`: it failed, and a catcher took over. */
  readonly outcome: 'running' | 'succeeded' | 'caught' | 'failed' | 'aborted';
  /** How often its task was called, or its Map or Parallel begun; 1 for other states. */
  readonly attempts: number;
  /** The last error, also of a state that recovered. */
  readonly error?: string;
  readonly cause?: string;
  /** In which iterations of which Maps it was, the outermost first. */
  readonly iterations: readonly { readonly map: string; readonly index: number }[];
}

export function summarise({ arn, name, machineArn, status, startedAt, ...end }: Execution): ExecutionSummary {
  const { stoppedAt, error, cause } = end;
  return {
    arn,
    name,
    machineArn,
    status,
    startedAt,
    ...(stoppedAt === undefined ? {} : { stoppedAt }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
}

export function viewOf(execution: Execution, store: ExecutionStore): ExecutionView {
  const { input, output } = execution;
  const events = store.events(execution.arn, { limit: EVENTS_MAX, reverse: false });
  return {
    ...summarise(execution),
    input,
    ...(output === undefined ? {} : { output }),
    timeline: timelineOf(events, execution),
  };
}

type Draft = { -readonly [Field in keyof TimelineEntry]: TimelineEntry[Field] };
/** Where a chain of events is: in which visit, in which iterations, and inside which other place. */
interface Place {
  readonly visit?: Draft;
  readonly iterations: TimelineEntry['iterations'];
  readonly outer?: Place;
}

const composites = new Set(['Map', 'Parallel']);
const attemptEvents = new Set(['TaskScheduled', 'LambdaFunctionScheduled', 'MapStateStarted', 'ParallelStateStarted']);

/** Every event follows another of the same thread, so following the chain tells which visit it belongs to. */
function timelineOf(events: readonly HistoryEvent[], execution: Execution): readonly TimelineEntry[] {
  const visits: Draft[] = [];
  const places = new Map<number, Place>();
  for (const event of events) {
    // Ids count from 1 without a gap.
    const previous = events[event.previousEventId - 1];
    const before = places.get(event.previousEventId) ?? { iterations: [] };
    const place = placeOf(event, before);
    places.set(event.id, place);
    if (event.type.endsWith('StateEntered') && place.visit !== undefined) visits.push(place.visit);
    else if (place.visit !== undefined) note(place.visit, event, previous);
    if (failsInside(event, before, place) && before.visit !== undefined) end(before.visit, 'failed', event.at);
  }
  const { stoppedAt, status } = execution;
  for (const visit of visits) {
    // A visit that nothing ended: the execution, if it is over, ended in it.
    if (stoppedAt !== undefined) end(visit, status === 'FAILED' ? 'failed' : 'aborted', stoppedAt);
  }
  return visits;
}

function placeOf({ type, details, at }: HistoryEvent, before: Place): Place {
  const [, entered] = /^(\w+)StateEntered$/.exec(type) ?? [];
  if (entered !== undefined) {
    const attempts = entered === 'Task' || composites.has(entered) ? 0 : 1;
    const { iterations } = before;
    const visit: Draft = {
      state: String(details?.name),
      type: entered,
      startedAt: at,
      outcome: 'running',
      attempts,
      iterations,
    };
    const inside = before.visit?.outcome === 'running' && composites.has(before.visit.type);
    const outer = inside ? before : before.outer;
    return { visit, iterations, ...(outer ? { outer } : {}) };
  }
  if (type === 'MapIterationStarted') {
    const iteration = { map: String(details?.name), index: Number(details?.index) };
    return { iterations: [...before.iterations, iteration], outer: before };
  }
  const [, joined] = /^(Map|Parallel)State(?:Succeeded|Failed|Aborted)$/.exec(type) ?? [];
  if (joined === undefined) return before;
  let place: Place | undefined = before;
  while (place && !(place.visit?.type === joined && place.visit.outcome === 'running')) place = place.outer;
  return place ?? before;
}

/** Whether a thread ended with an error that its own states did not catch. */
function failsInside({ type }: HistoryEvent, before: Place, place: Place): boolean {
  if (type === 'MapIterationFailed') return true;
  return (type === 'MapStateFailed' || type === 'ParallelStateFailed') && before.visit !== place.visit;
}

function note(visit: Draft, { type, details, at }: HistoryEvent, previous: HistoryEvent | undefined): void {
  if (attemptEvents.has(type)) visit.attempts += 1;
  if (typeof details?.error === 'string') {
    visit.error = details.error;
    visit.cause = String(details.cause ?? '');
  }
  const failed = /(?:Failed|TimedOut)$/.test(previous?.type ?? '');
  if (type === `${visit.type}StateExited`) end(visit, failed ? 'caught' : 'succeeded', at);
  if (type === `${visit.type}StateAborted`) end(visit, 'aborted', at);
}

function end(visit: Draft, outcome: TimelineEntry['outcome'], at: number): void {
  if (visit.outcome !== 'running') return;
  visit.outcome = outcome;
  visit.endedAt = at;
}
