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
  /** Seconds since the epoch: the moment of the whole request, by the clock. */
  readonly now: number;
  /** The test clock that counts; `null` for the time of day. */
  readonly clock: string | null;
  /** Seconds since the epoch by the time of day, whatever the clock. */
  readonly dayTime: number;
  /** Where the hosted pages are: `http://127.0.0.1:4403`. */
  readonly baseUrl: string;
  readonly cause: Cause;
  readonly random: RandomText;
  id(kind: Kind): string;
  /** Records an event with the object as it is now. */
  emit(type: Stripe.Event.Type, object: object): void;
  /** Records an update with what was different before; when nothing changed, nothing happened. */
  emitUpdate(type: Stripe.Event.Type, before: object, after: object): void;
  /** The same work at another moment, by a clock. */
  at(now: number, clock: string | null): Work;
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
  const dayTime = Math.floor(ms / 1000);
  const at = (moment: number, clock: string | null): Work => {
    const work: Work = {
      store,
      now: moment,
      clock,
      dayTime,
      baseUrl: baseUrl(),
      cause,
      random,
      id: (kind) => newId(kind, random),
      emit: (type, object) => recordEvent(work, ms, type, { object }),
      emitUpdate(type, before, after) {
        const previous_attributes = changedFields(before, after);
        if (previous_attributes) recordEvent(work, ms, type, { object: after, previous_attributes });
      },
      at,
    };
    return work;
  };
  return at(dayTime, null);
}

function changedFields(before: object, after: object): Record<string, unknown> | undefined {
  const earlier = new Map(Object.entries(before));
  const later = new Map(Object.entries(after));
  const changed = [...new Set([...earlier.keys(), ...later.keys()])].filter(
    (name) => JSON.stringify(earlier.get(name)) !== JSON.stringify(later.get(name)),
  );
  return changed.length === 0
    ? undefined
    : Object.fromEntries(changed.map((name) => [name, earlier.get(name) ?? null]));
}

/** Work whose events wait until `release`, for what Stripe tells in another order than it happens. */
export function holdEvents(work: Work): { readonly held: Work; release(except?: Stripe.Event.Type): void } {
  const waiting: { readonly type: Stripe.Event.Type; emit(): void }[] = [];
  const held: Work = {
    ...work,
    emit: (type, object) => void waiting.push({ type, emit: () => work.emit(type, object) }),
    emitUpdate: (type, before, after) => void waiting.push({ type, emit: () => work.emitUpdate(type, before, after) }),
  };
  return {
    held,
    release(except) {
      for (const { type, emit } of waiting) if (type !== except) emit();
    },
  };
}
