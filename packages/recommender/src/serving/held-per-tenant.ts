import type { TenantId } from '@tenantry/core/ids/id';
import { within } from './deadline.ts';

/** What is held of one tenant, and what it was made from. */
export interface Held<T> {
  readonly value: T;
  /** Of the object that it depends on; undefined where there is none. */
  readonly etag: string | undefined;
  readonly bytes: number;
}

/** A newer model may take seconds to read, and shoppers have what is held meanwhile. */
const WAIT_MS = 500;

/**
 * Holds something of each tenant in memory within a bound, least recently used out first. Whether it has changed is asked again after a while;
 * requests that come together share the question, and while it cannot be answered, or not soon, what is held is good enough.
 */
export function heldPerTenant<T, C>(options: {
  /** @param current what is held; given back when it has not changed */
  readonly load: (tenantId: TenantId, client: C, current: Held<T> | undefined) => Promise<Held<T>>;
  readonly bytesMax: number;
  readonly checkEveryMs: number;
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
  /** How long a request waits for something newer than what is held, in milliseconds; 500 unless given. */
  readonly waitMs?: number | undefined;
  /** Told of what could not be loaded while something older serves on. */
  readonly onError?: ((error: unknown, tenantId: TenantId) => void) | undefined;
}): (tenantId: TenantId, client: C) => Promise<T> {
  const { load, bytesMax, checkEveryMs, now = Date.now, waitMs = WAIT_MS, onError } = options;
  const held = new Map<TenantId, Held<T> & { readonly checkedAt: number }>();
  const loading = new Map<TenantId, Promise<Held<T>>>();

  const keep = (tenantId: TenantId, entry: Held<T>): void => {
    held.delete(tenantId);
    held.set(tenantId, { ...entry, checkedAt: now() });
    let total = [...held.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [oldest, { bytes }] of held) {
      if (total <= bytesMax || oldest === tenantId) break;
      held.delete(oldest);
      total -= bytes;
    }
  };

  const refresh = (tenantId: TenantId, client: C, current: Held<T> | undefined): Promise<Held<T>> => {
    const running = loading.get(tenantId);
    if (running) return running;
    const started = load(tenantId, client, current)
      .then((entry) => {
        keep(tenantId, entry);
        return entry;
      })
      .finally(() => loading.delete(tenantId));
    loading.set(tenantId, started);
    return started;
  };

  return async (tenantId, client) => {
    const current = held.get(tenantId);
    if (!current) return (await refresh(tenantId, client, undefined)).value;
    held.delete(tenantId);
    held.set(tenantId, current);
    if (now() - current.checkedAt < checkEveryMs || loading.has(tenantId)) return current.value;
    const newer = refresh(tenantId, client, current).then(
      ({ value }) => value,
      (error: unknown) => {
        onError?.(error, tenantId);
        // Not asked again with every request while it fails.
        keep(tenantId, current);
        return current.value;
      },
    );
    return within(waitMs, newer).catch(() => current.value);
  };
}
