/** Events, and the deliveries that they are owed, in the transaction of the change that they tell of. */

import type Stripe from 'stripe';
import type { Work } from '../billing/work.ts';

/** Kept in the same file as the objects, so that neither can be without the other. */
export const deliverySchema = `
  CREATE TABLE IF NOT EXISTS deliveries (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, endpoint TEXT NOT NULL, dueAt INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending', attempts INTEGER NOT NULL DEFAULT 0, lastStatus INTEGER, lastError TEXT, lastAt INTEGER
  );
  CREATE INDEX IF NOT EXISTS dueDeliveries ON deliveries (endpoint, dueAt) WHERE state = 'pending';
  CREATE INDEX IF NOT EXISTS deliveriesOfEvent ON deliveries (event);
  CREATE TABLE IF NOT EXISTS faults (id INTEGER PRIMARY KEY CHECK (id = 1), document TEXT NOT NULL);
`;

/** Disorder on demand, to see that a receiver bears it. */
export interface WebhookFaults {
  /** Each event is delivered this many times more. */
  readonly duplicate: number;
  /** Milliseconds before the first attempt. */
  readonly delayMs: number;
  /** Events are delivered in random order, within a few hundred milliseconds. */
  readonly shuffle: boolean;
  /** The first attempts of each delivery that are lost on the way. */
  readonly drop: number;
  /** Attempts after those that arrive, and whose answer is lost. */
  readonly loseAnswers: number;
}

export const noFaults: WebhookFaults = { duplicate: 0, delayMs: 0, shuffle: false, drop: 0, loseAnswers: 0 };
const SHUFFLE_WINDOW_MS = 400;

export function readFaults({ store }: Pick<Work, 'store'>): WebhookFaults {
  const row = store.sql.prepare('SELECT document FROM faults').get();
  return row ? { ...noFaults, ...JSON.parse(String(row.document)) } : noFaults;
}

export function writeFaults({ store }: Pick<Work, 'store'>, faults: WebhookFaults): void {
  store.sql
    .prepare('INSERT INTO faults VALUES (1, ?) ON CONFLICT DO UPDATE SET document = excluded.document')
    .run(JSON.stringify(faults));
}

const wants = (endpoint: Stripe.WebhookEndpoint, type: string): boolean =>
  endpoint.status === 'enabled' && (endpoint.enabled_events.includes('*') || endpoint.enabled_events.includes(type));

/** @param nowMs milliseconds since the epoch */
export function recordEvent(work: Work, nowMs: number, type: Stripe.Event.Type, data: Stripe.Event.Data): void {
  const { store, cause } = work;
  const event: Stripe.EventBase = {
    id: work.id('event'),
    object: 'event',
    api_version: cause.apiVersion,
    created: work.now,
    data,
    livemode: false,
    pending_webhooks: 0,
    request: { id: cause.id, idempotency_key: cause.idempotencyKey },
    type,
  };
  store.insert('event', event, { recordedAtMs: nowMs });
  owe(work, nowMs, event.id, type);
}

/** Plans a delivery to every endpoint that wants the type. */
export function owe({ store }: Pick<Work, 'store'>, nowMs: number, event: string, type: string): void {
  const { duplicate, delayMs, shuffle } = readFaults({ store });
  for (const endpoint of store.all('webhook_endpoint', {})) {
    if (!wants(endpoint, type)) continue;
    for (let copy = 0; copy <= duplicate; copy += 1) {
      const disorder = shuffle ? Math.floor(Math.random() * SHUFFLE_WINDOW_MS) : 0;
      store.sql
        .prepare('INSERT INTO deliveries (event, endpoint, dueAt) VALUES (?, ?, ?)')
        .run(event, endpoint.id, nowMs + delayMs + disorder);
    }
  }
}

/** Deliveries of this event that are still to be made, which Stripe tells with the event. */
export function pendingWebhooks({ store }: Pick<Work, 'store'>, event: string): number {
  return Number(
    store.sql.prepare("SELECT count(*) AS pending FROM deliveries WHERE event = ? AND state = 'pending'").get(event)
      ?.pending ?? 0,
  );
}

/** Removes an endpoint with what is still owed to it. */
export function removeEndpoint({ store }: Pick<Work, 'store'>, id: string): void {
  store.remove('webhook_endpoint', id);
  store.sql.prepare("DELETE FROM deliveries WHERE endpoint = ? AND state = 'pending'").run(id);
}
