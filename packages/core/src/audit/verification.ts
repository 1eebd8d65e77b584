import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import type { AuditRecord } from './audit.ts';
import { type Break, type ChainPlace, linkSchema, verifyLinks } from './chain.ts';
import { auditKeys } from './keys.ts';
import { findAudit, readEntries } from './read.ts';
import { readHead, sealNumbers } from './seal.ts';

/** Links that one call looks at; those who want the whole chain call again. */
export const linksAtOnce = 500;
const ENTRIES_AT_ONCE = 100;
/** The newest entries that are looked at for those that are not sealed yet. */
const NEWEST = 50;

export interface Verification {
  /** How far the chain is whole. */
  readonly place: ChainPlace;
  /** When the link there was sealed; null before the first. */
  readonly sealedAt: string | null;
  readonly head: ChainPlace;
  readonly broken: Break | null;
  /** Whether that is all; else go on from `place`. */
  readonly done: boolean;
  /** How many of the newest entries are not sealed yet: those of the last seconds. */
  readonly waiting: number;
}

/** Looks at a piece of a tenant's chain, from a place on. */
export async function verifyChain(audit: Table, tenantId: TenantId, from: ChainPlace): Promise<Verification> {
  // Before the links, which may become more in the meantime.
  const head = await readHead(audit, tenantId);
  const upTo = Math.min(head.number, from.number + linksAtOnce);
  const links = upTo > from.number ? await readLinks(audit, tenantId, from.number + 1, upTo) : [];
  const { place, broken } = verifyLinks(from, tenantId, links, await sealedEntries(audit, tenantId, links));
  const missing = broken ?? missingAtEnd(place, upTo, head);
  const done = missing !== null || upTo >= head.number;
  return {
    place,
    sealedAt: links.find(({ number }) => number === place.number)?.sealedAt ?? null,
    head,
    broken: missing,
    done,
    waiting: done ? await countWaiting(audit, tenantId) : 0,
  };
}

/** What is cut off at the end, the head still tells of. */
function missingAtEnd(place: ChainPlace, upTo: number, head: ChainPlace): Break | null {
  if (place.number < upTo) return { number: place.number + 1, entryId: null, reason: 'missing-link' };
  if (place.number > head.number) return { number: head.number + 1, entryId: null, reason: 'missing-link' };
  if (place.number === head.number && place.hash !== head.hash) {
    return { number: head.number, entryId: null, reason: 'changed' };
  }
  return null;
}

async function readLinks({ client, name }: Table, tenantId: TenantId, first: number, last: number) {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: name,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':pk': auditKeys.link(tenantId, first).pk,
        ':first': auditKeys.link(tenantId, first).sk,
        ':last': auditKeys.link(tenantId, last).sk,
      },
      ConsistentRead: true,
    }),
  );
  return z.array(linkSchema).parse(Items);
}

async function sealedEntries(audit: Table, tenantId: TenantId, links: readonly { readonly entryId: string }[]) {
  const ids = [...new Set(links.map(({ entryId }) => entryId))];
  const pages = Array.from({ length: Math.ceil(ids.length / ENTRIES_AT_ONCE) }, (_, page) =>
    readEntries(audit, tenantId, ids.slice(page * ENTRIES_AT_ONCE, (page + 1) * ENTRIES_AT_ONCE)),
  );
  return new Map<string, AuditRecord>((await Promise.all(pages)).flatMap((page) => [...page]));
}

async function countWaiting(audit: Table, tenantId: TenantId): Promise<number> {
  const { entries } = await findAudit(audit, tenantId, {}, { limit: NEWEST });
  const ids = entries.map(({ id }) => id);
  const sealed = await sealNumbers(audit, tenantId, ids);
  return ids.filter((id) => !sealed.has(id)).length;
}
