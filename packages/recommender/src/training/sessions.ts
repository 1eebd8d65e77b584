import type { BehaviourEvent } from '@tenantry/core/events/event';

/** A shopper who does nothing for this long begins a new session. */
const SESSION_GAP_MS = 30 * 60 * 1000;

export interface Session {
  /** When it ended; milliseconds. */
  readonly endedAt: number;
  /** In order of time. */
  readonly events: readonly BehaviourEvent[];
}

/**
 * Cuts events, given in any order and some of them twice, into sessions: by `sessionId` where the shop sends one, else by
 * shopper and pause. The result is in order of time, and the same for every order of the input.
 */
export async function collectSessions(events: AsyncIterable<BehaviourEvent>): Promise<readonly Session[]> {
  const byOwner = new Map<string, Map<string, BehaviourEvent>>();
  for await (const event of events) {
    const owner = `${event.shopperId} ${event.sessionId ?? ''}`;
    const own = byOwner.get(owner);
    if (own) own.set(event.id, event);
    else byOwner.set(owner, new Map([[event.id, event]]));
  }
  const sessions: Session[] = [];
  for (const own of byOwner.values()) {
    const ordered = [...own.values()].sort((a, b) => compare(a.time, b.time) || compare(a.id, b.id));
    let current: BehaviourEvent[] = [];
    let last = 0;
    for (const event of ordered) {
      const at = Date.parse(event.time);
      if (current.length > 0 && event.sessionId === undefined && at - last > SESSION_GAP_MS) {
        sessions.push({ endedAt: last, events: current });
        current = [];
      }
      current.push(event);
      last = at;
    }
    if (current.length > 0) sessions.push({ endedAt: last, events: current });
  }
  return sessions.sort((a, b) => a.endedAt - b.endedAt || compare(a.events[0]?.id ?? '', b.events[0]?.id ?? ''));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
