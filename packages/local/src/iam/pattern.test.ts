import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileArnPattern } from './arn-pattern.ts';
import { compilePattern } from './pattern.ts';

const variable = (text: string): string => `\${${text}}`;
const none = () => undefined;
const wildcards = { wildcards: true, variables: true };

/** What wildcards mean, by a regular expression: slow on hostile input, and obvious. */
function oracle(pattern: string, value: string): boolean {
  const source = pattern
    .split('')
    .map((character) =>
      character === '*' ? '.*' : character === '?' ? '.' : `\\u{${character.charCodeAt(0).toString(16)}}`,
    )
    .join('');
  return new RegExp(`^${source}$`, 'su').test(value);
}

describe('wildcards', () => {
  test('mean what they mean in a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '/', '*', '?'), maxLength: 12 });
    fc.assert(
      fc.property(text, text, (pattern, value) => {
        expect(compilePattern(pattern, wildcards).matches(value, none)).toBe(oracle(pattern, value));
      }),
      { numRuns: 3000 },
    );
  });

  test('cost no more than the product of both lengths', () => {
    const pattern = compilePattern(`${'*a'.repeat(1000)}b`, wildcards);
    const started = performance.now();
    expect(pattern.matches('a'.repeat(20_000), none)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('are literal where the operator has none', () => {
    const pattern = compilePattern('a*', { wildcards: false, variables: true });
    expect(pattern.matches('ab', none)).toBe(false);
    expect(pattern.matches('a*', none)).toBe(true);
  });
});

describe('policy variables', () => {
  const lookup = (key: string) => ({ 'aws:PrincipalTag/TenantId': 'ten_a', star: '*' })[key];
  const matches = (pattern: string, value: string, find: (key: string) => string | undefined = lookup) =>
    compilePattern(pattern, wildcards).matches(value, find);

  test('stand for their value', () => {
    expect(matches(`t/${variable('aws:PrincipalTag/TenantId')}/*`, 't/ten_a/x')).toBe(true);
    expect(matches(`t/${variable('aws:PrincipalTag/TenantId')}/*`, 't/ten_b/x')).toBe(false);
  });

  test('match nothing without a value, not even themselves or an empty text', () => {
    const pattern = variable('aws:username');
    for (const value of ['', pattern, 'undefined', 'x']) expect(matches(pattern, value)).toBe(false);
    expect(matches(`*${pattern}`, 'x')).toBe(false);
  });

  test('fall back to their default', () => {
    const pattern = variable("aws:PrincipalTag/team, 'everybody'");
    expect(matches(pattern, 'everybody')).toBe(true);
    expect(matches(pattern, 'shop', () => 'shop')).toBe(true);
    expect(matches(pattern, 'everybody', () => 'shop')).toBe(false);
  });

  test('never bring wildcards or further variables in with their value', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (value, asked) => {
        expect(matches(variable('aws:PrincipalTag/x'), asked, () => value)).toBe(value === asked);
      }),
    );
    expect(matches(variable('aws:PrincipalTag/x'), 'anything', () => '*')).toBe(false);
    expect(matches(variable('aws:PrincipalTag/x'), 'ten_a', () => variable('aws:PrincipalTag/TenantId'))).toBe(false);
  });

  test('escape wildcards and the dollar', () => {
    expect(matches(`${variable('*')}${variable('?')}${variable('$')}`, '*?$')).toBe(true);
    expect(matches(variable('*'), 'x')).toBe(false);
  });

  test.each([[variable('aws:x').slice(0, -1)], [variable('')], [variable('nothing')], [variable("aws:x, 'y")]])(
    'are refused as %s',
    (pattern) => {
      expect(() => compilePattern(pattern, wildcards)).toThrow('variable');
    },
  );
});

describe('ARNs', () => {
  const matches = (pattern: string, value: string) => compileArnPattern(pattern, true).matches(value, () => 'a:b');

  test('are matched segment by segment', () => {
    expect(matches('arn:aws:s3:*:*:b/*', 'arn:aws:s3:::b/k')).toBe(true);
    expect(matches('arn:aws:s3:*:*:b/*', 'arn:aws:s3:::c/k')).toBe(false);
  });

  test('never let a wildcard of one segment reach into the next', () => {
    expect(
      matches('arn:aws:dynamodb:*:000000000000:table/T', 'arn:aws:dynamodb:us-east-1:111:000000000000:table/T'),
    ).toBe(false);
    expect(matches('arn:aws:states:us-east-1:0:execution:*', 'arn:aws:states:us-east-1:0:execution:machine:name')).toBe(
      true,
    );
  });

  test('may hold variables, whose value stays in its segment', () => {
    expect(matches(`arn:aws:s3:::b/${variable('aws:PrincipalTag/x')}`, 'arn:aws:s3:::b/a:b')).toBe(true);
  });

  test.each([['*x'], ['arn:aws:s3'], ['arn:aws:s3:::'], ['arn::s3:::b']])('are refused as %s', (pattern) => {
    expect(() => compileArnPattern(pattern, true)).toThrow('not an ARN');
  });
});
