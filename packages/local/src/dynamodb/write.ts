import { type AttributeValue, attributeOf, type Item, itemSize, typeOf } from './attribute-value.ts';
import { conditionFailed, validationError } from './errors.ts';
import { attributesOf, type Condition } from './expression/condition.ts';
import { meets } from './expression/condition-evaluator.ts';
import { parseCondition } from './expression/condition-parser.ts';
import { Placeholders } from './expression/placeholders.ts';
import { attributesOfUpdate, type Update } from './expression/update.ts';
import { applyUpdate } from './expression/update-evaluator.ts';
import { parseUpdate } from './expression/update-parser.ts';
import type { Items, StoredItem } from './items.ts';
import { checkItemKey, keyAttributes, type Position, positionOf, positionOfKey } from './key.ts';
import { expectedCondition, type LegacyExpectation, type LegacyUpdate, legacyUpdate } from './legacy.ts';
import type { Table } from './table.ts';

const ITEM_BYTES_MAX = 409_600;

export type ReturnValues = 'NONE' | 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW';

/** One write of one item as requested, before anything is known of its table. */
export interface Write {
  readonly tableName: string;
  readonly kind: 'put' | 'update' | 'delete' | 'check';
  /** The item to put, or the key of the item to change. */
  readonly target: Item;
  readonly condition?: Condition;
  readonly update?: Update;
  readonly returnItemOnFailure: boolean;
  /** Every attribute that the request names. */
  readonly attributes: ReadonlySet<string>;
}

/** A write that fits its table. */
export interface BoundWrite {
  readonly write: Write;
  readonly table: Table;
  readonly position: Position;
}

/** What a write makes of an item; equal where it only checks. */
export interface WriteOutcome {
  readonly before: StoredItem | undefined;
  readonly after: Item | undefined;
}

interface WriteParameters {
  readonly TableName: string;
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: ReadonlyMap<string, string>;
  readonly ExpressionAttributeValues?: ReadonlyMap<string, AttributeValue>;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | 'NONE';
  readonly Expected?: ReadonlyMap<string, LegacyExpectation>;
  readonly ConditionalOperator?: 'AND' | 'OR';
  readonly AttributeUpdates?: ReadonlyMap<string, LegacyUpdate>;
}

/** @throws {AwsError} `ValidationException` for expressions that cannot be parsed. */
export function parseWrite(kind: Write['kind'], target: Item, parameters: WriteParameters): Write {
  refuseMixture(parameters);
  const placeholders = new Placeholders(parameters.ExpressionAttributeNames, parameters.ExpressionAttributeValues);
  const { ConditionExpression, UpdateExpression, Expected, AttributeUpdates } = parameters;
  const update =
    UpdateExpression !== undefined
      ? parseUpdate(UpdateExpression, placeholders)
      : AttributeUpdates && legacyUpdate(AttributeUpdates);
  const condition =
    ConditionExpression !== undefined
      ? parseCondition(ConditionExpression, 'ConditionExpression', placeholders)
      : Expected && expectedCondition(Expected, parameters.ConditionalOperator);
  placeholders.assertAllUsed(ConditionExpression !== undefined || UpdateExpression !== undefined);
  return {
    tableName: parameters.TableName,
    kind,
    target,
    returnItemOnFailure: parameters.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
    attributes: new Set([
      ...Object.keys(target),
      ...(condition ? attributesOf(condition) : []),
      ...(update ? attributesOfUpdate(update) : []),
    ]),
    ...(condition ? { condition } : {}),
    ...(update ? { update } : {}),
  };
}

function refuseMixture(parameters: WriteParameters): void {
  const given = (names: readonly (keyof WriteParameters)[]) => names.filter((name) => parameters[name] !== undefined);
  const expressions = given(['UpdateExpression', 'ConditionExpression']);
  const others = given(['AttributeUpdates', 'Expected', 'ConditionalOperator']);
  if (expressions.length > 0 && others.length > 0) {
    throw validationError(
      `Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {${others.join(', ')}} Expression parameters: {${expressions.join(', ')}}`,
    );
  }
}

/** @throws {AwsError} `ValidationException` when the write does not fit the table's keys and indexes. */
export function bindWrite(table: Table, write: Write): BoundWrite {
  if (write.kind !== 'put') {
    const position = positionOfKey(table.keys, write.target);
    for (const { name } of keyAttributes(table.keys)) {
      if (write.update && writes(write.update, name)) {
        throw validationError(
          `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
        );
      }
    }
    return { write, table, position };
  }
  checkItemKey(table.keys, write.target);
  checkStorable(table, write.target);
  return { write, table, position: positionOf(table.keys, write.target) };
}

const writes = (update: Update, name: string) =>
  [...update.set, ...update.add, ...update.delete].some(({ path }) => path[0] === name) ||
  update.remove.some((path) => path[0] === name);

function checkStorable(table: Table, item: Item): void {
  if (itemSize(item) > ITEM_BYTES_MAX) throw validationError('Item size has exceeded the maximum allowed size');
  for (const index of table.indexes) {
    for (const { name, type } of keyAttributes(index.keys)) {
      const value = attributeOf(item, name);
      if (value && typeOf(value) !== type) {
        throw validationError(
          `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${index.name}`,
        );
      }
      if (value && (('S' in value && value.S === '') || ('B' in value && value.B === ''))) {
        throw validationError(
          `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${type === 'S' ? 'string' : 'binary'} value. IndexName: ${index.name}, IndexKey: ${name}`,
        );
      }
    }
  }
}

/**
 * What the write would do to the item as it is; changes nothing yet.
 * @throws {AwsError} `ConditionalCheckFailedException`, with the item if it was asked for; `ValidationException`.
 */
export function evaluateWrite(items: Items, { write, table, position }: BoundWrite): WriteOutcome {
  const before = items.find(table, position);
  if (write.condition && !meets(before?.item ?? {}, write.condition)) {
    throw conditionFailed(write.returnItemOnFailure ? before?.item : undefined);
  }
  switch (write.kind) {
    case 'check':
      return { before, after: before?.item };
    case 'delete':
      return { before, after: undefined };
    case 'put':
      return { before, after: write.target };
    case 'update': {
      const start = before?.item ?? write.target;
      const after = write.update ? applyUpdate(start, write.update) : start;
      checkStorable(table, after);
      return { before, after };
    }
  }
}

/** Carries out what `evaluateWrite` found, in the transaction in which it was found. */
export function commitWrite(items: Items, { table, position, write }: BoundWrite, outcome: WriteOutcome): void {
  if (write.kind !== 'check') items.change(table, position, outcome.before, outcome.after);
}
