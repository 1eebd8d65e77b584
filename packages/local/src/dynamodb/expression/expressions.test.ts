import { describe, expect, test } from 'vitest';
import { type AttributeValue, parseItem } from '../attribute-value.ts';
import { meets } from './condition-evaluator.ts';
import { parseCondition } from './condition-parser.ts';
import { project } from './path.ts';
import { Placeholders } from './placeholders.ts';
import { parseProjection } from './projection-parser.ts';
import { applyUpdate } from './update-evaluator.ts';
import { parseUpdate } from './update-parser.ts';

const item = parseItem({
  word: { S: 'häuser' },
  n: { N: '10' },
  bin: { B: 'AQID' },
  flag: { BOOL: true },
  list1: { L: [{ S: 'a' }, { M: { x: { N: '1' } } }, { S: 'c' }] },
  m: { M: { 'k.k': { S: 'v' }, deep: { M: { z: { N: '3' } } } } },
  ss: { SS: ['a', 'b'] },
});

const VALUES: Readonly<Record<string, AttributeValue>> = {
  ':ten': { N: '10' },
  ':nine': { N: '9' },
  ':s': { S: 'hä' },
  ':a': { S: 'a' },
  ':map': { M: { x: { N: '1' } } },
  ':set': { SS: ['b', 'a'] },
  ':t': { BOOL: true },
  ':type': { S: 'M' },
  ':list': { L: [{ S: 'd' }] },
};
const NAMES = { '#kk': 'k.k', '#size': 'size', '#proto': '__proto__', '#con': 'constructor' };

const placeholders = () => new Placeholders(new Map(Object.entries(NAMES)), new Map(Object.entries(VALUES)));
const holds = (expression: string) => meets(item, parseCondition(expression, 'ConditionExpression', placeholders()));

describe('conditions', () => {
  test.each([
    'n = :ten',
    'n <> :a',
    'absent <> :a',
    'NOT absent = :a',
    'n > :nine AND n BETWEEN :nine AND :ten',
    'word IN (:a, word) OR n IN (:nine, :ten)',
    'begins_with(word, :s)',
    'size(ss) < :ten',
    'contains(list1, :map)',
    'contains(ss, :a)',
    'list1[1] = :map',
    'ss = :set',
    'attribute_type(m, :type)',
    'attribute_exists(m.#kk) AND attribute_not_exists(m.nope)',
    'm.deep.z < n',
    'attribute_not_exists(#proto) AND attribute_not_exists(#con) AND attribute_not_exists(m.#con)',
    'n = :nine OR n = :ten AND flag = :t',
    'NOT (n = :nine OR flag <> :t)',
  ])('%s holds', (expression) => {
    expect(holds(expression)).toBe(true);
  });

  test.each([
    'n < :nine',
    'absent = :a',
    'absent < :nine',
    'word > :ten',
    'begins_with(absent, :s)',
    'list1[9] = :a',
    '(n = :nine OR n = :ten) AND flag <> :t',
    'contains(word, absent)',
  ])('%s does not hold', (expression) => {
    expect(holds(expression)).toBe(false);
  });

  test('the size of a string is its length in UTF-8', () => {
    const seven = new Placeholders(undefined, new Map([[':n', { N: '7' }]]));
    expect(meets(item, parseCondition('size(word) = :n', 'FilterExpression', seven))).toBe(true);
  });

  test.each([
    ['name = :a', 'Attribute name is a reserved keyword; reserved keyword: name'],
    ['n = :nope', 'attribute value: :nope'],
    ['#nope = :a', 'attribute name: #nope'],
    ['n < :t', 'operator or function: <, operand type: BOOLEAN'],
    ['n BETWEEN :ten AND :nine', 'upper bound to be greater than or equal to lower bound'],
    ['n BETWEEN :a AND :nine', 'requires same data type'],
    ['n = n', 'The first operand must be distinct'],
    ['begins_with(word, :ten)', 'operator or function: begins_with, operand type: NUMBER'],
    ['attribute_exists(:a)', 'requires a document path'],
    ['attribute_type(m, :s)', 'Invalid attribute type name found'],
    ['size(word)', 'Syntax error'],
    ['exists(word)', 'Invalid function name; function: exists'],
    ['((n = :ten))', 'redundant parentheses'],
    ['n = :ten n', 'Syntax error'],
    ['n = "ten"', 'Syntax error'],
  ])('%s is refused with its reason', (expression, reason) => {
    expect(() => holds(expression)).toThrow(reason);
  });
});

describe('updates', () => {
  const update = (expression: string) => applyUpdate(item, parseUpdate(expression, placeholders()));

  test('leave the item that they start from as it is', () => {
    const before = JSON.stringify(item);
    update('SET m.deep.z = :nine, list1[0] = :map REMOVE list1[2] ADD n :ten DELETE ss :set');
    expect(JSON.stringify(item)).toBe(before);
  });

  test('of a copied part do not reach the original', () => {
    const after = update('SET twin = m.deep, m.deep = :map');
    expect(after.twin).toEqual({ M: { z: { N: '3' } } });
    expect(after.m).toMatchObject({ M: { deep: { M: { x: { N: '1' } } } } });
  });

  test('append, prepend and take away', () => {
    expect(update('SET list1 = list_append(:list, list1) ADD ss :set').list1).toMatchObject({
      L: [{ S: 'd' }, { S: 'a' }, {}, {}],
    });
    expect(update('SET n = n - :nine').n).toEqual({ N: '1' });
    expect(update('DELETE ss :set')).not.toHaveProperty('ss');
  });

  test('set attributes whatever they are called', () => {
    const after = update('SET #proto = :a, #con = :ten');
    expect(Object.getOwnPropertyDescriptor(after, '__proto__')?.value).toEqual({ S: 'a' });
    expect(after.constructor).toEqual({ N: '10' });
  });

  test.each([
    ['SET n = :a SET word = :a', 'The "SET" section can only be used once'],
    ['SET m.deep = :a REMOVE m.deep.z', 'Two document paths overlap'],
    ['SET m.deep = :a, m[0] = :a', 'Two document paths conflict'],
    ['SET n = n + :a', 'operator or function: +, operand type: STRING'],
    ['SET n = word + :ten', 'An operand in the update expression has an incorrect data type'],
    ['SET n = absent', 'refers to an attribute that does not exist'],
    ['SET absent.x = :a', 'document path provided in the update expression is invalid'],
    ['SET list1.x = :a', 'document path provided in the update expression is invalid'],
    ['ADD n :a', 'operator or function: ADD, operand type: STRING'],
    ['DELETE ss :a', 'operator or function: DELETE, operand type: STRING'],
    ['SET n = :ten + :ten + :ten', 'Syntax error'],
    ['SET n = if_not_exists(:a, :ten)', 'requires a document path'],
    ['n = :ten', 'Syntax error'],
  ])('%s is refused with its reason', (expression, reason) => {
    expect(() => update(expression)).toThrow(reason);
  });
});

test('a projection takes what its paths name, and closes up lists', () => {
  const paths = parseProjection('list1[2], list1[0], m.#kk, nope.x, #con', placeholders());
  expect(project(item, paths)).toEqual({ list1: { L: [{ S: 'a' }, { S: 'c' }] }, m: { M: { 'k.k': { S: 'v' } } } });
});

test('placeholders that no expression uses are refused', () => {
  const given = placeholders();
  parseCondition('n = :ten', 'ConditionExpression', given);
  expect(() => given.assertAllUsed(true)).toThrow(
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#kk',
  );
});
