import type { AttributeValue } from './attribute-value.ts';
import { validationError } from './errors.ts';
import type { Condition } from './expression/condition.ts';
import type { KeyCondition } from './expression/key-condition.ts';
import type { Update } from './expression/update.ts';

/** The conditional parameters that expressions have replaced; they are read into the same trees. */
export interface LegacyCondition {
  readonly ComparisonOperator?: LegacyComparator;
  readonly AttributeValueList?: readonly AttributeValue[];
}

export interface LegacyExpectation extends LegacyCondition {
  readonly Exists?: boolean;
  readonly Value?: AttributeValue;
}

export interface LegacyUpdate {
  readonly Action?: 'PUT' | 'ADD' | 'DELETE';
  readonly Value?: AttributeValue;
}

export const LEGACY_COMPARATORS = [
  'EQ',
  'NE',
  'LE',
  'LT',
  'GE',
  'GT',
  'NOT_NULL',
  'NULL',
  'CONTAINS',
  'NOT_CONTAINS',
  'BEGINS_WITH',
  'IN',
  'BETWEEN',
] as const;
export type LegacyComparator = (typeof LEGACY_COMPARATORS)[number];

const COMPARATORS = { EQ: '=', NE: '<>', LE: '<=', LT: '<', GE: '>=', GT: '>' } as const;

const invalid = (reason: string) => validationError(`One or more parameter values were invalid: ${reason}`);

function exactly(values: readonly AttributeValue[], count: number, comparator: string): readonly AttributeValue[] {
  if (values.length !== count) {
    throw invalid(`Invalid number of argument(s) for the ${comparator} ComparisonOperator`);
  }
  return values;
}

function toCondition(name: string, comparator: LegacyComparator, values: readonly AttributeValue[]): Condition {
  const operand = { kind: 'path', path: [name] } as const;
  const constants = (count: number) =>
    exactly(values, count, comparator).map((value) => ({ kind: 'value', value }) as const);
  const single = () => {
    const [constant] = constants(1);
    if (!constant) throw new Error('one argument was checked for');
    return constant;
  };
  switch (comparator) {
    case 'NOT_NULL':
    case 'NULL':
      constants(0);
      return { kind: comparator === 'NULL' ? 'notExists' : 'exists', path: [name] };
    case 'CONTAINS':
      return { kind: 'contains', operand, part: single() };
    case 'NOT_CONTAINS':
      return { kind: 'not', term: { kind: 'contains', operand, part: single() } };
    case 'BEGINS_WITH':
      return { kind: 'beginsWith', operand, part: single() };
    case 'IN':
      if (values.length === 0) exactly(values, 1, comparator);
      return { kind: 'in', operand, candidates: constants(values.length) };
    case 'BETWEEN': {
      const [low, high] = constants(2);
      if (!low || !high) throw new Error('two arguments were checked for');
      return { kind: 'between', operand, low, high };
    }
    default:
      return { kind: 'compare', comparator: COMPARATORS[comparator], left: operand, right: single() };
  }
}

/** `QueryFilter` and `ScanFilter`. @throws {AwsError} `ValidationException`. */
export function filterCondition(
  filter: ReadonlyMap<string, LegacyCondition>,
  operator: 'AND' | 'OR' = 'AND',
): Condition | undefined {
  const terms = [...filter].map(([name, { ComparisonOperator, AttributeValueList = [] }]) => {
    if (!ComparisonOperator) throw invalid(`ComparisonOperator must be given for Attribute: ${name}`);
    return toCondition(name, ComparisonOperator, AttributeValueList);
  });
  return terms.length > 0 ? { kind: operator === 'OR' ? 'or' : 'and', terms } : undefined;
}

/** `Expected`. @throws {AwsError} `ValidationException`. */
export function expectedCondition(
  expected: ReadonlyMap<string, LegacyExpectation>,
  operator: 'AND' | 'OR' = 'AND',
): Condition | undefined {
  const terms = [...expected].map(([name, { ComparisonOperator, AttributeValueList, Exists, Value }]) => {
    if (AttributeValueList && Value) {
      throw invalid(`Value and AttributeValueList cannot be used together for Attribute: ${name}`);
    }
    if (ComparisonOperator) {
      if (Exists !== undefined) {
        throw invalid(`Exists and ComparisonOperator cannot be used together for Attribute: ${name}`);
      }
      return toCondition(name, ComparisonOperator, AttributeValueList ?? (Value ? [Value] : []));
    }
    if (AttributeValueList) {
      throw invalid(`AttributeValueList can only be used with a ComparisonOperator for Attribute: ${name}`);
    }
    if (Exists === false) {
      if (Value) throw invalid(`Value cannot be used when Exists is false for Attribute: ${name}`);
      return toCondition(name, 'NULL', []);
    }
    if (!Value) throw invalid(`Value must be provided when Exists is ${Exists ?? 'null'} for Attribute: ${name}`);
    return toCondition(name, 'EQ', [Value]);
  });
  return terms.length > 0 ? { kind: operator === 'OR' ? 'or' : 'and', terms } : undefined;
}

/** `KeyConditions`. @throws {AwsError} `ValidationException`. */
export function legacyKeyConditions(conditions: ReadonlyMap<string, LegacyCondition>): readonly KeyCondition[] {
  if (conditions.size < 1 || conditions.size > 2) throw validationError('Conditions can be of length 1 or 2 only');
  return [...conditions].map(([attribute, { ComparisonOperator: comparator, AttributeValueList: values = [] }]) => {
    switch (comparator) {
      case 'EQ':
      case 'LE':
      case 'LT':
      case 'GE':
      case 'GT':
        return { attribute, operator: COMPARATORS[comparator], values: exactly(values, 1, comparator) };
      case 'BEGINS_WITH':
        return { attribute, operator: 'beginsWith', values: exactly(values, 1, comparator) };
      case 'BETWEEN':
        return { attribute, operator: 'between', values: exactly(values, 2, comparator) };
      default:
        throw validationError('Attempted conditional constraint is not an indexable operation');
    }
  });
}

/** `AttributeUpdates`. @throws {AwsError} `ValidationException`. */
export function legacyUpdate(updates: ReadonlyMap<string, LegacyUpdate>): Update {
  const set: Update['set'][number][] = [];
  const remove: Update['remove'][number][] = [];
  const add: Update['add'][number][] = [];
  const deletion: Update['delete'][number][] = [];
  for (const [name, { Action = 'PUT', Value }] of updates) {
    const path = [name] as const;
    if (!Value) {
      if (Action !== 'DELETE') throw invalid('Only DELETE action is allowed when no attribute value is specified');
      remove.push(path);
      continue;
    }
    const [type = ''] = Object.keys(Value);
    if (Action === 'PUT') {
      set.push({ path, term: { kind: 'value', value: Value } });
      continue;
    }
    if (!(Action === 'ADD' ? ['N', 'SS', 'NS', 'BS', 'L'] : ['SS', 'NS', 'BS']).includes(type)) {
      throw invalid(
        Action === 'ADD'
          ? `ADD action is not supported for the type ${type}`
          : `DELETE action with value is not supported for the type ${type}`,
      );
    }
    (Action === 'ADD' ? add : deletion).push({ path, value: Value });
  }
  return { set, remove, add, delete: deletion };
}
