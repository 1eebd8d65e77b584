import { createHash } from 'node:crypto';
import { controlKeys } from '../control/keys.ts';
import type { TenantId, UserId } from '../ids/id.ts';
import { canonicalJson } from '../signing/canonical-json.ts';

/** A request that may come again: who sends it where, what it asks for, and the key by which its sender will know it. */
export interface Attempt {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly routeId: string;
  /** The sender's. It is never stored: without it an answer that is kept does not open. */
  readonly key: string;
  /** Path, query and body, as the contract reads them. */
  readonly input: unknown;
}

const sha256 = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

/** Where the answer is kept: one place for each sender, route and key. */
export const placeOf = ({ tenantId, userId, routeId, key }: Attempt) =>
  controlKeys.answer(tenantId, `${userId}#${routeId}#${sha256(key)}`);

/** Equal for what asks for the same; the key is in it, so that nobody can tell an input by trying. */
export const fingerprintOf = ({ key, input }: Attempt): string => sha256(key, canonicalJson(input ?? null));
