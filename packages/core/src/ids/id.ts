import { decodeTime, monotonicFactory, ulid } from 'ulid';

/** Prefixes of the ids in this system, by what they name. */
export const idPrefixes = {
  tenant: 'ten',
  user: 'usr',
  apiKey: 'key',
  event: 'evt',
  recommendation: 'rec',
  audit: 'aud',
  model: 'mdl',
  /** To become a user of a company. */
  invitation: 'inv',
  /** A request to suspend or to reactivate a tenant. */
  change: 'chg',
  /** A rollout of a version of the recommender to the silos. */
  rollout: 'rol',
  /** An export of a tenant's data. */
  export: 'exp',
  /** An erasure of a shopper. */
  erasure: 'ers',
  /** An experiment with variants of lists. */
  experiment: 'xpr',
  /** An address that a company wants to be told at. */
  webhook: 'whk',
  /** What it is told; the same id with every attempt. */
  message: 'msg',
  /** A mail of the provider's staff to many companies. */
  announcement: 'ann',
} as const satisfies Record<string, string>;

export type IdKind = keyof typeof idPrefixes;
export type Id<K extends IdKind> = `${(typeof idPrefixes)[K]}_${string}`;
export type TenantId = Id<'tenant'>;
export type UserId = Id<'user'>;

/** Where ids come from; tests pass a deterministic one. */
export type IdSource = <K extends IdKind>(kind: K, atMs?: number) => Id<K>;

/** 26 characters of Crockford's base 32, lower case so that an id is also a valid DNS label and table name part. */
export const ulidPattern = /[0-7][0-9abcdefghjkmnpqrstvwxyz]{25}/;

export const idPattern = (kind: IdKind): RegExp => new RegExp(`^${idPrefixes[kind]}_${ulidPattern.source}$`);

const RANDOM_BYTES = 1024;

/** Random numbers for ids, from bytes that are asked for many at a time: one by one they take most of what an id does. */
function pooledRandom(): () => number {
  const bytes = new Uint8Array(RANDOM_BYTES);
  let at = RANDOM_BYTES;
  return () => {
    if (at === RANDOM_BYTES) {
      globalThis.crypto.getRandomValues(bytes);
      at = 0;
    }
    const byte = bytes[at] ?? 0;
    at += 1;
    return byte / 256;
  };
}

/**
 * Ids that sort by time, and by order of creation within a millisecond of this process. An id of the past carries the
 * past's time, whatever was made before it.
 */
export function createIdSource(now: () => number = Date.now): IdSource {
  const random = pooledRandom();
  const next = monotonicFactory(random);
  let latest = 0;
  return (kind, atMs = now()) => {
    // The monotonic factory never goes back: for an earlier time it would give the latest.
    const id = atMs < latest ? ulid(atMs, random) : next(atMs);
    latest = Math.max(latest, atMs);
    return `${idPrefixes[kind]}_${id.toLowerCase()}`;
  };
}

export const newId: IdSource = createIdSource();

export const isTenantId = (value: unknown): value is TenantId =>
  typeof value === 'string' && idPattern('tenant').test(value);

/** Milliseconds since the epoch that a prefixed ULID carries. */
export const timeOfId = (id: string): number => decodeTime(id.slice(id.indexOf('_') + 1).toUpperCase());
