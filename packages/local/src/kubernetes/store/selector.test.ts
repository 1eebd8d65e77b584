import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuantity } from '../quantity.ts';
import { labelSelector } from './selector.ts';

describe('a label selector', () => {
  it.each([
    ['', { a: '1' }, true],
    ['a=1', { a: '1' }, true],
    ['a==1', { a: '2' }, false],
    ['a!=1', {}, true],
    ['a in (1, 2),b', { a: '2', b: '' }, true],
    ['a notin (1,2)', { a: '3' }, true],
    ['a notin (1,2)', { a: '1' }, false],
    ['!a', { a: '1' }, false],
    ['tenantry.dev/tenant=x,app.kubernetes.io/name', { 'tenantry.dev/tenant': 'x' }, false],
  ])('%j on %j is %j', (text, labels, matches) => {
    expect(labelSelector(text)(labels)).toBe(matches);
  });

  it.each(['a=b c', '=', 'a in 1', 'a in (1', ',', 'a>1'])('refuses %j instead of selecting everything', (text) => {
    expect(() => labelSelector(text)).toThrow('unable to parse');
  });

  it('parses or refuses any text, and never hangs', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        try {
          labelSelector(text)({});
        } catch (error) {
          expect(String(error)).toContain('unable to parse');
        }
      }),
    );
  });
});

describe('a quantity', () => {
  it.each([
    ['500m', 0.5],
    ['2', 2],
    ['0.5', 0.5],
    ['1Ki', 1024],
    ['1Gi', 2 ** 30],
    ['1k', 1000],
  ])('%s is %d', (text, value) => expect(parseQuantity(text)).toBe(value));

  it.each(['', 'm', '1K', '-1', '1 Gi', '1e3x', '0x1'])('%j is none', (text) =>
    expect(parseQuantity(text)).toBeUndefined(),
  );
});
