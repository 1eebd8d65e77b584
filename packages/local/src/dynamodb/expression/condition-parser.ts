import { compareValues, isAttributeType, typeOf } from '../attribute-value.ts';
import { type Comparand, type Comparator, type Condition, constantOf } from './condition.ts';
import { Cursor } from './cursor.ts';
import { formatPath } from './path.ts';
import type { Placeholders } from './placeholders.ts';

const COMPARATORS: readonly Comparator[] = ['=', '<>', '<', '<=', '>', '>='];
const CONDITION_FUNCTIONS = ['attribute_exists', 'attribute_not_exists', 'attribute_type', 'begins_with', 'contains'];
const ORDERED_TYPES = ['S', 'N', 'B'];

/** Between parentheses either may stand: `(a = :v)` or `(a) = :v`. */
type Term = { readonly condition: Condition } | { readonly operand: Comparand };

/**
 * Parses a condition, filter or key condition expression, in time linear in its length.
 * @param parameter The request parameter that it came in, for error messages.
 * @throws {AwsError} `ValidationException`.
 */
export function parseCondition(expression: string, parameter: string, placeholders: Placeholders): Condition {
  const cursor = new Cursor(expression, parameter, placeholders);
  const condition = asCondition(cursor, disjunction(cursor));
  cursor.expectEnd();
  return condition;
}

function asCondition(cursor: Cursor, term: Term): Condition {
  if ('operand' in term) throw cursor.unexpected();
  return term.condition;
}

function chain(cursor: Cursor, kind: 'and' | 'or', rule: (cursor: Cursor) => Term): Term {
  const first = rule(cursor);
  if (!cursor.isKeyword(kind.toUpperCase())) return first;
  const terms = [asCondition(cursor, first)];
  while (cursor.takeKeyword(kind.toUpperCase())) terms.push(asCondition(cursor, rule(cursor)));
  return { condition: { kind, terms } };
}

const disjunction = (cursor: Cursor): Term => chain(cursor, 'or', conjunction);
const conjunction = (cursor: Cursor): Term => chain(cursor, 'and', negation);

function negation(cursor: Cursor): Term {
  return cursor.nested(() => {
    if (!cursor.takeKeyword('NOT')) return comparison(cursor);
    return { condition: { kind: 'not', term: asCondition(cursor, negation(cursor)) } };
  });
}

function comparison(cursor: Cursor): Term {
  const left = primary(cursor);
  if ('condition' in left) return left;
  const token = cursor.peek();
  const comparator = token.kind === 'symbol' ? COMPARATORS.find((symbol) => symbol === token.text) : undefined;
  if (comparator) {
    cursor.next();
    return { condition: compare(cursor, comparator, left.operand, comparand(cursor)) };
  }
  if (cursor.takeKeyword('BETWEEN')) return { condition: between(cursor, left.operand) };
  if (cursor.takeKeyword('IN')) {
    cursor.expect('(');
    const candidates = listed(cursor);
    if (candidates.length > 100) throw cursor.invalid('Too many operands for the IN operator;');
    return { condition: { kind: 'in', operand: left.operand, candidates } };
  }
  return left;
}

function compare(cursor: Cursor, comparator: Comparator, left: Comparand, right: Comparand): Condition {
  if (left.kind === 'path' && right.kind === 'path' && formatPath(left.path) === formatPath(right.path)) {
    throw cursor.invalid(
      `The first operand must be distinct from the remaining operands for this operator or function; operator: ${comparator}, first operand: ${formatPath(left.path)}`,
    );
  }
  if (comparator !== '=' && comparator !== '<>')
    for (const operand of [left, right]) requireOrdered(cursor, comparator, operand);
  return { kind: 'compare', comparator, left, right };
}

function requireOrdered(cursor: Cursor, operator: string, operand: Comparand): void {
  const constant = constantOf(operand);
  if (constant && !ORDERED_TYPES.includes(typeOf(constant))) throw cursor.incorrectOperand(operator, constant);
}

function between(cursor: Cursor, operand: Comparand): Condition {
  const low = comparand(cursor);
  if (!cursor.takeKeyword('AND')) throw cursor.unexpected();
  const high = comparand(cursor);
  for (const bound of [low, high]) requireOrdered(cursor, 'BETWEEN', bound);
  const [lowest, highest] = [constantOf(low), constantOf(high)];
  if (lowest && highest) {
    const order = compareValues(lowest, highest);
    if (order === undefined) {
      throw cursor.invalid('The BETWEEN operator requires same data type for lower and upper bounds;');
    }
    if (order > 0) {
      throw cursor.invalid('The BETWEEN operator requires upper bound to be greater than or equal to lower bound;');
    }
  }
  return { kind: 'between', operand, low, high };
}

/** The rest of a parenthesised list, after its opening parenthesis. */
function listed(cursor: Cursor): readonly Comparand[] {
  const operands = [comparand(cursor)];
  while (cursor.take(',')) operands.push(comparand(cursor));
  cursor.expect(')');
  return operands;
}

function primary(cursor: Cursor): Term {
  if (cursor.peek().text === '(' && cursor.take('(')) {
    if (cursor.peek().text === '(') {
      const closing = doublyEnclosed(cursor);
      if (closing) throw cursor.invalid('The expression has redundant parentheses;');
    }
    const inner = disjunction(cursor);
    cursor.expect(')');
    return inner;
  }
  return isCall(cursor) && cursor.peek().text !== 'size' ? { condition: call(cursor) } : { operand: comparand(cursor) };
}

/** Whether the parenthesis at the cursor closes right before the one that encloses it. */
function doublyEnclosed(cursor: Cursor): boolean {
  let depth = 0;
  for (let ahead = 0; cursor.peek(ahead).kind !== 'end'; ahead += 1) {
    const { text } = cursor.peek(ahead);
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    if (depth === 0) return cursor.peek(ahead + 1).text === ')';
  }
  return false;
}

const isCall = (cursor: Cursor) => cursor.peek().kind === 'word' && cursor.peek(1).text === '(';

function comparand(cursor: Cursor): Comparand {
  if (cursor.take('(')) {
    const inner = cursor.nested(() => comparand(cursor));
    cursor.expect(')');
    return inner;
  }
  if (!isCall(cursor)) return cursor.operand();
  const name = cursor.next().text;
  if (name !== 'size') {
    throw cursor.invalid(
      CONDITION_FUNCTIONS.includes(name)
        ? `The function is not allowed to be used this way in an expression; function: ${name}`
        : `Invalid function name; function: ${name}`,
    );
  }
  cursor.expect('(');
  const path = cursor.path();
  cursor.expect(')');
  return { kind: 'size', path };
}

function call(cursor: Cursor): Condition {
  const name = cursor.next().text;
  if (!CONDITION_FUNCTIONS.includes(name)) throw cursor.invalid(`Invalid function name; function: ${name}`);
  cursor.expect('(');
  const operands = listed(cursor);
  const expected = name === 'attribute_exists' || name === 'attribute_not_exists' ? 1 : 2;
  const [first, second] = operands;
  if (operands.length !== expected || !first) {
    throw cursor.invalid(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  }
  if (name === 'begins_with' || name === 'contains') {
    if (!second) throw cursor.unexpected();
    const part = constantOf(second);
    if (name === 'begins_with' && part && !('S' in part) && !('B' in part)) throw cursor.incorrectOperand(name, part);
    return { kind: name === 'contains' ? 'contains' : 'beginsWith', operand: first, part: second };
  }
  if (first.kind !== 'path') {
    throw cursor.invalid(`Operator or function requires a document path; operator or function: ${name}`);
  }
  if (name !== 'attribute_type') {
    return { kind: name === 'attribute_exists' ? 'exists' : 'notExists', path: first.path };
  }
  const type = second && constantOf(second);
  if (!type || !('S' in type)) {
    if (type) throw cursor.incorrectOperand(name, type);
    throw cursor.unexpected();
  }
  if (!isAttributeType(type.S)) {
    throw cursor.invalid(
      `Invalid attribute type name found; type: ${type.S}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
    );
  }
  return { kind: 'type', path: first.path, type: type.S };
}
