import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeForm, type FormFields, type FormTree } from './form.ts';

/** As the client writes them: names nested by brackets, lists by position. */
function encode(tree: FormTree, name = ''): string[] {
  if (typeof tree === 'string')
    return [`${encodeURIComponent(name).replaceAll('%5B', '[').replaceAll('%5D', ']')}=${encodeURIComponent(tree)}`];
  return Object.entries(tree).flatMap(([key, value]) => encode(value, name === '' ? key : `${name}[${key}]`));
}

const plain = (tree: FormTree): unknown =>
  typeof tree === 'string' ? tree : Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, plain(value)]));

test('whatever is encoded is decoded to the same tree', () => {
  const key = fc.string({
    minLength: 1,
    maxLength: 8,
    unit: fc.constantFrom('a', 'é', '한', '_', ' ', '&', '=', '0', '7'),
  });
  const tree: fc.Arbitrary<FormFields> = fc.letrec<{ fields: FormFields; value: FormTree }>((tie) => ({
    fields: fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    value: fc.oneof({ maxDepth: 4 }, fc.string(), tie('fields')),
  })).fields;
  fc.assert(
    fc.property(tree, (fields) => {
      expect(plain(decodeForm(encode(fields).join('&')))).toEqual(plain(fields));
    }),
  );
});

test('lists with empty brackets are numbered', () => {
  expect(plain(decodeForm('expand[]=a&expand[]=b&items[][price]=p'))).toEqual({
    expand: { 0: 'a', 1: 'b' },
    items: { 0: { price: 'p' } },
  });
});

test('no name reaches the prototype of anything', () => {
  decodeForm('__proto__[polluted]=yes&constructor[prototype][polluted]=yes');
  expect(Object.getOwnPropertyDescriptor(Object.prototype, 'polluted')).toBeUndefined();
});

test.each(['a=1&a[b]=2', 'a[b]=1&a=2', 'a=1&a=2', 'a[b=1', '[a]=1', 'a[b][c][d][e][f][g][h][i]=1'])(
  'the contradictory or malformed %s is refused',
  (text) => {
    expect(() => decodeForm(text)).toThrow();
  },
);

test('any text is either decoded or refused as a bad request', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '[', ']', '=', '&', '%', '5', 'B', '0') });
  fc.assert(
    fc.property(text, (given) => {
      try {
        decodeForm(given);
      } catch (error) {
        expect(error).toMatchObject({ name: 'StripeError', status: 400 });
      }
    }),
  );
});
