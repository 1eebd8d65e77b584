import { BatchGetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { type AuditPage, type AuditRecord, parseAuditRow } from './audit.ts';
import { auditKeys, idsBetween } from './keys.ts';

export interface AuditFilter {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
}

/** Pages of rows of both actor and action that are looked through for one page of entries. */
const LOOKS_MAX = 5;
const LOOK_ROWS = 100;

/** Entries by their ids, a hundred at most. */
export async function readEntries(
  { client, name }: Table,
  tenantId: TenantId,
  entryIds: readonly string[],
): Promise<ReadonlyMap<string, AuditRecord>> {
  const found = new Map<string, AuditRecord>();
  let Keys: Record<string, unknown>[] = entryIds.map((id) => auditKeys.entry(tenantId, id));
  while (Keys.length > 0) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [name]: { Keys, ConsistentRead: true } } }),
    );
    for (const row of Responses?.[name] ?? []) {
      const entry = parseAuditRow(row);
      found.set(entry.id, entry);
    }
    Keys = UnprocessedKeys?.[name]?.Keys ?? [];
  }
  return found;
}

/** Keys of a partition between two ends, the last first. */
async function idsOf(
  { client, name }: Table,
  range: { readonly pk: string; readonly first: string; readonly last: string },
  options: { readonly limit: number; readonly after?: string | undefined; readonly action?: string | undefined },
) {
  const { limit, after, action } = options;
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: name,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':pk': range.pk,
        ':first': range.first,
        ':last': range.last,
        ...(action === undefined ? {} : { ':action': action }),
      },
      ...(action === undefined
        ? {}
        : { FilterExpression: '#action = :action', ExpressionAttributeNames: { '#action': 'action' } }),
      ScanIndexForward: false,
      Limit: limit,
      ...(after ? { ExclusiveStartKey: { pk: range.pk, sk: after } } : {}),
    }),
  );
  return { items: Items, last: LastEvaluatedKey ? String(LastEvaluatedKey.sk) : undefined };
}

const idOf = (row: Record<string, unknown>): string => z.string().parse(row.entryId);
/** The id at the end of a sort key. */
const idIn = (sk: string): string => sk.slice(sk.lastIndexOf('#') + 1);

/**
 * A tenant's entries that suit a filter, newest first. Times and one of actor and action are conditions on keys; both together are a filter on the rows of
 * the actor, of which a bounded number is looked through, so that a page may be short, or empty, and still have a next one.
 * @param after id of an entry; the page begins with the next older one
 */
export async function findAudit(
  audit: Table,
  tenantId: TenantId,
  filter: AuditFilter,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<AuditPage> {
  const { from, to, actor, action } = filter;
  const { first, last } = idsBetween(from, to);
  // The table refuses such a range, and a place outside of one.
  if (first > last || (after !== undefined && after < first)) return { entries: [], next: undefined };
  const keyOf = (id: string) =>
    actor !== undefined
      ? auditKeys.byActor(tenantId, actor, id)
      : action !== undefined
        ? auditKeys.byAction(tenantId, action, id)
        : auditKeys.entry(tenantId, id);
  const range = { pk: keyOf(first).pk, first: keyOf(first).sk, last: keyOf(last).sk };
  let place = after && after <= last ? keyOf(after).sk : undefined;
  if (actor === undefined && action === undefined) {
    const { items, last: next } = await idsOf(audit, range, { limit, after: place });
    return { entries: items.map(parseAuditRow), next };
  }
  const both = actor !== undefined && action !== undefined;
  const ids: string[] = [];
  for (let looks = 0; looks < LOOKS_MAX && ids.length < limit; looks += 1) {
    const page = await idsOf(audit, range, {
      limit: both ? LOOK_ROWS : limit - ids.length,
      after: place,
      action: both ? action : undefined,
    });
    ids.push(...page.items.map(idOf));
    place = page.last;
    if (!place) break;
  }
  const shown = ids.slice(0, limit);
  const entries = await readEntries(audit, tenantId, shown);
  const next = ids.length > limit ? shown.at(-1) : place && idIn(place);
  return { entries: shown.flatMap((id) => entries.get(id) ?? []), next };
}
