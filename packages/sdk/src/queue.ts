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
  typeof value === 'object' && value !== null && 'id' in value && 'shopperId' in value && 'itemId' in value;

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
  let events = read();
  const keep = () => (events.length > 0 ? storage.setItem(NAME, JSON.stringify(events)) : storage.removeItem(NAME));
  return {
    get size(): number {
      return events.length;
    },
    /** @returns how many events were dropped to make room */
    add(event: QueuedEvent): number {
      events.push(event);
      const dropped = Math.max(0, events.length - max);
      events = events.slice(dropped);
      keep();
      return dropped;
    },
    /** The oldest, which stay until they are removed. */
    first: (count: number): readonly QueuedEvent[] => events.slice(0, count),
    remove(sent: readonly QueuedEvent[]): void {
      const ids = new Set(sent.map(({ id }) => id));
      events = events.filter(({ id }) => !ids.has(id));
      keep();
    },
    clear(): void {
      events = [];
      keep();
    },
  };
}

export type Queue = ReturnType<typeof createQueue>;
