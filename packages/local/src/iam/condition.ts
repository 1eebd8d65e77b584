import { assertConditionKey } from './condition-keys.ts';
import { type ConditionContext, lookupIn } from './context.ts';
import { operators, type ValueTest } from './operators.ts';

/** Whether a call meets a condition block. */
export type Condition = (context: ConditionContext) => boolean;

type Quantifier = 'ForAllValues' | 'ForAnyValue';

/**
 * Compiles the `Condition` element of a statement. All of its operators and keys must hold; of a key's values one is enough.
 * @throws {Error} for an unknown operator or key and for a value that the operator cannot take.
 */
export function compileConditions(block: unknown, variables: boolean): Condition {
  const conditions = entriesOf(block, 'Condition').flatMap(([name, keys]) =>
    entriesOf(keys, name).map(([key, values]) => compileCondition(name, key, readValues(values, name), variables)),
  );
  return (context) => conditions.every((condition) => condition(context));
}

function compileCondition(name: string, key: string, values: readonly string[], variables: boolean): Condition {
  assertConditionKey(key);
  if (name === 'Null') return compileNull(key, values);
  const match = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(name);
  const operator = operators.get(match?.[2] ?? '');
  if (!operator) throw new Error(`The condition operator "${name}" is not known.`);
  const quantifier = match?.[1] as Quantifier | undefined;
  const test = operator.compile(values, variables);
  const whenAbsent = absenceHolds(quantifier, operator.negated, match?.[3] !== undefined);
  return (context) => {
    const asked = context.values(key);
    if (asked === undefined) return whenAbsent;
    return presenceHolds(quantifier, asked, holdsFor(test, operator.negated, context));
  };
}

/** `ForAllValues` is true of an absent key: whoever means otherwise must add `Null`. */
function absenceHolds(quantifier: Quantifier | undefined, negated: boolean, ifExists: boolean): boolean {
  if (ifExists || quantifier === 'ForAllValues') return true;
  return quantifier === undefined && negated;
}

function presenceHolds(
  quantifier: Quantifier | undefined,
  asked: readonly string[],
  holds: (value: string) => boolean,
): boolean {
  if (quantifier === 'ForAllValues') return asked.every(holds);
  if (quantifier === 'ForAnyValue') return asked.some(holds);
  // A key with several values needs a quantifier; without one nothing is said about which value is meant.
  return asked.length === 1 && asked.every(holds);
}

function holdsFor(test: ValueTest, negated: boolean, context: ConditionContext): (value: string) => boolean {
  const lookup = lookupIn(context);
  return (value) => {
    const matched = test(value, lookup);
    return matched !== undefined && matched !== negated;
  };
}

function compileNull(key: string, values: readonly string[]): Condition {
  const wanted = values.map((value) => value.toLowerCase());
  if (wanted.some((value) => value !== 'true' && value !== 'false')) {
    throw new Error(`Null takes "true" or "false", not "${values.join('", "')}".`);
  }
  return (context) => wanted.includes(String(context.values(key) === undefined));
}

function entriesOf(value: unknown, name: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length === 0) {
    throw new Error(`"${name}" must be an object that is not empty.`);
  }
  return Object.entries(value);
}

function readValues(value: unknown, name: string): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) throw new Error(`"${name}" has a key without values.`);
  return values.map((item) => {
    if (typeof item === 'string') return item;
    if (typeof item === 'number' || typeof item === 'boolean') return String(item);
    throw new Error(`"${name}" has a value that is not a string, number or boolean.`);
  });
}
