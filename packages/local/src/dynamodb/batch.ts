import { createHash } from 'node:crypto';
import { type Item, itemSize } from './attribute-value.ts';
import { ConsumedCapacity } from './capacity.ts';
import type { Prepare } from './context.ts';
import { validationError } from './errors.ts';
import { type Position, positionOfKey } from './key.ts';
import { attributesRead, projected, selectOf, soleProjectionOf } from './read.ts';
import { batchGetItem, batchWriteItem } from './request.ts';
import { itemRequirement, leadingKeysOf, tableArn } from './requirement.ts';
import type { Table } from './table.ts';
import { bindWrite, commitWrite, evaluateWrite, parseWrite, type Write } from './write.ts';

const WRITES_MAX = 25;
const KEYS_MAX = 100;
const READ_BYTES_MAX = 16 * 1_024 * 1_024;

/** One text for each item there can be. */
export const itemIdentity = (table: Table, { partition, sort }: Position) =>
  createHash('sha256').update(`${table.id}/${partition.length}/`).update(partition).update(sort).digest('base64');

const duplicates = () => validationError('Provided list of item keys contains duplicates');

export const prepareBatchWriteItem: Prepare = (context, body) => {
  const request = batchWriteItem(body, '');
  const batches = [...request.RequestItems].map(([tableName, entries]) => {
    const writes = entries.map(({ PutRequest, DeleteRequest }): Write => {
      if (PutRequest && !DeleteRequest) return parseWrite('put', PutRequest.Item, { TableName: tableName });
      if (DeleteRequest && !PutRequest) return parseWrite('delete', DeleteRequest.Key, { TableName: tableName });
      throw validationError(
        'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
      );
    });
    return { tableName, writes, authorised: context.catalogue.find(tableName) };
  });
  if (batches.reduce((count, { writes }) => count + writes.length, 0) > WRITES_MAX) {
    throw validationError('Too many items requested for the BatchWriteItem call');
  }
  return {
    requires: batches.map(({ tableName, writes, authorised }) =>
      itemRequirement('BatchWriteItem', tableArn(context, tableName), {
        leadingKeys: leadingKeysOf(
          authorised,
          writes.map(({ target }) => target),
        ),
        attributes: writes.flatMap((write) => [...write.attributes]),
        returnConsumedCapacity: request.ReturnConsumedCapacity,
      }),
    ),
    run: () =>
      context.store.transaction(() => {
        const capacity = new ConsumedCapacity();
        const bound = batches.flatMap(({ writes, authorised }) => {
          const table = context.catalogue.current(authorised);
          return writes.map((write) => bindWrite(table, write));
        });
        if (new Set(bound.map(({ table, position }) => itemIdentity(table, position))).size < bound.length) {
          throw duplicates();
        }
        for (const write of bound) {
          const outcome = evaluateWrite(context.items, write);
          commitWrite(context.items, write, outcome);
          capacity.addWrite(write.table, outcome.before?.item, outcome.after);
        }
        return { UnprocessedItems: {}, ...capacity.list(request.ReturnConsumedCapacity) };
      }),
  };
};

export const prepareBatchGetItem: Prepare = (context, body) => {
  const request = batchGetItem(body, '');
  const batches = [...request.RequestItems].map(([tableName, entry]) => ({
    tableName,
    entry,
    projection: soleProjectionOf(entry),
    authorised: context.catalogue.find(tableName),
  }));
  if (batches.reduce((count, { entry }) => count + entry.Keys.length, 0) > KEYS_MAX) {
    throw validationError('Too many items requested for the BatchGetItem call');
  }
  return {
    requires: batches.map(({ tableName, entry, projection, authorised }) =>
      itemRequirement('BatchGetItem', tableArn(context, tableName), {
        leadingKeys: leadingKeysOf(authorised, entry.Keys),
        attributes: attributesRead(entry.Keys, projection),
        select: selectOf(projection),
        returnConsumedCapacity: request.ReturnConsumedCapacity,
      }),
    ),
    run: () => {
      const capacity = new ConsumedCapacity();
      const responses: [string, Item[]][] = [];
      const unprocessed: [string, object][] = [];
      let bytes = 0;
      for (const { tableName, entry, projection, authorised } of batches) {
        const table = context.catalogue.current(authorised);
        const positions = entry.Keys.map((key) => positionOfKey(table.keys, key));
        if (new Set(positions.map((position) => itemIdentity(table, position))).size < positions.length)
          throw duplicates();
        const found: Item[] = [];
        const left: Item[] = [];
        for (const [index, position] of positions.entries()) {
          const item = context.items.find(table, position)?.item;
          const size = item ? itemSize(item) : 0;
          const key = entry.Keys[index];
          if (key && bytes + size > READ_BYTES_MAX) {
            left.push(key);
            continue;
          }
          bytes += size;
          capacity.addRead(table, size, entry.ConsistentRead ? 1 : 0.5);
          if (item) found.push(projected(item, projection));
        }
        responses.push([tableName, found]);
        if (left.length > 0) {
          const { ExpressionAttributeNames: names, ...rest } = entry;
          unprocessed.push([
            tableName,
            { ...rest, Keys: left, ...(names ? { ExpressionAttributeNames: Object.fromEntries(names) } : {}) },
          ]);
        }
      }
      return {
        Responses: Object.fromEntries(responses),
        UnprocessedKeys: Object.fromEntries(unprocessed),
        ...capacity.list(request.ReturnConsumedCapacity),
      };
    },
  };
};
