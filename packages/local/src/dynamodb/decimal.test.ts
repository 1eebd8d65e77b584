import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDecimals, compareDecimals, formatDecimal, parseDecimal, sortableDecimal } from './decimal.ts';

const decimal = fc
  .record({
    negative: fc.boolean(),
    digits: fc.stringMatching(/^[0-9]{1,19}$/),
    exponent: fc.integer({ min: -60, max: 60 }),
  })
  .map(({ negative, digits, exponent }) => parseDecimal(`${negative ? '-' : ''}${digits}e${exponent}`));

describe('numbers', () => {
  test('have one plain notation, which reads back as the same number', () => {
    fc.assert(
      fc.property(decimal, (value) => {
        const text = formatDecimal(value);
        expect(text).toMatch(/^(0|-?(0|[1-9]\d*)(\.\d*[1-9])?)$/);
        expect(parseDecimal(text)).toEqual(value);
      }),
    );
  });

  test('sort as bytes as they compare', () => {
    fc.assert(
      fc.property(decimal, decimal, (left, right) => {
        expect(Math.sign(Buffer.compare(sortableDecimal(left), sortableDecimal(right)))).toBe(
          compareDecimals(left, right),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('of which one begins with the digits of another sort right on both sides of zero', () => {
    const ascending = ['-15', '-1.55', '-1.5', '-1', '-0.15', '-0.1', '0', '0.1', '0.15', '1', '1.5', '1.55', '15'];
    const bytes = ascending.map((text) => sortableDecimal(parseDecimal(text)));
    expect(bytes.toSorted(Buffer.compare)).toEqual(bytes);
  });

  test('add exactly', () => {
    const sum = (left: string, right: string) => formatDecimal(addDecimals(parseDecimal(left), parseDecimal(right)));
    expect(sum('0.1', '0.2')).toBe('0.3');
    expect(sum('99999999999999999999', '1')).toBe('100000000000000000000');
    expect(sum('-5', '5')).toBe('0');
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.bigInt({ min: 0n, max: 10n ** 30n }),
        (a, b) => {
          expect(sum(String(a), String(b))).toBe(String(a + b));
        },
      ),
    );
  });

  test.each([
    ['', 'cannot be converted to a numeric value'],
    ['.', 'cannot be converted to a numeric value'],
    ['1e', 'cannot be converted to a numeric value'],
    ['0x10', 'cannot be converted to a numeric value'],
    ['Infinity', 'cannot be converted to a numeric value'],
    ['1'.repeat(39), 'more than 38 significant digits'],
    ['1e126', 'larger than supported range'],
    ['1e-131', 'smaller than supported range'],
    ['1e999999', 'larger than supported range'],
  ])('%s is refused', (text, message) => {
    expect(() => parseDecimal(text)).toThrow(message);
  });
});
