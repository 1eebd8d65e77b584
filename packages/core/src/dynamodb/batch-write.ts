import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';

/** BatchWriteItem takes at most this many items. */
const BATCH_MAX = 25;
const UNPROCESSED_TRIES_MAX = 6;

export type Item = Readonly<Record<string, unknown>>;
type WriteRequest =
  | { readonly PutRequest: { readonly Item: Item } }
  | { readonly DeleteRequest: { readonly Key: Item } };

/** Items to write to one table. No key may come twice, across `puts` and `deletes`: BatchWriteItem refuses that. */
export interface TableWrites {
  readonly table: Table;
  readonly puts?: readonly Item[];
  readonly deletes?: readonly Item[];
}

/**
 * Writes to one or several tables, all reached with the client of the first, in ⌈n/25⌉ round trips side by side. Returns only
 * when every item is written.
 * @throws {DomainError} `unavailable` when the tables do not take them all; writing all of them again is safe.
 */
export async function batchWrite(writes: readonly TableWrites[]): Promise<void> {
  const client = writes[0]?.table.client;
  if (!client) return;
  const all = writes.flatMap(({ table, puts = [], deletes = [] }): { name: string; request: WriteRequest }[] => [
    ...puts.map((Item) => ({ name: table.name, request: { PutRequest: { Item } } })),
    ...deletes.map((Key) => ({ name: table.name, request: { DeleteRequest: { Key } } })),
  ]);
  const batches = Array.from({ length: Math.ceil(all.length / BATCH_MAX) }, (_, i) => {
    const batch: Record<string, WriteRequest[]> = {};
    for (const { name, request } of all.slice(i * BATCH_MAX, (i + 1) * BATCH_MAX)) {
      batch[name] = [...(batch[name] ?? []), request];
    }
    return batch;
  });
  await Promise.all(batches.map((batch) => writeBatch(client, batch)));
}

async function writeBatch(client: Table['client'], batch: Record<string, WriteRequest[]>): Promise<void> {
  let requests = batch;
  for (let attempt = 0; attempt < UNPROCESSED_TRIES_MAX; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 25 * 2 ** attempt * Math.random()));
    const { UnprocessedItems = {} } = await client.send(new BatchWriteCommand({ RequestItems: toWire(requests) }));
    requests = UnprocessedItems as Record<string, WriteRequest[]>;
    if (Object.keys(requests).length === 0) return;
  }
  throw new DomainError('unavailable', 'Not everything could be stored; send it again.', {
    retryAfterSeconds: 1,
    internal: { unprocessed: Object.values(requests).flat().length },
  });
}

/** The SDK's types ask for mutable lists. */
const toWire = (requests: Readonly<Record<string, readonly WriteRequest[]>>) =>
  Object.fromEntries(Object.entries(requests).map(([name, list]) => [name, [...list]]));
