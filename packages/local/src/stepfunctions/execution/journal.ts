import type { HistoryEventType } from '@aws-sdk/client-sfn';
import type { Json, JsonObject } from '../json.ts';
import type { HistoryEvent } from './history.ts';
import type { Failure, Thread } from './thread.ts';

/** What does not change while an execution runs. */
export interface ExecutionFacts {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly roleArn: string;
  readonly input: Json;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** When the execution times out, in milliseconds since the epoch. */
  readonly deadline?: number;
}

export type Outcome =
  | { readonly status: 'SUCCEEDED'; readonly output: Json }
  | ({ readonly status: 'FAILED' } & Failure)
  | { readonly status: 'TIMED_OUT' }
  | { readonly status: 'ABORTED'; readonly error?: string; readonly cause?: string };

/** A call to begin or to give up, once the changes that ask for it are stored. */
export interface Effect {
  readonly kind: 'call' | 'cancel';
  readonly thread: number;
}

/** Everything since the last time that changes were taken. */
export interface Changes {
  readonly events: readonly HistoryEvent[];
  readonly threads: readonly Thread[];
  readonly dropped: readonly number[];
  readonly effects: readonly Effect[];
  readonly outcome: Outcome | undefined;
}

/** The threads of one execution, and what happened to them that is not stored yet. */
export class Journal {
  readonly facts: ExecutionFacts;
  readonly #now: () => number;
  readonly #threads = new Map<number, Thread>();
  readonly #ready = new Set<number>();
  readonly #changed = new Set<number>();
  readonly #dropped = new Set<number>();
  #events: HistoryEvent[] = [];
  #effects: Effect[] = [];
  #nextThread: number;
  #nextEvent: number;
  #outcome: Outcome | undefined;

  constructor(
    facts: ExecutionFacts,
    now: () => number,
    saved: { readonly threads: readonly Thread[]; readonly lastEventId: number } = { threads: [], lastEventId: 0 },
  ) {
    this.facts = facts;
    this.#now = now;
    for (const thread of saved.threads) this.#threads.set(thread.id, thread);
    this.#nextThread = Math.max(0, ...this.#threads.keys()) + 1;
    this.#nextEvent = saved.lastEventId + 1;
  }

  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  get eventCount(): number {
    return this.#nextEvent - 1;
  }

  threads(): readonly Thread[] {
    return [...this.#threads.values()];
  }

  find(id: number): Thread | undefined {
    return this.#threads.get(id);
  }

  /** @throws {Error} when the thread is gone, which its callers must have ruled out. */
  get(id: number): Thread {
    const thread = this.#threads.get(id);
    if (thread === undefined) throw new Error(`There is no thread ${id}`);
    return thread;
  }

  childrenOf(id: number): readonly Thread[] {
    return this.threads().filter(({ parent }) => parent?.thread === id);
  }

  spawn(thread: Omit<Thread, 'id'>): Thread {
    const made = { ...thread, id: this.#nextThread++ };
    this.#threads.set(made.id, made);
    this.#changed.add(made.id);
    return made;
  }

  change(id: number, patch: Partial<Omit<Thread, 'id' | 'parent' | 'path'>>): Thread {
    const changed = { ...this.get(id), ...patch };
    this.#threads.set(id, changed);
    this.#changed.add(id);
    return changed;
  }

  /** Takes a thread and all under it away, and gives up its call. */
  drop(id: number): void {
    for (const child of this.childrenOf(id)) this.drop(child.id);
    if (this.get(id).phase.kind === 'task') this.effect('cancel', id);
    this.#threads.delete(id);
    this.#ready.delete(id);
    this.#changed.delete(id);
    this.#dropped.add(id);
  }

  /** Says that a thread can go on. */
  wake(id: number): void {
    this.#ready.add(id);
  }

  takeReady(): Thread | undefined {
    const [id] = this.#ready;
    if (id === undefined) return undefined;
    this.#ready.delete(id);
    return this.#threads.get(id);
  }

  effect(kind: Effect['kind'], thread: number): void {
    this.#effects.push({ kind, thread });
  }

  /** Records an event that follows the thread's last one. */
  emit(id: number, type: HistoryEventType, details?: JsonObject): void {
    const event = this.#record(this.get(id).lastEventId, type, details);
    this.change(id, { lastEventId: event.id });
  }

  /** Records the execution's start, which no event precedes. */
  emitStart(details: JsonObject): void {
    this.#record(0, 'ExecutionStarted', details);
  }

  end(outcome: Outcome, after: Thread | undefined, type: HistoryEventType, details?: JsonObject): void {
    this.#record(after?.lastEventId ?? this.eventCount, type, details);
    this.#outcome = outcome;
    for (const thread of this.threads()) if (thread.parent === undefined) this.drop(thread.id);
  }

  take(): Changes {
    const changes: Changes = {
      events: this.#events,
      threads: [...this.#changed].map((id) => this.get(id)),
      dropped: [...this.#dropped],
      effects: this.#effects,
      outcome: this.#outcome,
    };
    this.#events = [];
    this.#effects = [];
    this.#changed.clear();
    this.#dropped.clear();
    return changes;
  }

  #record(previousEventId: number, type: HistoryEventType, details: JsonObject | undefined): HistoryEvent {
    const event = { id: this.#nextEvent++, previousEventId, at: this.#now(), type, ...(details ? { details } : {}) };
    this.#events.push(event);
    return event;
  }
}
