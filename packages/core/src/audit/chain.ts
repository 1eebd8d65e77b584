import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { TenantId } from '../ids/id.ts';
import { canonicalJson } from '../signing/canonical-json.ts';
import type { AuditRecord } from './audit.ts';

/** One link of a tenant's chain: it seals one entry of the log, and holds the hash of the link before. */
export const linkSchema = z.object({
  /** From 1, without gaps. */
  number: z.int().positive(),
  entryId: z.string(),
  /** Of the link before, in hexadecimal. */
  previous: z.string(),
  /** Of everything above and of what the entry says. */
  hash: z.string(),
  sealedAt: z.string(),
});
export type Link = z.infer<typeof linkSchema>;

/** A place in the chain: how many links there are up to it, and the hash of the last. */
export interface ChainPlace {
  readonly number: number;
  readonly hash: string;
}

/** Before the first link. */
export const chainStart: ChainPlace = { number: 0, hash: '0'.repeat(64) };

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @returns the hash, in hexadecimal, of the link that seals an entry after a place */
function hashAfter(place: ChainPlace, tenantId: TenantId, entry: AuditRecord): string {
  const { id, at, actor, action, details } = entry;
  const sealed = { number: place.number + 1, previous: place.hash, tenantId, id, at, actor, action, details };
  return sha256(canonicalJson(sealed));
}

/** Seals an entry after a place. */
export const linkAfter = (place: ChainPlace, tenantId: TenantId, entry: AuditRecord, at: Date): Link => ({
  number: place.number + 1,
  entryId: entry.id,
  previous: place.hash,
  hash: hashAfter(place, tenantId, entry),
  sealedAt: at.toISOString(),
});

/** Why a chain is broken, and where. */
export interface Break {
  readonly number: number;
  readonly entryId: string | null;
  /** `missing-link`: a link is gone or out of order; `missing-entry`: what it sealed is gone; `changed`: one of the two was changed. */
  readonly reason: 'missing-link' | 'missing-entry' | 'changed';
}

/**
 * Goes along links from a place on, and compares each with the entry that it sealed.
 * @param links in the order of their numbers
 * @returns how far the chain is whole, and what is wrong there
 */
export function verifyLinks(
  from: ChainPlace,
  tenantId: TenantId,
  links: readonly Link[],
  entries: ReadonlyMap<string, AuditRecord>,
): { readonly place: ChainPlace; readonly broken: Break | null } {
  let place = from;
  for (const { number, entryId, previous, hash } of links) {
    const entry = entries.get(entryId);
    const reason =
      number !== place.number + 1
        ? 'missing-link'
        : !entry
          ? 'missing-entry'
          : previous !== place.hash || hash !== hashAfter(place, tenantId, entry)
            ? 'changed'
            : undefined;
    if (reason) return { place, broken: { number: place.number + 1, entryId, reason } };
    place = { number, hash };
  }
  return { place, broken: null };
}
