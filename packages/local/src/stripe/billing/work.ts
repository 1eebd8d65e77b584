/** What one request works with: the store inside its transaction, its moment, and the events that it causes. */

import type Stripe from 'stripe';
import type { ObjectStore } from '../store/database.ts';
import { newId, type RandomText } from '../store/ids.ts';
import type { Kind } from '../store/kinds.ts';
import { recordEvent } from '../webhooks/record.ts';

export interface Cause {
  /** The request's id; `null` for what nobody asked for, such as a session that expired. */
  readonly id: string | null;
  readonly idempotencyKey: string | null;
  readonly apiVersion: string;
}

export interface Work {
  readonly store: ObjectStore;
  /** Seconds since the epoch: the moment of the whole request. */
  readonly now: number;
  /** Where the hosted pages are: `http://127.0.0.1:4403`. */
  readonly baseUrl: string;
  readonly cause: Cause;
  readonly random: RandomText;
  id(kind: Kind): string;
  /** Records an event with the object as it is now. */
  emit(type: Stripe.Event.Type, object: object): void;
  /** Records an update with what was different before; when nothing changed, nothing happened. */
  emitUpdate(type: Stripe.Event.Type, before: object, after: object): void;
}

export interface WorkOptions {
  readonly store: ObjectStore;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: RandomText;
  readonly baseUrl: () => string;
}

export function beginWork({ store, now, random, baseUrl }: WorkOptions, cause: Cause): Work {
  const ms = now();
  const work: Work = {
    store,
    now: Math.floor(ms / 1000),
    baseUrl: baseUrl(),
    cause,
    random,
    id: (kind) => newId(kind, random),
    emit: (type, object) => recordEvent(work, ms, type, { object }),
    emitUpdate(type, before, after) {
      const earlier = new Map(Object.entries(before));
      const later = new Map(Object.entries(after));
      const changed = [...new Set([...earlier.keys(), ...later.keys()])].filter(
        (name) => JSON.stringify(earlier.get(name)) !== JSON.stringify(later.get(name)),
      );
      if (changed.length === 0) return;
      const previous_attributes = Object.fromEntries(changed.map((name) => [name, earlier.get(name) ?? null]));
      recordEvent(work, ms, type, { object: after, previous_attributes });
    },
  };
  return work;
}
