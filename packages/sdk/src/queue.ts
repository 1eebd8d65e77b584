import type { Storage } from './storage.ts';

/** An event as the Collector API takes it. */
export interface QueuedEvent {
  readonly id: string;
  readonly shopperId: string;
  readonly itemId: string;
  readonly type: string;
  readonly sessionId?: string;
}

const NAME = 'tenantry.queue';

const isEvent = (value: unknown): value is QueuedEvent =>
  typeof value === 'object' &&
  value !== null &&
  ['id', 'shopperId', 'itemId', 'type'].every((name) => typeof (value as Record<string, unknown>)[name] === 'string');

const without = (events: readonly QueuedEvent[], gone: readonly QueuedEvent[]): QueuedEvent[] => {
  const ids = new Set(gone.map(({ id }) => id));
  return events.filter(({ id }) => !ids.has(id));
};

/** Events that wait to be sent, oldest first; a reload finds them again. When it is full, the oldest go. */
export function createQueue(storage: Storage, max: number) {
  const read = (): QueuedEvent[] => {
    try {
      const kept: unknown = JSON.parse(storage.getItem(NAME) ?? '[]');
      return Array.isArray(kept) ? kept.filter(isEvent).slice(-max) : [];
    } catch {
      return [];
    }
  };
  /** Other pages of the shop keep theirs in the same place, so only what changed is changed. */
  const keep = (gone: readonly QueuedEvent[], added: readonly QueuedEvent[] = []): void => {
    const kept = [...without(read(), gone), ...added].slice(-max);
    if (kept.length > 0) storage.setItem(NAME, JSON.stringify(kept));
    else storage.removeItem(NAME);
  };
  let events = read();
  return {
    get size(): number {
      return events.length;
    },
    /** @returns the events that were dropped to make room */
    add(event: QueuedEvent): readonly QueuedEvent[] {
      events.push(event);
      const dropped = events.splice(0, Math.max(0, events.length - max));
      keep(dropped, [event]);
      return dropped;
    },
    /** The oldest, which stay until they are removed. */
    first: (count: number): readonly QueuedEvent[] => events.slice(0, count),
    remove(sent: readonly QueuedEvent[]): void {
      events = without(events, sent);
      keep(sent);
    },
    clear(): void {
      events = [];
      storage.removeItem(NAME);
    },
  };
}

export type Queue = ReturnType<typeof createQueue>;
