import type { Item } from './attribute-value.ts';
import { ConsumedCapacity } from './capacity.ts';
import type { Context, Prepare, Prepared } from './context.ts';
import { validationError } from './errors.ts';
import { project } from './expression/path.ts';
import { writtenPaths } from './expression/update.ts';
import { deleteItem, putItem, type ReturnConsumedCapacity, updateItem } from './request.ts';
import { itemRequirement, leadingKeysOf, tableArn } from './requirement.ts';
import {
  bindWrite,
  commitWrite,
  evaluateWrite,
  parseWrite,
  type ReturnValues,
  type Write,
  type WriteOutcome,
} from './write.ts';

interface Answering {
  readonly ReturnValues?: ReturnValues;
  readonly ReturnConsumedCapacity?: ReturnConsumedCapacity;
}

export const preparePutItem: Prepare = (context, body) => {
  const request = putItem(body, '');
  return prepareWrite(context, 'PutItem', parseWrite('put', request.Item, request), request);
};

export const prepareDeleteItem: Prepare = (context, body) => {
  const request = deleteItem(body, '');
  return prepareWrite(context, 'DeleteItem', parseWrite('delete', request.Key, request), request);
};

export const prepareUpdateItem: Prepare = (context, body) => {
  const request = updateItem(body, '');
  return prepareWrite(context, 'UpdateItem', parseWrite('update', request.Key, request), request);
};

function prepareWrite(context: Context, action: string, write: Write, answering: Answering): Prepared {
  const returnValues = answering.ReturnValues ?? 'NONE';
  if (write.kind !== 'update' && returnValues !== 'NONE' && returnValues !== 'ALL_OLD') {
    throw validationError('ReturnValues can only be ALL_OLD or NONE');
  }
  const authorised = context.catalogue.find(write.tableName);
  return {
    requires: [
      itemRequirement(action, tableArn(context, write.tableName), {
        leadingKeys: leadingKeysOf(authorised, [write.target]),
        attributes: write.attributes,
        returnValues,
        returnConsumedCapacity: answering.ReturnConsumedCapacity,
      }),
    ],
    run: () =>
      context.store.transaction(() => {
        const table = context.catalogue.current(authorised);
        const bound = bindWrite(table, write);
        const outcome = evaluateWrite(context.items, bound);
        commitWrite(context.items, bound, outcome);
        const capacity = new ConsumedCapacity();
        capacity.addWrite(table, outcome.before?.item, outcome.after);
        const attributes = returned(write, outcome, returnValues);
        return {
          ...(attributes && Object.keys(attributes).length > 0 ? { Attributes: attributes } : {}),
          ...capacity.single(answering.ReturnConsumedCapacity),
        };
      }),
  };
}

function returned(write: Write, { before, after }: WriteOutcome, returnValues: ReturnValues): Item | undefined {
  const paths = write.update ? writtenPaths(write.update) : [];
  switch (returnValues) {
    case 'NONE':
      return undefined;
    case 'ALL_OLD':
      return before?.item;
    case 'ALL_NEW':
      return after;
    case 'UPDATED_OLD':
      return before && project(before.item, paths);
    case 'UPDATED_NEW':
      return after && project(after, paths);
  }
}
