import type { AttributeValue } from '../attribute-value.ts';
import { validationError } from '../errors.ts';
import { type Comparand, type Comparator, type Condition, constantOf } from './condition.ts';

/** What a query asks of one key attribute. `between` has two values, every other operator one. */
export interface KeyCondition {
  readonly attribute: string;
  readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'between' | 'beginsWith';
  readonly values: readonly AttributeValue[];
}

const MIRRORED = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;
const PARAMETER = 'KeyConditionExpression';

const refuse = (reason: string) => validationError(`Invalid ${PARAMETER}: ${reason}`);
const invalidOperator = (name: string) => validationError(`Invalid operator used in ${PARAMETER}: ${name}`);

/**
 * Reads a parsed `KeyConditionExpression` as one or two conditions on key attributes, in either operand order. Which
 * attributes are keys is not known here.
 * @throws {AwsError} `ValidationException` for every form that a key condition may not have.
 */
export function keyConditionsOf(condition: Condition): readonly KeyCondition[] {
  const conditions = flatten(condition);
  const attributes = new Set(conditions.map(({ attribute }) => attribute));
  if (attributes.size !== conditions.length) {
    throw validationError('KeyConditionExpressions must only contain one condition per key');
  }
  if (conditions.length > 2) throw validationError('Conditions can be of length 1 or 2 only');
  return conditions;
}

function flatten(condition: Condition): readonly KeyCondition[] {
  switch (condition.kind) {
    case 'and':
      return condition.terms.flatMap(flatten);
    case 'compare':
      return [comparison(condition.comparator, condition.left, condition.right)];
    case 'between':
      return [keyCondition('between', condition.operand, [condition.low, condition.high])];
    case 'beginsWith':
      return [keyCondition('beginsWith', condition.operand, [condition.part])];
    case 'or':
    case 'not':
    case 'in':
    case 'contains':
      throw invalidOperator(condition.kind.toUpperCase());
    case 'exists':
      throw invalidOperator('attribute_exists');
    case 'notExists':
      throw invalidOperator('attribute_not_exists');
    case 'type':
      throw invalidOperator('attribute_type');
  }
}

function comparison(comparator: Comparator, left: Comparand, right: Comparand): KeyCondition {
  if (comparator === '<>') throw invalidOperator('<>');
  return left.kind === 'value'
    ? keyCondition(MIRRORED[comparator], right, [left])
    : keyCondition(comparator, left, [right]);
}

function keyCondition(
  operator: KeyCondition['operator'],
  operand: Comparand,
  others: readonly Comparand[],
): KeyCondition {
  if ([operand, ...others].some(({ kind }) => kind === 'size')) {
    throw validationError('KeyConditionExpressions cannot contain nested operations');
  }
  if (operand.kind === 'value') throw refuse('No key attribute specified');
  if (operand.path.length > 1)
    throw validationError('KeyConditionExpressions cannot have conditions on nested attributes');
  const values = others.map((other) => {
    const constant = constantOf(other);
    if (!constant) throw refuse('Multiple attribute names used in one condition');
    return constant;
  });
  return { attribute: operand.path[0], operator, values };
}
