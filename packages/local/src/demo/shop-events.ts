import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { EventType } from '@tenantry/core/events/event';
import { createIdSource } from '@tenantry/core/ids/id';

/** What a visitor of a shop looked at, in order. */
export interface ShopSession {
  readonly id: string;
  readonly items: readonly string[];
}

/** An event as a shop sends it. */
export interface SentEvent {
  readonly id: string;
  readonly shopperId: string;
  readonly itemId: string;
  readonly type: EventType;
  readonly sessionId: string;
}

const SECONDS_BETWEEN_EVENTS = 2;

/**
 * Reads sessions from a tab- or comma-separated file with a header, gzipped or not: either a row an event (`session, item, time`
 * by their position) or a row a session (`session, items`, the items separated by spaces).
 * @param sessionsMax stops reading after so many
 */
export async function readSessions(file: string, sessionsMax: number): Promise<readonly ShopSession[]> {
  const raw = createReadStream(file);
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const rows = new Map<string, { item: string; time: string }[]>();
  let header: readonly string[] | undefined;
  for await (const line of lines) {
    const cells = line.split(/[\t,]/).map((cell) => cell.trim());
    if (!header) {
      header = cells.map((cell) => cell.toLowerCase());
      continue;
    }
    const [session, items, time = ''] = cells;
    if (!session || !items) continue;
    let row = rows.get(session);
    if (!row) {
      if (rows.size >= sessionsMax) break;
      row = [];
      rows.set(session, row);
    }
    for (const item of header[1] === 'items' ? items.split(' ') : [items]) row.push({ item, time });
  }
  raw.destroy();
  return [...rows].map(([id, events]) => ({
    id,
    items: events.sort((a, b) => a.time.localeCompare(b.time, 'en', { numeric: true })).map(({ item }) => item),
  }));
}

/** A generator of numbers in [0, 1) that gives the same ones for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const ITEMS_PER_AISLE = 30;

/** Sessions of a made-up shop, whose visitors mostly stay within an aisle; the same for the same seed. */
export function generateSessions(count: number, seed = 7): readonly ShopSession[] {
  const random = randomOf(seed);
  const pick = (max: number): number => Math.floor(random() ** 1.6 * max);
  return Array.from({ length: count }, (_, session) => {
    let aisle = pick(40);
    const items = Array.from({ length: 2 + pick(9) }, () => {
      if (random() < 0.1) aisle = pick(40);
      return `sku-${aisle}-${pick(ITEMS_PER_AISLE)}`;
    });
    return { id: `visit-${session + 1}`, items };
  });
}

/** The sessions' events in order of time, the last one now. Each has an id, so that sending it again changes nothing. */
export function toEvents(sessions: readonly ShopSession[], now: number): readonly SentEvent[] {
  const newId = createIdSource();
  const total = sessions.reduce((sum, { items }) => sum + items.length, 0);
  let at = now - total * SECONDS_BETWEEN_EVENTS * 1000;
  return sessions.flatMap(({ id, items }) =>
    items.map((itemId): SentEvent => {
      at += SECONDS_BETWEEN_EVENTS * 1000;
      return { id: newId('event', at), shopperId: `shopper-${id}`, itemId, type: 'view', sessionId: id };
    }),
  );
}
