import { BatchGetCommand, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { cancellationCodes, type Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import type { AuditRecord } from './audit.ts';
import { type ChainPlace, chainStart, type Link, linkAfter } from './chain.ts';
import { auditKeys, findingRows } from './keys.ts';

/** A transaction takes 100 items; sealing an entry takes five, and the head one. */
const ENTRIES_AT_ONCE = 19;
const TRIES_MAX = 20;

const headSchema = z.object({ number: z.int(), hash: z.string() });

/** How far a tenant's chain is. */
export async function readHead({ client, name }: Table, tenantId: TenantId): Promise<ChainPlace> {
  const { Item } = await client.send(
    new GetCommand({ TableName: name, Key: auditKeys.head(tenantId), ConsistentRead: true }),
  );
  return Item ? headSchema.parse(Item) : chainStart;
}

const sealedSchema = z.object({ sk: z.string(), number: z.int() });

/** The numbers of those of the entries, a hundred at most, that are sealed. */
export async function sealNumbers(
  { client, name }: Table,
  tenantId: TenantId,
  entryIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>();
  let Keys: Record<string, unknown>[] = entryIds.map((id) => auditKeys.sealed(tenantId, id));
  while (Keys.length > 0) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [name]: { Keys, ConsistentRead: true } } }),
    );
    for (const { sk, number } of z.array(sealedSchema).parse(Responses?.[name] ?? [])) {
      numbers.set(sk.slice('ENTRY#'.length), number);
    }
    Keys = UnprocessedKeys?.[name]?.Keys ?? [];
  }
  return numbers;
}

/**
 * Seals entries of a tenant's log in the order given, each once: those that are sealed stay where they are, and those that were erased are left out. Two
 * who seal at the same time do it one after the other.
 * @returns the head afterwards, and how many entries were sealed
 */
export async function sealEntries(
  audit: Table,
  tenantId: TenantId,
  entries: readonly AuditRecord[],
  at: Date,
): Promise<ChainPlace & { readonly sealed: number }> {
  let open = entries;
  let sealed = 0;
  for (let tries = 0; tries < TRIES_MAX; ) {
    const some = open.slice(0, ENTRIES_AT_ONCE);
    const head = await readHead(audit, tenantId);
    if (some.length === 0) return { ...head, sealed };
    const done = await sealNumbers(
      audit,
      tenantId,
      some.map(({ id }) => id),
    );
    const left = some.filter(({ id }) => !done.has(id));
    const outcome = left.length > 0 ? await appendLinks(audit, tenantId, head, left, at) : { erased: [] };
    if (!outcome) {
      tries += 1;
      continue;
    }
    const erased = new Set(outcome.erased);
    if (erased.size > 0) {
      open = open.filter(({ id }) => !erased.has(id));
      continue;
    }
    sealed += left.length;
    open = open.slice(some.length);
  }
  throw new Error('The chain of the audit log is sealed by too many at once.');
}

/** @returns which of the entries are not there any more, and then nothing is sealed; undefined when somebody else sealed at the same time */
async function appendLinks(
  { client, name: TableName }: Table,
  tenantId: TenantId,
  head: ChainPlace,
  entries: readonly AuditRecord[],
  at: Date,
): Promise<{ readonly erased: readonly string[] } | undefined> {
  const links: Link[] = [];
  for (const entry of entries) links.push(linkAfter(links.at(-1) ?? head, tenantId, entry, at));
  const last = links.at(-1);
  if (!last) return { erased: [] };
  const once = 'attribute_not_exists(pk)';
  const put = (Item: Record<string, unknown>) => ({ Put: { TableName, Item, ConditionExpression: once } });
  try {
    await client.send(
      new TransactWriteCommand({
        TransactItems: [
          // An erased entry is not sealed any more: else the chain of a tenant that is deleted would come back.
          ...entries.map(({ id }) => ({
            ConditionCheck: {
              TableName,
              Key: auditKeys.entry(tenantId, id),
              ConditionExpression: 'attribute_exists(pk)',
            },
          })),
          {
            Put: {
              TableName,
              Item: { ...auditKeys.head(tenantId), number: last.number, hash: last.hash },
              ConditionExpression: head.number === 0 ? once : '#hash = :hash',
              ...(head.number === 0
                ? {}
                : {
                    ExpressionAttributeNames: { '#hash': 'hash' },
                    ExpressionAttributeValues: { ':hash': head.hash },
                  }),
            },
          },
          ...links.flatMap((link) => [
            put({ ...auditKeys.link(tenantId, link.number), ...link }),
            put({ ...auditKeys.sealed(tenantId, link.entryId), number: link.number }),
          ]),
          ...entries.flatMap((entry) => findingRows(tenantId, entry).map(put)),
        ],
      }),
    );
    return { erased: [] };
  } catch (error) {
    const codes = cancellationCodes(error);
    if (!codes) throw error;
    const erased = entries.filter((_, index) => codes[index] === 'ConditionalCheckFailed').map(({ id }) => id);
    return erased.length > 0 ? { erased } : undefined;
  }
}
