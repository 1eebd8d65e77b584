import { encodeTime } from 'ulid';
import { idPrefixes, type TenantId } from '../ids/id.ts';
import type { AuditRecord } from './audit.ts';

/** Wide enough for any number of entries, so that they sort as numbers do. */
const NUMBER_DIGITS = 12;
const TIME_CHARS = 10;
const RANDOM_CHARS = 16;

/**
 * Keys of the audit table. Entries lie under `TENANT#<id>` and are only ever put. What the sealer makes of them lies in partitions of its own, so that
 * whoever may append entries cannot touch the chain, and the other way round.
 */
export const auditKeys = {
  entry: (tenantId: TenantId, entryId: string) => ({ pk: `TENANT#${tenantId}`, sk: entryId }),
  /** How far the chain is. */
  head: (tenantId: TenantId) => ({ pk: `TENANT#${tenantId}#CHAIN`, sk: 'HEAD' }),
  link: (tenantId: TenantId, number: number) => ({
    pk: `TENANT#${tenantId}#CHAIN`,
    sk: `LINK#${String(number).padStart(NUMBER_DIGITS, '0')}`,
  }),
  /** That an entry is sealed, and as which. */
  sealed: (tenantId: TenantId, entryId: string) => ({ pk: `TENANT#${tenantId}#CHAIN`, sk: `ENTRY#${entryId}` }),
  /** Entries by who did it and by what was done. */
  byActor: (tenantId: TenantId, actor: string, entryId: string) => ({
    pk: `TENANT#${tenantId}#FOUND`,
    sk: `ACTOR#${actor}#${entryId}`,
  }),
  byAction: (tenantId: TenantId, action: string, entryId: string) => ({
    pk: `TENANT#${tenantId}#FOUND`,
    sk: `ACTION#${action}#${entryId}`,
  }),
} as const;

/** The id before and the id after all entries of a time span; both ends count. */
export function idsBetween(
  from: Date | undefined,
  to: Date | undefined,
): { readonly first: string; readonly last: string } {
  const time = (at: Date): string => encodeTime(Math.max(0, at.getTime()), TIME_CHARS).toLowerCase();
  const prefix = `${idPrefixes.audit}_`;
  return {
    first: `${prefix}${from ? time(from) : '0'.repeat(TIME_CHARS)}${'0'.repeat(RANDOM_CHARS)}`,
    last: `${prefix}${to ? time(to) : `7${'z'.repeat(TIME_CHARS - 1)}`}${'z'.repeat(RANDOM_CHARS)}`,
  };
}

/** The rows by which an entry is found. */
export const findingRows = (tenantId: TenantId, { id, actor, action }: AuditRecord) => [
  { ...auditKeys.byActor(tenantId, actor, id), entryId: id, action },
  { ...auditKeys.byAction(tenantId, action, id), entryId: id },
];
