import type { AttributeValue } from '../attribute-value.ts';
import { Cursor } from './cursor.ts';
import type { Path } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import { assertDisjoint } from './projection-parser.ts';
import { type Assignment, type Change, type Term, type Update, writtenPaths } from './update.ts';

const PARAMETER = 'UpdateExpression';

/** Parses an update expression, in time linear in its length. @throws {AwsError} `ValidationException`. */
export function parseUpdate(expression: string, placeholders: Placeholders): Update {
  const cursor = new Cursor(expression, PARAMETER, placeholders);
  let set: readonly Assignment[] | undefined;
  let remove: readonly Path[] | undefined;
  let add: readonly Change[] | undefined;
  let deletion: readonly Change[] | undefined;
  const once = (section: string, present: unknown) => {
    if (present !== undefined) {
      throw cursor.invalid(`The "${section}" section can only be used once in an update expression;`);
    }
  };
  do {
    if (cursor.takeKeyword('SET')) {
      once('SET', set);
      set = separated(cursor, () => assignment(cursor));
    } else if (cursor.takeKeyword('REMOVE')) {
      once('REMOVE', remove);
      remove = separated(cursor, () => cursor.path());
    } else if (cursor.takeKeyword('ADD')) {
      once('ADD', add);
      add = separated(cursor, () => change(cursor, 'ADD', ['N', 'SS', 'NS', 'BS']));
    } else if (cursor.takeKeyword('DELETE')) {
      once('DELETE', deletion);
      deletion = separated(cursor, () => change(cursor, 'DELETE', ['SS', 'NS', 'BS']));
    } else throw cursor.unexpected();
  } while (cursor.peek().kind !== 'end');
  const update = { set: set ?? [], remove: remove ?? [], add: add ?? [], delete: deletion ?? [] };
  assertDisjoint(cursor, writtenPaths(update));
  return update;
}

function separated<T>(cursor: Cursor, rule: () => T): readonly T[] {
  const parsed = [rule()];
  while (cursor.take(',')) parsed.push(rule());
  return parsed;
}

function assignment(cursor: Cursor): Assignment {
  const path = cursor.path();
  cursor.expect('=');
  const left = term(cursor);
  for (const [symbol, kind] of [
    ['+', 'plus'],
    ['-', 'minus'],
  ] as const) {
    if (cursor.take(symbol)) {
      const right = term(cursor);
      for (const operand of [left, right]) {
        if (operand.kind === 'value' && !('N' in operand.value)) throw cursor.incorrectOperand(symbol, operand.value);
      }
      return { path, term: { kind, left, right } };
    }
  }
  return { path, term: left };
}

function change(cursor: Cursor, operator: string, types: readonly string[]): Change {
  const path = cursor.path();
  const value: AttributeValue = cursor.value();
  if (!types.some((type) => type in value)) throw cursor.incorrectOperand(operator, value);
  return { path, value };
}

function term(cursor: Cursor): Term {
  return cursor.nested(() => {
    if (cursor.take('(')) {
      const inner = term(cursor);
      cursor.expect(')');
      return inner;
    }
    if (cursor.peek().kind !== 'word' || cursor.peek(1).text !== '(') return cursor.operand();
    return call(cursor);
  });
}

function call(cursor: Cursor): Term {
  const name = cursor.next().text;
  if (name !== 'if_not_exists' && name !== 'list_append') {
    throw cursor.invalid(`Invalid function name; function: ${name}`);
  }
  cursor.expect('(');
  const left = term(cursor);
  cursor.expect(',');
  const right = term(cursor);
  cursor.expect(')');
  if (name === 'if_not_exists') {
    if (left.kind !== 'path') {
      throw cursor.invalid('Operator or function requires a document path; operator or function: if_not_exists');
    }
    return { kind: 'ifNotExists', path: left.path, otherwise: right };
  }
  for (const operand of [left, right]) {
    if (operand.kind === 'value' && !('L' in operand.value)) throw cursor.incorrectOperand(name, operand.value);
  }
  return { kind: 'listAppend', left, right };
}
