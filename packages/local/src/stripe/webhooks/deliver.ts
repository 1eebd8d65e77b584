/** Sends events to their endpoints, signed, until each was accepted or given up; continues where a restart left off. */

import Stripe from 'stripe';
import type { ObjectStore } from '../store/database.ts';
import { pendingWebhooks, readFaults } from './record.ts';

/** As Stripe gives up after three days. */
const GIVE_UP_AFTER_MS = 3 * 24 * 3600 * 1000;
const RETRY_MAX_MS = 10 * 60 * 1000;
const TIMEOUT_MS = 20_000;
const TIMER_MAX_MS = 2 ** 31 - 1;

export interface Deliveries {
  /** Looks for what is due; called after every change. */
  wake(): void;
  /** Stops sending. What is under way may arrive, and is sent again after a restart. */
  close(): Promise<void>;
}

export interface DeliveryOptions {
  readonly store: ObjectStore;
  readonly now: () => number;
  /** Wait before the second attempt in milliseconds; every further wait is twice as long. */
  readonly retryFirstMs: number;
}

interface Due {
  readonly sequence: number;
  readonly event: string;
  readonly endpoint: string;
  readonly dueAt: number;
  readonly attempts: number;
}

/** Endpoints are independent of each other; to one endpoint, one event at a time in the order in which they are due. */
export function startDeliveries({ store, now, retryFirstMs }: DeliveryOptions): Deliveries {
  const busy = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const select = store.sql.prepare(
    "SELECT sequence, event, dueAt, attempts FROM deliveries WHERE state = 'pending' AND endpoint = ? ORDER BY dueAt, sequence LIMIT 1",
  );
  const settle = store.sql.prepare(
    'UPDATE deliveries SET state = ?, attempts = ?, dueAt = ?, lastStatus = ?, lastError = ?, lastAt = ? WHERE sequence = ?',
  );

  /** The next delivery of every endpoint that has one. */
  function readDue(): Due[] {
    return store.all('webhook_endpoint', {}).flatMap(({ id: endpoint }) => {
      const row = select.get(endpoint);
      return row
        ? [
            {
              sequence: Number(row.sequence),
              event: String(row.event),
              endpoint,
              dueAt: Number(row.dueAt),
              attempts: Number(row.attempts),
            },
          ]
        : [];
    });
  }

  async function post(due: Due): Promise<{ status: number | null; error: string | null }> {
    const endpoint = store.find('webhook_endpoint', due.endpoint);
    const event = store.find('event', due.event);
    if (!endpoint || !event) return { status: null, error: 'gone' };
    const payload = JSON.stringify({ ...event, pending_webhooks: pendingWebhooks({ store }, event.id) }, null, 2);
    const timestamp = Math.floor(now() / 1000);
    const { secret } = store.hidden('webhook_endpoint', endpoint.id);
    const signature = await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp });
    try {
      const response = await fetch(endpoint.url, {
        method: 'POST',
        body: payload,
        redirect: 'manual',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'stripe-signature': signature,
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      return { status: response.status, error: null };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      return { status: null, error: cause instanceof Error ? cause.message : String(cause) };
    }
  }

  async function attempt(due: Due): Promise<void> {
    const { drop, loseAnswers } = readFaults({ store });
    const isDropped = due.attempts < drop;
    const isAnswerLost = !isDropped && due.attempts < drop + loseAnswers;
    const answer = isDropped ? undefined : await post(due);
    const { status, error } = answer && !isAnswerLost ? answer : { status: null, error: 'lost on purpose' };
    if (stopping.signal.aborted) return;
    const attempts = due.attempts + 1;
    const accepted = status !== null && status >= 200 && status < 300;
    const waitMs = Math.min(RETRY_MAX_MS, retryFirstMs * 2 ** (attempts - 1));
    const event = store.find('event', due.event);
    const recordedAtMs = event && (store.hidden('event', event.id).recordedAtMs ?? event.created * 1000);
    const given = error === 'gone' || recordedAtMs === undefined || now() + waitMs > recordedAtMs + GIVE_UP_AFTER_MS;
    const state = accepted ? 'delivered' : given ? 'failed' : 'pending';
    settle.run(state, attempts, now() + waitMs, status, error, now(), due.sequence);
  }

  function wake(): void {
    if (stopping.signal.aborted) return;
    clearTimeout(timer);
    timer = undefined;
    let nextAt = Number.POSITIVE_INFINITY;
    for (const due of readDue()) {
      if (busy.has(due.endpoint)) continue;
      if (due.dueAt > now()) {
        nextAt = Math.min(nextAt, due.dueAt);
        continue;
      }
      const sending = attempt(due).finally(() => {
        busy.delete(due.endpoint);
        wake();
      });
      busy.set(due.endpoint, sending);
    }
    if (nextAt < Number.POSITIVE_INFINITY)
      timer = setTimeout(wake, Math.min(TIMER_MAX_MS, Math.max(1, nextAt - now()))).unref();
  }

  return {
    wake,
    async close() {
      stopping.abort();
      clearTimeout(timer);
      await Promise.allSettled(busy.values());
    },
  };
}
