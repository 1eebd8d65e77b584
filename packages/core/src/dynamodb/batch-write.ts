import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import { callDirectly } from './direct-call.ts';

/** BatchWriteItem takes at most this many items. */
const BATCH_MAX = 25;
const UNPROCESSED_TRIES_MAX = 6;

export type Item = Readonly<Record<string, unknown>>;
type WriteRequest<I = Item> =
  | { readonly PutRequest: { readonly Item: I } }
  | { readonly DeleteRequest: { readonly Key: I } };

/** Items to write to one table. No key may come twice, across `puts` and `deletes`: BatchWriteItem refuses that. */
export interface TableWrites {
  readonly table: Table;
  readonly puts?: readonly Item[];
  readonly deletes?: readonly Item[];
}

/**
 * Writes to one or several tables, all reached with the client of the first, in ⌈n/25⌉ round trips side by side. Returns only
 * when every item is written.
 * @param options.directly around the SDK where it goes well, which takes a fifth of the time: for what shops wait for, and for much of it
 * @throws {DomainError} `unavailable` when the tables do not take them all; writing all of them again is safe.
 */
export async function batchWrite(
  writes: readonly TableWrites[],
  { directly = false }: { readonly directly?: boolean } = {},
): Promise<void> {
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
  await Promise.all(batches.map((batch) => writeBatch(client, batch, directly ? sendDirectly : send)));
}

type Batch = Readonly<Record<string, readonly WriteRequest[]>>;
/** @returns what was not processed */
type Send = (client: Table['client'], batch: Batch) => Promise<Batch>;

async function writeBatch(client: Table['client'], batch: Batch, send: Send): Promise<void> {
  let requests = batch;
  for (let attempt = 0; attempt < UNPROCESSED_TRIES_MAX; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 25 * 2 ** attempt * Math.random()));
    requests = await send(client, requests);
    if (Object.keys(requests).length === 0) return;
  }
  throw new DomainError('unavailable', 'Not everything could be stored; send it again.', {
    retryAfterSeconds: 1,
    internal: { unprocessed: Object.values(requests).flat().length },
  });
}

const send: Send = async (client, batch) => {
  // The SDK's types ask for mutable lists.
  const RequestItems = Object.fromEntries(Object.entries(batch).map(([name, list]) => [name, [...list]]));
  const { UnprocessedItems = {} } = await client.send(new BatchWriteCommand({ RequestItems }));
  return UnprocessedItems as Batch;
};

/** Writing again what may have been written changes nothing. */
const sendDirectly: Send = async (client, batch) => {
  const RequestItems = mapItems(batch, (item) => marshall(item, { removeUndefinedValues: true }));
  const answer = await callDirectly(client, 'BatchWriteItem', { RequestItems });
  if (answer === undefined) return send(client, batch);
  const { UnprocessedItems = {} } = unprocessedSchema.parse(answer);
  return mapItems(UnprocessedItems, unmarshall);
};

const itemSchema = z.record(z.string(), z.custom<AttributeValue>());
const unprocessedSchema = z.object({
  UnprocessedItems: z
    .record(
      z.string(),
      z.array(
        z.union([
          z.object({ PutRequest: z.object({ Item: itemSchema }) }),
          z.object({ DeleteRequest: z.object({ Key: itemSchema }) }),
        ]),
      ),
    )
    .optional(),
});

/** The same batch with each item and key in another form. */
function mapItems<From, To>(
  batch: Readonly<Record<string, readonly WriteRequest<From>[]>>,
  map: (item: From) => To,
): Record<string, WriteRequest<To>[]> {
  return Object.fromEntries(
    Object.entries(batch).map(([name, requests]) => [
      name,
      requests.map((request) =>
        'PutRequest' in request
          ? { PutRequest: { Item: map(request.PutRequest.Item) } }
          : { DeleteRequest: { Key: map(request.DeleteRequest.Key) } },
      ),
    ]),
  );
}
